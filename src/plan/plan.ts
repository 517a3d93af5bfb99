// Compares what the files ask for with what the tenant holds, and says what to change. Pure: the same input
// gives the same plan, on which `oathbatch apply` relies.

import type { Rows } from '../compact/rows.js';
import type { DesiredRow, DesiredRows, RowAddress } from '../manifest/row.js';
import type { Observed } from '../tenant/observed.js';
import type { ActionKind, ActionTarget } from './action.js';
import { decide, type EarlyVerdict } from './decide.js';
import { unlistedRows } from './exact.js';
import { plainRows } from './plain-courses.js';
import {
  type Course,
  type PlainRows,
  type PlannedParts,
  PlannedRows,
  type TenantIds,
} from './planned-rows.js';
import { NOTHING_SPECIAL, type PlanRules } from './rules.js';
import { type AlreadySo, type Expectation, type Step, TenantView } from './way.js';
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

/** Rows of a plan, of which the plain ones may be told by numbers to those who have the tenant's ids. */
export type PlanRows = Rows<PlannedRow> & {
  readonly parts?: PlannedParts;
  plain?(tenant: TenantIds): PlainRows | undefined;
};

export interface Plan {
  readonly rows: PlanRows;
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
export function makePlan(rows: DesiredRows, observed: Observed, rules: PlanRules = NOTHING_SPECIAL): Plan {
  const tenant = new TenantView(observed);
  const planned = new PlannedRows(rows, observed.devices);
  const plainAt = plainRows(rows, observed, rules);
  for (let n = 0; n < rows.length; n += 1) {
    const plain = plainAt(n);
    const row = plain === undefined ? rows.at(n) : undefined;
    if (plain !== undefined) planned.pushPlain(plain);
    else if (row !== undefined) planned.push(planRow(row, tenant, rules), row);
  }
  if (rules.mode === 'exact') for (const row of unlistedRows(rows, observed)) planned.push(row, undefined);
  return { rows: planned };
}

export function countPlan(plan: Plan): PlanCounts {
  const counts = {
    rows: plan.rows.length,
    ...{ create: 0, assign: 0, activate: 0, unassign: 0, delete: 0, destructive: 0 },
    ...{ changed: 0, already: 0, conflicts: 0, invalid: 0 },
  };
  for (const [{ actions, already, decided }, count] of courses(plan.rows)) {
    for (const kind of new Set(actions)) counts[kind] += count;
    if (actions.includes('unassign') || actions.includes('delete')) counts.destructive += count;
    if (actions.length > 0) counts.changed += count;
    if (already !== undefined) counts.already += count;
    if (decided?.verdict === 'conflict') counts.conflicts += count;
    if (decided?.verdict === 'invalid') counts.invalid += count;
  }
  return counts;
}

/** How many rows take each course. */
function* courses(rows: Plan['rows']): Generator<readonly [course: Course, count: number], void> {
  if (rows instanceof PlannedRows) yield* rows.eachCourse();
  else for (const row of rows) yield [row, 1];
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
  const { n, address, serialNumber } = row;
  const { user: name, userId, deviceId } = base;
  // Literals that are whole: objects that are put together from parts take three times as long.
  if (steps.length === 0) {
    return { n, address, serialNumber, user: name, userId, deviceId, expect, actions: NOTHING, already };
  }
  const actions = shared(steps);
  const plain = { n, address, serialNumber, user: name, userId, deviceId, expect, actions };
  if (steps.every(({ target }) => target === undefined)) return plain;
  return { ...plain, targets: steps.map(({ target }) => target ?? null) };
}

const NOTHING: readonly ActionKind[] = [];

/** The usual lists of actions, once: a million rows share them. */
const USUAL: readonly (readonly ActionKind[])[] = [['assign'], ['create'], ['create', 'assign']];

function shared(steps: readonly Step[]): readonly ActionKind[] {
  const same = (list: readonly ActionKind[]): boolean =>
    list.length === steps.length && list.every((action, i) => action === steps[i]?.kind);
  return USUAL.find(same) ?? steps.map(({ kind }) => kind);
}
