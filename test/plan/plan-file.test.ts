// The plan as a file: what is applied is what was reviewed, or nothing.

import { describe, expect, it } from 'vitest';
import { PlanFileReader } from '../../src/cli/read-plan-file.js';
import type { PlannedRow } from '../../src/plan/plan.js';
import {
  MovedRows,
  PLAN_FORMAT,
  type PlanFileHead,
  type PlanFileRow,
  planFileRow,
  planFileText,
} from '../../src/plan/plan-file.js';

interface PlanFile extends PlanFileHead {
  readonly rows: readonly PlanFileRow[];
}

function planFileRows({ rows }: { readonly rows: readonly PlannedRow[] }): readonly PlanFileRow[] {
  return rows.map(planFileRow);
}

/** Reads a text that comes in pieces so long. */
function readPlanFile(text: string, pieceLength = 1_000): PlanFile | { readonly wrong: string } {
  const rows: PlanFileRow[] = [];
  const reader = new PlanFileReader((row) => rows.push(row));
  for (let from = 0; from < text.length; from += pieceLength)
    reader.push(text.slice(from, from + pieceLength));
  const head = reader.end();
  return 'wrong' in head ? head : { ...head, rows };
}

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

function writePlanFile({ rows: _, ...head }: PlanFile, rows: readonly PlannedRow[] = ROWS): string {
  return [...planFileText(head, { rows }, 1)].join('');
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

  it('comes in pieces when it is long, none of them much longer than the others', () => {
    const { rows: _, ...head } = planFile();
    const rows = Array.from({ length: 2_000 }, (_row, n) => planned(n));
    const pieces = [...planFileText(head, { rows }, 0)];
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces.slice(0, -1)) {
      expect(piece.length).toBeGreaterThanOrEqual(65_536);
      expect(piece.length).toBeLessThan(66_000);
    }
    expect(pieces.join('')).toBe(`${JSON.stringify({ ...head, rows: planFileRows({ rows }) })}\n`);
  });

  it('is read as it was written', () => {
    for (const pieceLength of [1, 7, 1_000, 100_000]) {
      expect(readPlanFile(writePlanFile(planFile()), pieceLength)).toEqual(planFile());
    }
  });

  it('without an override, an input and a row is read as it was written', () => {
    const { job, ...head } = planFile([]);
    const bare = { ...head, job: { ...job, overrides: [] }, inputs: [] };
    expect(readPlanFile(writePlanFile(bare, []))).toEqual(bare);
  });

  it.each([
    ['an empty file', '', 'it is no JSON object, or not the whole of one (line 1)'],
    [
      'a half-written file',
      writePlanFile(planFile()).slice(0, -20),
      'it is no JSON object, or not the whole of one (line ',
    ],
    ['a CSV', 'serial number,upn\n', 'it is no JSON object'],
    ['a text', '"plan"', 'it is no JSON object'],
    ['null', 'null', 'it is no JSON object'],
    ['a list', '[]', 'format: '],
    ['a list of plans', JSON.stringify([planFile()]), 'format: '],
    ['a file of another format', changed((file) => (file['format'] = 'oathbatch-plan/2')), 'format: '],
    ['a file without inputs that are a list', changed((file) => (file['inputs'] = 'all')), 'inputs: '],
    ['an unknown key', changed((file) => (file['force'] = true)), 'the file: '],
    ['an unknown object', changed((file) => (file['how'] = { force: true })), 'the file: '],
    ['a job that is none', changed((file) => (file['job'] = 'berlin')), 'job: '],
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

describe('the rows of a plan file', () => {
  const taking = planned(4, {
    ...{ expect: 'returned', actions: ['unassign', 'assign'], deviceId: 'd4' },
    targets: [{ deviceId: 'd4', userId: 'u9' }, null],
  });

  it('have what the plan has of each, and no key that says nothing', () => {
    expect(planFileRows({ rows: [...ROWS, taking] })).toEqual(
      [...ROWS, taking].map(({ address, ...row }) => ({ ...row, file: address.file, line: address.line })),
    );
    expect(planFileRows({ rows: [planned(0)] }).map((row) => Object.keys(row).sort())).toEqual([
      ['actions', 'deviceId', 'expect', 'file', 'line', 'n', 'serialNumber', 'user', 'userId'],
    ]);
  });

  it('are read as they were written, with what each step is about', () => {
    const file = planFile(planFileRows({ rows: [taking] }));
    expect(readPlanFile(writePlanFile(file, [taking]))).toEqual(file);
  });

  it('stand in a text that a person can read and that ends with a line', () => {
    expect(writePlanFile(planFile())).toMatch(/^\{\n "format": "oathbatch-plan\/1",\n/);
    expect(writePlanFile(planFile())).toMatch(/\n\}\n$/);
  });

  it.each<readonly [what: string, change: (row: Record<string, unknown>) => void, says: string]>([
    ['half a line number', (row) => (row['line'] = 2.5), 'rows.0.line: '],
    ['half a row number', (row) => (row['n'] = 0.5), 'rows.0.n: '],
    ['an unknown expectation', (row) => (row['expect'] = 'lost'), 'rows.0.expect: '],
    ['an unknown state of before', (row) => (row['already'] = 'lost'), 'rows.0.already: '],
    [
      'a target with more to it',
      (row) => (row['targets'] = [{ deviceId: 'd', userId: 'u', x: 1 }]),
      'rows.0.targets.0: ',
    ],
    ['a target without a user', (row) => (row['targets'] = [{ deviceId: 'd' }]), 'rows.0.targets.0.userId: '],
    [
      'a verdict of a run',
      (row) => (row['decided'] = { verdict: 'unsent', reason: '', detail: '', next: '' }),
      'rows.0.decided.verdict: ',
    ],
    [
      'a decision with more to it',
      (row) => (row['decided'] = { verdict: 'invalid', reason: '', detail: '', next: '', x: 1 }),
      'rows.0.decided: ',
    ],
  ])('are refused for %s, which is named', (_what, change, says) => {
    const rows = planFileRows({ rows: [planned(0)] }).map((row): Record<string, unknown> => ({ ...row }));
    for (const row of rows) change(row);
    const read = readPlanFile(JSON.stringify({ ...planFile([]), rows }));
    expect('wrong' in read ? read.wrong : 'it was read').toContain(says);
  });

  it.each<readonly [what: string, change: (file: Record<string, unknown>) => void, says: string]>([
    ['a job with more to it', (file) => (file['job'] = { ...planFile([]).job, x: 1 }), 'job: '],
    ['a job without a hash', (file) => (file['job'] = { name: '', file: '', overrides: [] }), 'job.sha256: '],
    [
      'an input of another kind',
      (file) => (file['inputs'] = [{ role: 'x', path: '', sha256: '', rows: 0 }]),
      'inputs.0.role: ',
    ],
    [
      'half a row of an input',
      (file) => (file['inputs'] = [{ role: 'leavers', path: '', sha256: '', rows: 0.5 }]),
      'inputs.0.rows: ',
    ],
    [
      'an input with more to it',
      (file) => (file['inputs'] = [{ role: 'leavers', path: '', sha256: '', rows: 0, x: 1 }]),
      'inputs.0: ',
    ],
  ])('stand beside what is refused for %s', (_what, change, says) => {
    const read = readPlanFile(changed(change));
    expect('wrong' in read ? read.wrong : 'it was read').toContain(says);
  });

  it.each(['manifest', 'known-manifest', 'assignments', 'leavers'] as const)(
    'may come from a file that is %s',
    (role) => {
      const file = { ...planFile([]), inputs: [{ role, path: 'a', sha256: 'b', rows: 1 }] };
      expect(readPlanFile(writePlanFile(file, []))).toEqual(file);
    },
  );
});

describe('a plan made again', () => {
  const now = (index: number, more: Partial<PlannedRow>): readonly PlannedRow[] =>
    ROWS.map((row) => (row.n === index ? { ...row, ...more } : row));
  const freed = ROWS.map(({ decided: _decided, ...row }) => row);

  function moved(
    before: readonly PlannedRow[],
    after: readonly PlannedRow[],
    most = 9,
  ): ReturnType<MovedRows['end']> {
    const rows = new MovedRows(after, most);
    for (const row of before) rows.add(planFileRow(row));
    return rows.end();
  }

  it.each<readonly [what: string, rows: readonly PlannedRow[], expected: readonly number[]]>([
    ['is the same when nothing has moved', ROWS, []],
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
    ['differs where a row is about another token', now(0, { serialNumber: 'S9' }), [0]],
    [
      'differs where a token is taken from somebody else by now',
      now(0, { targets: [{ deviceId: 'd0', userId: 'u8' }, null] }),
      [0],
    ],
    ['differs where nothing stands against a row any more', freed, [2]],
    ['differs where a row has come', [...ROWS, planned(4)], [4]],
    ['differs where a row has gone', ROWS.slice(0, 3), [3]],
    ['differs in everything when all rows have gone', [], [0, 1, 2, 3]],
  ])('%s', (_what, rows, expected) => {
    const { count, first } = moved(ROWS, rows);
    expect(first.map(({ n }) => n)).toEqual(expected);
    expect(count).toBe(expected.length);
  });

  it('is told as it is now, where it is at all', () => {
    const [row] = moved(ROWS, now(0, { actions: ['assign'], deviceId: 'd0' })).first;
    expect(row).toMatchObject({ n: 0, actions: ['assign'] });
    expect(moved(ROWS, []).first[0]).toEqual(planFileRow(planned(0)));
  });

  it('names some of the rows that have moved, and counts all', () => {
    const { count, first } = moved(ROWS, [], 2);
    expect([count, first.map(({ n }) => n)]).toEqual([4, [0, 1]]);
  });

  it('is the same when its numbers have gaps', () => {
    const gaps = [planned(1), planned(5), planned(9)];
    expect(moved(gaps, gaps).count).toBe(0);
    expect(moved(gaps, [planned(1), planned(4), planned(9)]).first.map(({ n }) => n)).toEqual([4, 5]);
  });

  it('differs where a file was put in another order, or names a row twice', () => {
    expect(moved([...ROWS].reverse(), ROWS).count).toBeGreaterThan(0);
    expect(moved([planned(0), ...ROWS], ROWS).first.map(({ n }) => n)).toEqual([0]);
  });
});
