// Findings about the accounts that hold tokens: disabled, or not there any more. Pure; who has to be looked up for
// them is said here, and looked up elsewhere.

import { userKey } from '../lookup-key.js';
import type { Device } from '../tenant/observed.js';
import { at, type FindingInput, type Placed, placed } from './finding-input.js';
import type { Finding } from './verdict.js';

/** The tokens whose holders matter: those of the rows; with a complete list, all. */
function devicesInQuestion(
  rows: readonly Placed[],
  { devices, unlisted }: Pick<FindingInput, 'devices' | 'unlisted'>,
): readonly Device[] {
  if (unlisted) return [...devices.values()].flat();
  return rows.flatMap(({ device }) => device ?? []);
}

/**
 * Object ids of holders whom no row names: whether their accounts are there and enabled is not known until they
 * are looked up.
 */
export function holdersToLookUp(
  input: Pick<FindingInput, 'rows' | 'devices' | 'users' | 'unlisted'>,
): ReadonlySet<string> {
  const named = new Set([...input.users.values()].flatMap((user) => user?.id ?? []));
  const holders = devicesInQuestion(placed(input), input).flatMap(({ assignedToId }) => assignedToId ?? []);
  return new Set(holders.filter((id) => !named.has(id)));
}

/** Tokens whose holders are disabled or gone: those that the rows name, then the others. */
export function holderFindings(rows: readonly Placed[], input: FindingInput): readonly Finding[] {
  return [...rows.flatMap((one) => namedHolder(one, input)), ...otherHolders(rows, input)];
}

function namedHolder({ row, userId, device }: Placed, { users }: FindingInput): readonly Finding[] {
  const user = row.user === undefined ? undefined : users.get(userKey(row.user));
  if (user?.accountEnabled !== false || device?.assignedToId !== userId) return [];
  return [disabled(at(row, device), userId, row.user ?? '')];
}

function otherHolders(rows: readonly Placed[], input: FindingInput): readonly Finding[] {
  const places = new Map(
    rows.flatMap(({ row, device }) => (device === undefined ? [] : [[device.id, row] as const])),
  );
  return devicesInQuestion(rows, input).flatMap((device): readonly Finding[] => {
    const { assignedToId: userId } = device;
    if (userId === undefined || !input.holders.has(userId)) return [];
    const holder = input.holders.get(userId);
    const row = places.get(device.id);
    const about =
      row === undefined ? { serialNumber: device.serialNumber, deviceId: device.id } : at(row, device);
    if (holder === undefined) return [gone(about, userId)];
    return holder.accountEnabled === false ? [disabled(about, userId, holder.userPrincipalName)] : [];
  });
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
