// The words for the way of a row (its steps, and what lists must show in the end), and the tenant as rows look at
// it. Pure. Which way a row goes is in ways.ts and take-back.ts; what stands against it, in decide.ts.

import { serialKey, userKey } from '../lookup-key.js';
import type { DesiredRow } from '../manifest/row.js';
import type { HeldToken } from '../tenant/methods.js';
import type { Device, Observed } from '../tenant/observed.js';
import type { ActionKind, ActionTarget } from './action.js';
import type { Seen } from './decide.js';
import type { PlanRules } from './rules.js';

/**
 * What the tenant shall show of a row at the end.
 *
 * - `in-inventory`: the token is there, whoever holds it.
 * - `returned`: it is there and nobody holds it; for a leaver, that user holds none any more.
 * - `absent`: it is not there.
 */
export const EXPECTATIONS = ['assigned', 'activated', 'in-inventory', 'returned', 'absent'] as const;

export type Expectation = (typeof EXPECTATIONS)[number];

/** How a row can be as it should be before anything was done. */
export const ALREADY_SO = ['activated', 'assigned', 'in-inventory', 'deleted'] as const;

export type AlreadySo = (typeof ALREADY_SO)[number];

export interface Step {
  readonly kind: ActionKind;
  /** Left out for the row's own token and user. */
  readonly target?: ActionTarget;
}

export interface Way {
  readonly steps: readonly Step[];
  readonly expect: Expectation;
  /** What the row is when there is no step. */
  readonly already: AlreadySo;
}

/** The tenant, as rows look at it. */
export class TenantView {
  readonly #observed: Observed;
  #held: ReadonlyMap<string, readonly Device[]> | undefined;

  constructor(observed: Observed) {
    this.#observed = observed;
  }

  /** A row with everything that the tenant shows of it. */
  look(row: DesiredRow, rules: PlanRules): Seen {
    const activates = isToActivate(row, rules);
    return {
      row,
      rules,
      devices: row.action === 'leave' ? [] : this.withSerial(row.serialNumber),
      user: row.user === undefined ? undefined : this.#observed.users.get(userKey(row.user)),
      activates,
      expect: expectation(row, activates),
      tenant: this,
    };
  }

  withSerial(serialNumber: string): readonly Device[] {
    return this.#observed.devices.get(serialKey(serialNumber)) ?? [];
  }

  /** The tokens that the user's own list shows; none when nobody asked. */
  methodsOf(userId: string): readonly HeldToken[] {
    return this.#observed.methods?.get(userId) ?? [];
  }

  /** The tokens of the inventory that a user holds. */
  heldBy(userId: string): readonly Device[] {
    this.#held ??= byHolder(this.#observed);
    return this.#held.get(userId) ?? [];
  }
}

function byHolder({ devices }: Observed): ReadonlyMap<string, readonly Device[]> {
  const held = new Map<string, Device[]>();
  for (const device of [...devices.values()].flat()) {
    if (device.assignedToId === undefined) continue;
    const known = held.get(device.assignedToId);
    if (known === undefined) held.set(device.assignedToId, [device]);
    else known.push(device);
  }
  return held;
}

/** Whether this program, and not the holder, is to activate the token of a row. */
function isToActivate(row: DesiredRow, rules: PlanRules): boolean {
  if (row.user === undefined || !givesToken(row)) return false;
  switch (row.activation ?? rules.activation) {
    case 'user':
      return false;
    case 'computed':
      return true;
    case 'codes':
      // The others have not read out their codes yet: they are assigned, and wait.
      return row.code !== undefined;
  }
}

/** Whether a row brings a token to somebody, or into the inventory. */
export function givesToken({ action }: DesiredRow): boolean {
  return action === undefined || action === 'replace' || action === 'recreate';
}

function expectation(row: DesiredRow, activates: boolean): Expectation {
  if (row.action === 'delete') return 'absent';
  if (!givesToken(row)) return 'returned';
  if (row.user === undefined) return 'in-inventory';
  return activates ? 'activated' : 'assigned';
}

/** The steps by which a token that is in the inventory comes to the row's user. */
export function givingSteps({ devices, user, activates }: Seen): readonly Step[] {
  const [device] = devices;
  const isHeld = device?.assignedToId !== undefined && device.assignedToId === user?.id;
  return [
    ...(isHeld ? [] : [{ kind: 'assign' } as const]),
    ...(activates && !(isHeld && device.status === 'activated') ? [{ kind: 'activate' } as const] : []),
  ];
}

export function alreadyHeld(device: Device | undefined): AlreadySo {
  return device?.status === 'activated' ? 'activated' : 'assigned';
}
