// Compares what the files ask for with what the tenant holds, and says what to change. Pure: the same input
// gives the same plan, on which `oathbatch apply` relies.

import type { DesiredRow, RowAddress } from '../manifest/row.js';
import type { Observed } from '../tenant/observed.js';
import type { ActionKind, ActionTarget } from './action.js';
import { decide, type EarlyVerdict } from './decide.js';
import { unlistedRows } from './exact.js';
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
  readonly rows: readonly PlannedRow[];
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
  rows: readonly DesiredRow[],
  observed: Observed,
  rules: PlanRules = NOTHING_SPECIAL,
): Plan {
  const tenant = new TenantView(observed);
  const planned = rows.map((row) => planRow(row, tenant, rules));
  return { rows: rules.mode === 'exact' ? [...planned, ...unlistedRows(rows, observed)] : planned };
}

export function countPlan(plan: Plan): PlanCounts {
  const count = (test: (row: PlannedRow) => boolean): number => plan.rows.filter(test).length;
  const having = (kind: ActionKind): number => count((row) => row.actions.includes(kind));
  return {
    rows: plan.rows.length,
    create: having('create'),
    assign: having('assign'),
    activate: having('activate'),
    unassign: having('unassign'),
    delete: having('delete'),
    destructive: count(({ actions }) => actions.includes('unassign') || actions.includes('delete')),
    changed: count((row) => row.actions.length > 0),
    already: count((row) => row.already !== undefined),
    conflicts: count((row) => row.decided?.verdict === 'conflict'),
    invalid: count((row) => row.decided?.verdict === 'invalid'),
  };
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
  const targets = steps.map(({ target }) => target ?? null);
  return {
    ...base,
    expect,
    actions: steps.map(({ kind }) => kind),
    ...(targets.some((target) => target !== null) ? { targets } : {}),
    ...(steps.length === 0 ? { already } : {}),
  };
}
