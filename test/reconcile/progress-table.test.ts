// How far rows have come, in columns: a Map to everybody else. Drawn tables are in test/tenant/tables.test.ts.

import { describe, expect, it } from 'vitest';
import { ProgressTable } from '../../src/reconcile/progress-table.js';
import { progress } from './rows.js';

const STATES = ['pending', 'sent', 'done', 'refused', 'given-up'] as const;
/** Each with other words, and a row between two that had nothing to do. */
const ROWS = STATES.map((state, i) => {
  const more = { deviceId: `d${i}`, clientRequestId: `c${i}`, requestId: `r${i}`, reason: `why ${i}` };
  return [2 * i + 1, progress(state, { ...more, attempts: i, detail: `what ${i}` })] as const;
});

function table(): ProgressTable {
  const made = new ProgressTable();
  for (const [n, one] of ROWS) made.add(n, one);
  return made;
}

describe('the table of progress', () => {
  it('gives every row back as it was put in, by its number', () => {
    const made = table();
    for (const [n, one] of ROWS) expect([made.has(n), made.get(n)]).toEqual([true, one]);
    expect(made.size).toBe(5);
  });

  it('has nothing for rows between and behind them', () => {
    const made = table();
    for (const n of [0, 2, 4, 10, 99]) expect([made.has(n), made.get(n)]).toEqual([false, undefined]);
    expect([...new ProgressTable()]).toEqual([]);
  });

  it('is gone through in the order of the rows, in each way that a Map is', () => {
    const made = table();
    const each: unknown[] = [];
    made.forEach((value, n, map) => {
      each.push([n, value, map === made]);
    });
    expect(each).toEqual(ROWS.map(([n, one]) => [n, one, true]));
    expect([...made]).toEqual(ROWS);
    expect([...made.entries()]).toEqual(ROWS);
    expect([...made.keys()]).toEqual(ROWS.map(([n]) => n));
    expect([...made.values()]).toEqual(ROWS.map(([, one]) => one));
  });
});
