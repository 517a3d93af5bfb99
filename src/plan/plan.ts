// Compares what the files ask for with what the tenant holds, and says what to change. Pure: the same input
// gives the same plan, on which `oathbatch apply` relies.

import { serialKey, userKey } from '../lookup-key.js';
import type { DesiredRow, RowAddress } from '../manifest/row.js';
import type { Device, Observed, User } from '../tenant/observed.js';

export type ActionKind = 'create' | 'assign';

/** What the tenant shall show of a row at the end. */
export type Expectation = 'assigned' | 'in-inventory';

/** A row that is decided before anything is sent. */
export interface EarlyVerdict {
  readonly verdict: 'conflict' | 'invalid';
  readonly reason: string;
  readonly detail: string;
  readonly next: string;
}

/** One row of the plan. It holds no secret, so that it can be written to a file. */
export interface PlannedRow {
  readonly n: number;
  readonly address: RowAddress;
  readonly serialNumber: string;
  /** As it stands in the file; empty when the row names nobody. */
  readonly user: string;
  readonly userId: string;
  /** The token's id in the tenant, when it is there already. */
  readonly deviceId: string;
  readonly expect: Expectation;
  /** In the order in which they are carried out; none when the tenant is as it should be. */
  readonly actions: readonly ActionKind[];
  /** What the tenant showed of the row before the run, when that is as it should be. */
  readonly already?: AlreadySo;
  readonly decided?: EarlyVerdict;
}

/** How a row can be as it should be before anything was done. */
export type AlreadySo = 'activated' | 'assigned' | 'in-inventory';

export interface Plan {
  readonly rows: readonly PlannedRow[];
}

/** How many rows each thing happens to. */
export interface PlanCounts {
  readonly rows: number;
  readonly create: number;
  readonly assign: number;
  /** Rows with at least one action. */
  readonly changed: number;
  readonly already: number;
  readonly conflicts: number;
  readonly invalid: number;
}

export function makePlan(rows: readonly DesiredRow[], observed: Observed): Plan {
  return { rows: rows.map((row) => planRow(row, observed)) };
}

export function countPlan(plan: Plan): PlanCounts {
  const count = (test: (row: PlannedRow) => boolean): number => plan.rows.filter(test).length;
  return {
    rows: plan.rows.length,
    create: count((row) => row.actions.includes('create')),
    assign: count((row) => row.actions.includes('assign')),
    changed: count((row) => row.actions.length > 0),
    already: count((row) => row.already !== undefined),
    conflicts: count((row) => row.decided?.verdict === 'conflict'),
    invalid: count((row) => row.decided?.verdict === 'invalid'),
  };
}

function planRow(row: DesiredRow, observed: Observed): PlannedRow {
  const devices = observed.devices.get(serialKey(row.serialNumber)) ?? [];
  const user = row.user === undefined ? undefined : observed.users.get(userKey(row.user));
  const base = {
    n: row.n,
    address: row.address,
    serialNumber: row.serialNumber,
    user: row.user ?? '',
    userId: user?.id ?? '',
    deviceId: devices[0]?.id ?? '',
    expect: row.user === undefined ? ('in-inventory' as const) : ('assigned' as const),
  };
  const decided = decide(row, devices, user);
  if (decided !== undefined)
    return { ...base, deviceId: devices.length === 1 ? base.deviceId : '', actions: [], decided };
  const actions = actionsFor(row, devices[0]);
  return actions.length > 0
    ? { ...base, actions }
    : { ...base, actions, already: alreadySo(row, devices[0]) };
}

function alreadySo(row: DesiredRow, device: Device | undefined): AlreadySo {
  if (row.user === undefined) return 'in-inventory';
  return device?.status === 'activated' ? 'activated' : 'assigned';
}

function actionsFor(row: DesiredRow, device: Device | undefined): readonly ActionKind[] {
  const actions: ActionKind[] = [];
  if (device === undefined) actions.push('create');
  if (row.user !== undefined && device?.assignedToId === undefined) actions.push('assign');
  return actions;
}

/** What stands against a row, if anything does. */
function decide(
  row: DesiredRow,
  devices: readonly Device[],
  user: User | undefined,
): EarlyVerdict | undefined {
  if (row.invalid !== undefined) {
    return {
      verdict: 'invalid',
      reason: row.invalid.reason,
      detail: sentence(row.invalid.detail),
      next: 'Mend the line and run the job again; the rows that are done are not touched.',
    };
  }
  const [device, ...others] = devices;
  if (others.length > 0) {
    return {
      verdict: 'conflict',
      reason: 'serial-ambiguous',
      detail: `The tenant holds ${devices.length} tokens with this serial number.`,
      next: 'Delete the wrong ones from the inventory, then run the job again.',
    };
  }
  if (row.user !== undefined && user === undefined) {
    return {
      verdict: 'invalid',
      reason: 'user-not-found',
      detail: `The tenant has no user ${row.user}${where(row)}.`,
      next: 'Correct the user in the list, or create the account, then run the job again.',
    };
  }
  if (user?.isGuest === true) {
    return {
      verdict: 'invalid',
      reason: 'user-is-guest',
      detail: `${row.user ?? ''} is a guest; Entra gives hardware tokens to members only${where(row)}.`,
      next: 'Name a member of this tenant, then run the job again.',
    };
  }
  if (device === undefined && row.token === undefined) {
    return {
      verdict: 'invalid',
      reason: 'token-not-found',
      detail: 'The serial number stands in no manifest, and the tenant has no such token.',
      next: 'Add the manifest that this token came in, or correct the serial number.',
    };
  }
  if (user !== undefined && device?.assignedToId !== undefined && device.assignedToId !== user.id) {
    return {
      verdict: 'conflict',
      reason: 'held-by-other',
      detail: `The token is held by another user (${device.assignedToId}), ${device.status}.`,
      next: 'Find out who has it in hand; take it back from that user before it is given to this one.',
    };
  }
  return undefined;
}

/** What the manifest stage says about a line is a clause, to stand behind the line's address. */
function sentence(clause: string): string {
  const text = clause.replace(/^./u, (first) => first.toUpperCase());
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function where(row: DesiredRow): string {
  const address = row.userAddress;
  return address === undefined ? '' : ` (${address.file}:${address.line})`;
}
