// The way back from a plan, as lines of an assignments file: what it creates is deleted, and what it assigns is
// taken back. Pure. An activation needs no line of its own, and a token that was deleted has no way back.

import type { Plan, PlannedRow } from './plan.js';
import { notableRows } from './planned-rows.js';

/** The columns of the lines. */
export const ROLLBACK_COLUMNS = ['serial number', 'user', 'action'] as const;

/** A line for each row of which the plan can be taken back; rows that were so before are left as they were. */
export function* rollbackLines(plan: Plan): Generator<readonly [string, string, string], void> {
  for (const row of notableRows(plan.rows)) {
    const action = wayBack(row);
    if (action !== undefined) yield [row.serialNumber, row.user, action];
  }
}

function wayBack({ actions }: PlannedRow): 'delete' | 'unassign' | undefined {
  if (actions.includes('delete')) return undefined;
  if (actions.includes('create')) return 'delete';
  return actions.includes('assign') ? 'unassign' : undefined;
}
