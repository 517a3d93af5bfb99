// Compares what the files ask for with what the tenant holds, and says what to change. Pure: the same input
// gives the same plan, on which `oathbatch apply` relies.

import type { Rows } from '../compact/rows.js';
import type { DesiredRow, RowAddress } from '../manifest/row.js';
import type { Observed } from '../tenant/observed.js';
import type { ActionKind, ActionTarget } from './action.js';
import { decide, type EarlyVerdict } from './decide.js';
import { unlistedRows } from './exact.js';
import { PlannedRows } from './planned-rows.js';
import { NOTHING_SPECIAL, type PlanRules } from './rules.js';
import { type AlreadySo, type Expectation, TenantView } from './way.js';
import { wayOf } from './ways.js';

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
  /**
   * What each action is about; `null` for the row's own token and user. Left out when all of them are about
   * those.
   */
  readonly targets?: readonly (ActionTarget | null)[];
  /** What the tenant showed of the row before the run, when that is as it should be. */
  readonly already?: AlreadySo;
  readonly decided?: EarlyVerdict;
}

export interface Plan {
  readonly rows: Rows<PlannedRow>;
}

/** How many rows each thing happens to. */
export interface PlanCounts {
  readonly rows: number;
  readonly create: number;
  readonly assign: number;
  readonly activate: number;
  readonly unassign: number;
  readonly delete: number;
  /** Rows that take something away. */
  readonly destructive: number;
  /** Rows with at least one action. */
  readonly changed: number;
  readonly already: number;
  readonly conflicts: number;
  readonly invalid: number;
}

/**
 * The plan for the rows of a job. With `mode: exact`, holders whom no row knows make further rows, behind those
 * of the files.
 */
export function makePlan(
  rows: Rows<DesiredRow>,
  observed: Observed,
  rules: PlanRules = NOTHING_SPECIAL,
): Plan {
  const tenant = new TenantView(observed);
  const planned = new PlannedRows(rows);
  for (const row of rows) planned.push(planRow(row, tenant, rules), row);
  if (rules.mode === 'exact') for (const row of unlistedRows(rows, observed)) planned.push(row, undefined);
  return { rows: planned };
}

export function countPlan(plan: Plan): PlanCounts {
  const counts = {
    rows: plan.rows.length,
    ...{ create: 0, assign: 0, activate: 0, unassign: 0, delete: 0, destructive: 0 },
    ...{ changed: 0, already: 0, conflicts: 0, invalid: 0 },
  };
  for (const { actions, already, decided } of plan.rows) {
    for (const kind of new Set(actions)) counts[kind] += 1;
    if (actions.includes('unassign') || actions.includes('delete')) counts.destructive += 1;
    if (actions.length > 0) counts.changed += 1;
    if (already !== undefined) counts.already += 1;
    if (decided?.verdict === 'conflict') counts.conflicts += 1;
    if (decided?.verdict === 'invalid') counts.invalid += 1;
  }
  return counts;
}

function planRow(row: DesiredRow, tenant: TenantView, rules: PlanRules): PlannedRow {
  const seen = tenant.look(row, rules);
  const { devices, user } = seen;
  const base = {
    n: row.n,
    address: row.address,
    serialNumber: row.serialNumber,
    user: row.user ?? '',
    userId: user?.id ?? '',
    deviceId: devices[0]?.id ?? '',
  };
  const way = decide(seen) ?? wayOf(seen);
  if ('verdict' in way) {
    const deviceId = devices.length === 1 ? base.deviceId : '';
    return { ...base, deviceId, expect: seen.expect, actions: [], decided: way };
  }
  const { steps, expect, already } = way;
  // One literal after the other: objects that are put together from several take three times the memory.
  const plain = { ...base, expect, actions: shared(steps.map(({ kind }) => kind)) };
  const targets = steps.map(({ target }) => target ?? null);
  const planned = targets.some((target) => target !== null) ? { ...plain, targets } : plain;
  return steps.length === 0 ? { ...planned, already } : planned;
}

/** The usual lists of actions, once: a million rows share them. */
const USUAL: readonly (readonly ActionKind[])[] = [[], ['assign'], ['create'], ['create', 'assign']];

function shared(actions: readonly ActionKind[]): readonly ActionKind[] {
  const same = (list: readonly ActionKind[]): boolean =>
    list.length === actions.length && list.every((action, i) => action === actions[i]);
  return USUAL.find(same) ?? actions;
}
