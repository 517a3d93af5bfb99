// The plan as a file: what is applied is what was reviewed, or nothing.

import { describe, expect, it } from 'vitest';
import type { PlannedRow } from '../../src/plan/plan.js';
import {
  movedRows,
  PLAN_FORMAT,
  type PlanFile,
  planFileRows,
  planFileText,
  readPlanFile,
} from '../../src/plan/plan-file.js';

function planned(n: number, more: Partial<PlannedRow> = {}): PlannedRow {
  return {
    ...{ n, address: { file: 'tokens.csv', line: n + 2 }, serialNumber: `S${n}`, user: `user${n}@x.test` },
    ...{ userId: `u${n}`, deviceId: '', expect: 'assigned', actions: ['create', 'assign'] },
    ...more,
  };
}

const ROWS: readonly PlannedRow[] = [
  planned(0),
  planned(1, { actions: [], already: 'activated', deviceId: 'd1' }),
  planned(2, {
    actions: [],
    decided: { verdict: 'conflict', reason: 'held-by-other', detail: 'Größe "x".', next: 'Ask.' },
  }),
  planned(3, { expect: 'in-inventory', user: '', userId: '', actions: ['create'] }),
];

function planFile(rows = planFileRows({ rows: ROWS })): PlanFile {
  return {
    ...{ format: PLAN_FORMAT, tool: 'oathbatch 0', createdAt: '2026-01-05T08:00:00.000Z', graph: 'emulator' },
    job: { name: 'berlin', file: 'jobs/berlin.yaml', overrides: ['limits.maxChanges=5'], sha256: 'ab' },
    inputs: [{ role: 'manifest', path: 'tokens.csv', sha256: 'cd', rows: 4 }],
    rows,
  };
}

function writePlanFile({ rows: _, ...head }: PlanFile, indent: 0 | 1 = 1): string {
  return [...planFileText(head, { rows: ROWS }, indent)].join('');
}

/** The file with one thing changed. */
function changed(change: (file: Record<string, unknown>) => void): string {
  const file: Record<string, unknown> = { ...planFile() };
  change(file);
  return JSON.stringify(file);
}

describe('a plan file', () => {
  it('is written piece by piece as JSON would write it whole', () => {
    const { rows: _, ...head } = planFile();
    for (const indent of [0, 1] as const) {
      for (const rows of [[], ROWS.slice(0, 1), ROWS]) {
        const whole = JSON.stringify({ ...head, rows: planFileRows({ rows }) }, null, indent);
        expect([...planFileText(head, { rows }, indent)].join('')).toBe(`${whole}\n`);
      }
    }
  });

  it('is read as it was written', () => {
    expect(readPlanFile(writePlanFile(planFile()))).toEqual(planFile());
  });

  it.each([
    ['an empty file', '', 'it is not JSON'],
    ['a half-written file', writePlanFile(planFile()).slice(0, -20), 'it is not JSON'],
    ['a CSV', 'serial number,upn\n', 'it is not JSON'],
    ['a text', '"plan"', 'the file: '],
    ['null', 'null', 'the file: '],
    ['a list', '[]', 'the file: '],
    ['a file of another format', changed((file) => (file['format'] = 'oathbatch-plan/2')), 'format: '],
    ['a file without rows', changed((file) => delete file['rows']), 'rows: '],
    ['an unknown key', changed((file) => (file['force'] = true)), 'the file: '],
    [
      'an unknown action',
      changed((file) => (file['rows'] = [{ ...planFileRows({ rows: ROWS })[0], actions: ['paint'] }])),
      'rows.0.actions.0: ',
    ],
    [
      'a secret',
      changed((file) => (file['rows'] = [{ ...planFileRows({ rows: ROWS })[0], secretKey: 'x' }])),
      'rows.0: ',
    ],
  ])('that is %s is refused with a sentence', (_what, text, says) => {
    const read = readPlanFile(text);
    expect('wrong' in read ? read.wrong : 'it was read').toContain(says);
  });
});

describe('a plan made again', () => {
  const before = planFileRows({ rows: ROWS });
  const now = (index: number, more: Partial<PlannedRow>): PlanFile['rows'] =>
    planFileRows({ rows: ROWS.map((row) => (row.n === index ? { ...row, ...more } : row)) });

  it.each<readonly [what: string, rows: PlanFile['rows'], moved: readonly number[]]>([
    ['is the same when nothing has moved', before, []],
    [
      'is the same when only words have changed',
      now(2, { decided: { verdict: 'conflict', reason: 'held-by-other', detail: 'other', next: 'other' } }),
      [],
    ],
    [
      'differs where a token has come into the inventory',
      now(0, { actions: ['assign'], deviceId: 'd0' }),
      [0],
    ],
    ['differs where a row is so already', now(0, { actions: [], already: 'assigned' }), [0]],
    ['differs where a user is another object', now(1, { userId: 'u9' }), [1]],
    [
      'differs where a row is in conflict for another reason',
      now(2, { decided: { verdict: 'conflict', reason: 'serial-ambiguous', detail: '', next: '' } }),
      [2],
    ],
    ['differs where a row has come', [...before, ...planFileRows({ rows: [planned(4)] })], [4]],
    ['differs where a row has gone', before.slice(0, 3), [3]],
    ['differs in everything when all rows have gone', [], [0, 1, 2, 3]],
  ])('%s', (_what, rows, moved) => {
    expect(movedRows(before, rows).map(({ n }) => n)).toEqual(moved);
  });
});
