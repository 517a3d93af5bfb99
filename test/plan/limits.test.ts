// The safety limits: what is refused, with which figures, and how to override it.

import { describe, expect, it } from 'vitest';
import type { Limit } from '../../src/job/limit.js';
import { allowedRows, checkLimits } from '../../src/plan/limits.js';
import type { PlanCounts } from '../../src/plan/plan.js';

const share = (percent: number): Limit => ({ kind: 'share', share: percent / 100 });
const count = (most: number): Limit => ({ kind: 'count', count: most });
const ALL = share(100);

function counts(rows: number, changed: number, conflicts = 0, destructive = 0): PlanCounts {
  return {
    rows,
    changed,
    conflicts,
    activate: 0,
    unassign: 0,
    delete: 0,
    create: changed,
    assign: 0,
    already: 0,
    invalid: 0,
    destructive,
  };
}

describe('a limit allows', () => {
  it.each([
    [count(5), 1_000, 5],
    [count(0), 1_000, 0],
    [share(100), 37, 37],
    [share(0), 37, 0],
    [share(5), 30, 2],
    [share(5), 1, 1],
    [share(5), 20, 1],
    [share(5), 21, 2],
    // 0.07 * 100 is 7.000000000000001, and 0.29 * 100 is 28.999999999999996.
    [share(7), 100, 7],
    [share(29), 100, 29],
    [share(0.1), 1_000, 1],
    [share(5), 0, 0],
  ])('%j of %i rows: %i', (limit, rows, allowed) => {
    expect(allowedRows(limit, rows)).toBe(allowed);
  });
});

describe('a plan', () => {
  it.each([
    [
      'that changes exactly as much as it may',
      counts(100, 30),
      { maxChanges: share(30), maxConflicts: ALL, maxDestructive: ALL },
    ],
    [
      'that meets exactly as many conflicts as it may',
      counts(100, 0, 5),
      { maxChanges: ALL, maxConflicts: count(5), maxDestructive: ALL },
    ],
    ['of no rows', counts(0, 0), { maxChanges: count(0), maxConflicts: count(0), maxDestructive: ALL }],
    [
      'that changes nothing, where nothing may change',
      counts(9, 0),
      { maxChanges: share(0), maxConflicts: share(0), maxDestructive: ALL },
    ],
  ])('%s passes', (_what, found, limits) => {
    expect(() => checkLimits(found, limits)).not.toThrow();
  });

  it('that changes one row too many is refused, with its figures and the way round', () => {
    expect(() =>
      checkLimits(counts(120, 37), { maxChanges: share(30), maxConflicts: ALL, maxDestructive: ALL }),
    ).toThrow(
      expect.objectContaining({
        code: 'limit-exceeded',
        exitCode: 4,
        message: 'The plan would change 37 of 120 rows (30.8%); limits.maxChanges is 30%, which allows 36.',
        data: 'Nothing was sent.',
        next: 'Look at it with "oathbatch plan"; if it is meant, raise limits.maxChanges in the job file or give --set limits.maxChanges=37.',
      }) as Error,
    );
  });

  it('that takes away more than it may is refused, although it may change as much', () => {
    const limits = { maxChanges: ALL, maxConflicts: ALL, maxDestructive: share(10) };
    expect(() => checkLimits(counts(30, 30, 0, 3), limits)).not.toThrow();
    expect(() => checkLimits(counts(30, 30, 0, 4), limits)).toThrow(
      expect.objectContaining({
        code: 'limit-exceeded',
        message:
          'The plan would take back or delete the tokens of 4 of 30 rows (13.3%); limits.maxDestructive is 10%, which allows 3.',
      }) as Error,
    );
  });

  it('that meets too many conflicts is refused, although it changes little', () => {
    expect(() =>
      checkLimits(counts(120, 1, 8), { maxChanges: ALL, maxConflicts: count(7), maxDestructive: ALL }),
    ).toThrow(
      expect.objectContaining({
        code: 'limit-exceeded',
        message: 'The tenant contradicts 8 of 120 rows (6.7%); limits.maxConflicts is 7, which allows 7.',
        next: expect.stringContaining('--set limits.maxConflicts=8.') as string,
      }) as Error,
    );
  });
});
