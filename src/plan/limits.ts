// The safety limits: a plan that would change too much, or that meets too many conflicts, is refused before
// anything is sent. Pure.

import { OperationError } from '../errors.js';
import type { Limit } from '../job/limit.js';
import type { PlanCounts } from './plan.js';

export interface Limits {
  readonly maxChanges: Limit;
  readonly maxConflicts: Limit;
  readonly maxDestructive: Limit;
}

/**
 * How many of `rows` a limit allows. A share is rounded up, so that 5 % of a small job still allows one row.
 *
 * @example
 * allowedRows({ kind: 'share', share: 0.05 }, 30); // 2
 */
export function allowedRows(limit: Limit, rows: number): number {
  if (limit.kind === 'count') return limit.count;
  // Against the binary fraction: 0.07 * 100 is 7.000000000000001, and must not allow eight.
  return Math.ceil(Number((limit.share * rows).toFixed(6)));
}

function show(limit: Limit): string {
  return limit.kind === 'count' ? String(limit.count) : `${Number((limit.share * 100).toFixed(4))}%`;
}

/**
 * Refuses a plan that is over a limit.
 *
 * @throws {OperationError} `limit-exceeded`, naming the figures and how to override.
 */
export function checkLimits(counts: PlanCounts, limits: Limits): void {
  check('maxChanges', 'The plan would change', counts.changed, limits.maxChanges, counts.rows);
  const takesAway = 'The plan would take back or delete the tokens of';
  check('maxDestructive', takesAway, counts.destructive, limits.maxDestructive, counts.rows);
  check('maxConflicts', 'The tenant contradicts', counts.conflicts, limits.maxConflicts, counts.rows);
}

function check(key: keyof Limits, doing: string, found: number, limit: Limit, rows: number): void {
  const most = allowedRows(limit, rows);
  if (found <= most) return;
  const percent = rows === 0 ? 0 : Math.round((found / rows) * 1_000) / 10;
  throw new OperationError({
    code: 'limit-exceeded',
    what: `${doing} ${found} of ${rows} rows (${percent}%); limits.${key} is ${show(limit)}, which allows ${most}.`,
    data: 'Nothing was sent.',
    next: `Look at it with "oathbatch plan"; if it is meant, raise limits.${key} in the job file or give --set limits.${key}=${found}.`,
  });
}
