// The way back from a plan, as lines of an assignments file: what it creates is deleted, and what it assigns is
// taken back. Pure. An activation needs no line of its own, and a token that was deleted has no way back.

import type { Plan, PlannedRow } from './plan.js';

/** The columns of the lines. */
export const ROLLBACK_COLUMNS = ['serial number', 'user', 'action'] as const;

/** A line for each row of which the plan can be taken back; rows that were so before are left as they were. */
export function rollbackLines(plan: Plan): readonly (readonly [string, string, string])[] {
  return plan.rows.flatMap((row) => {
    const action = wayBack(row);
    return action === undefined ? [] : [[row.serialNumber, row.user, action] as const];
  });
}

function wayBack({ actions }: PlannedRow): 'delete' | 'unassign' | undefined {
  if (actions.includes('delete')) return undefined;
  if (actions.includes('create')) return 'delete';
  return actions.includes('assign') ? 'unassign' : undefined;
}
