// Findings about the accounts that hold tokens: disabled, or not there any more. Pure; who has to be looked up for
// them is said here, and looked up elsewhere.

import type { DesiredRow } from '../manifest/row.js';
import type { Device } from '../tenant/observed.js';
import { at, type FindingInput, type Placed, placed } from './finding-input.js';
import type { Finding } from './verdict.js';

type InQuestion = Pick<FindingInput, 'rows' | 'devices' | 'users' | 'unlisted' | 'ordinary'>;

/** The tokens whose holders matter: those of the rows; with a complete list, all. */
function* devicesInQuestion(input: InQuestion): Generator<Device, void> {
  if (input.unlisted) {
    for (const tokens of input.devices.values()) yield* tokens;
    return;
  }
  for (const { device } of placed(input)) if (device !== undefined) yield device;
}

/**
 * Object ids of holders whom no row names: whether their accounts are there and enabled is not known until they
 * are looked up.
 */
export function holdersToLookUp(input: InQuestion): ReadonlySet<string> {
  const others = new Set<string>();
  if (input.unlisted) {
    const unknown = holdersNotFound(input);
    if (unknown !== undefined) return unknown;
    for (const { assignedToId: id } of devicesInQuestion(input)) if (id !== undefined) others.add(id);
  } else {
    // The user whom a row names was looked up for it.
    for (const { device, userId } of placed(input, (n) => input.ordinary?.at(n) !== undefined)) {
      const holder = device?.assignedToId;
      if (holder !== undefined && holder !== userId) others.add(holder);
    }
  }
  if (others.size === 0) return others;
  for (const user of input.users.values()) if (user !== undefined) others.delete(user.id);
  return others;
}

/** Of all holders those who were not found among the users, by numbers; `undefined` where there are none. */
function holdersNotFound({ devices, users }: InQuestion): ReadonlySet<string> | undefined {
  const { places: tokens, people } = devices;
  if (tokens === undefined || people === undefined || users.places?.people !== people) return undefined;
  const found = users.places.peopleFound();
  const others = new Set<string>();
  for (const position of tokens.positions()) {
    const holder = tokens.holderAt(position);
    if (holder >= 0 && found.at(holder) === 0) others.add(people.at(holder));
  }
  return others;
}

/** A token whose row names its holder, and the account is disabled. */
export function namedHolder({ row, userId, user, device }: Placed): readonly Finding[] {
  if (user?.accountEnabled !== false || device?.assignedToId !== userId) return [];
  return [disabled(at(row, device), userId, row.user ?? '')];
}

/** Tokens held by accounts that no row names, and that are disabled or gone. */
export function otherHolders(input: FindingInput): readonly Finding[] {
  if (input.holders.size === 0) return [];
  const places = new Map<string, DesiredRow>();
  for (const { row, device } of placed(input)) {
    if (device?.assignedToId !== undefined && input.holders.has(device.assignedToId))
      places.set(device.id, row);
  }
  const findings: Finding[] = [];
  for (const device of devicesInQuestion(input)) {
    const { assignedToId: userId } = device;
    if (userId === undefined || !input.holders.has(userId)) continue;
    const holder = input.holders.get(userId);
    const row = places.get(device.id);
    const about =
      row === undefined ? { serialNumber: device.serialNumber, deviceId: device.id } : at(row, device);
    if (holder === undefined) findings.push(gone(about, userId));
    else if (holder.accountEnabled === false) {
      findings.push(disabled(about, userId, holder.userPrincipalName));
    }
  }
  return findings;
}

type About = Pick<Finding, 'serialNumber' | 'deviceId'>;

export function disabled(about: About, userId: string, name: string): Finding {
  return {
    ...about,
    kind: 'holder-disabled',
    userId,
    detail: `The account of the holder, ${name}, is disabled.`,
    next: 'If the person has left, take the token back; else enable the account.',
  };
}

export function gone(about: About, userId: string): Finding {
  return {
    ...about,
    kind: 'holder-gone',
    userId,
    detail: `The inventory says that ${userId} holds this token, and the tenant has no such account.`,
    next: 'Look among the deleted users: restore the account, or delete the token and create it again.',
  };
}
