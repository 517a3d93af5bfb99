// Compares what the files ask for with what the tenant holds, and says what to change. Pure: the same input
// gives the same plan, on which `oathbatch apply` relies.

import { serialKey, userKey } from '../lookup-key.js';
import type { Activation, DesiredRow, RowAddress } from '../manifest/row.js';
import type { Device, Observed } from '../tenant/observed.js';
import type { ActionKind, ActionTarget } from './action.js';
import { decide, type EarlyVerdict } from './decide.js';

/** What the tenant shall show of a row at the end. */
export const EXPECTATIONS = ['assigned', 'activated', 'in-inventory'] as const;

export type Expectation = (typeof EXPECTATIONS)[number];

/** What a job asks of every row, unless the row says otherwise. */
export interface PlanRules {
  readonly activation: Activation;
}

const NOTHING_SPECIAL: PlanRules = { activation: 'user' };

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
  /** What each action is about; left out when all of them are about the row's own token and user. */
  readonly targets?: readonly ActionTarget[];
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
  readonly activate: number;
  /** Rows with at least one action. */
  readonly changed: number;
  readonly already: number;
  readonly conflicts: number;
  readonly invalid: number;
}

export function makePlan(
  rows: readonly DesiredRow[],
  observed: Observed,
  rules: PlanRules = NOTHING_SPECIAL,
): Plan {
  return { rows: rows.map((row) => planRow(row, observed, rules)) };
}

export function countPlan(plan: Plan): PlanCounts {
  const count = (test: (row: PlannedRow) => boolean): number => plan.rows.filter(test).length;
  return {
    rows: plan.rows.length,
    create: count((row) => row.actions.includes('create')),
    assign: count((row) => row.actions.includes('assign')),
    activate: count((row) => row.actions.includes('activate')),
    changed: count((row) => row.actions.length > 0),
    already: count((row) => row.already !== undefined),
    conflicts: count((row) => row.decided?.verdict === 'conflict'),
    invalid: count((row) => row.decided?.verdict === 'invalid'),
  };
}

function planRow(row: DesiredRow, observed: Observed, rules: PlanRules): PlannedRow {
  const devices = observed.devices.get(serialKey(row.serialNumber)) ?? [];
  const user = row.user === undefined ? undefined : observed.users.get(userKey(row.user));
  const [device] = devices;
  const activates = isToActivate(row, rules);
  const base = {
    n: row.n,
    address: row.address,
    serialNumber: row.serialNumber,
    user: row.user ?? '',
    userId: user?.id ?? '',
    deviceId: device?.id ?? '',
    expect: expectation(row, activates),
  };
  const decided = decide({ row, devices, user, activates });
  if (decided !== undefined)
    return { ...base, deviceId: devices.length === 1 ? base.deviceId : '', actions: [], decided };
  const actions = stepsFor(row, device, activates);
  return actions.length > 0 ? { ...base, actions } : { ...base, actions, already: alreadySo(row, device) };
}

/** Whether this program, and not the holder, is to activate the token of a row. */
function isToActivate(row: DesiredRow, rules: PlanRules): boolean {
  if (row.user === undefined) return false;
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

function expectation(row: DesiredRow, activates: boolean): Expectation {
  if (row.user === undefined) return 'in-inventory';
  return activates ? 'activated' : 'assigned';
}

function alreadySo(row: DesiredRow, device: Device | undefined): AlreadySo {
  if (row.user === undefined) return 'in-inventory';
  return device?.status === 'activated' ? 'activated' : 'assigned';
}

function stepsFor(row: DesiredRow, device: Device | undefined, activates: boolean): readonly ActionKind[] {
  const steps: ActionKind[] = [];
  if (device === undefined) steps.push('create');
  if (row.user !== undefined && device?.assignedToId === undefined) steps.push('assign');
  if (activates && device?.status !== 'activated') steps.push('activate');
  return steps;
}
