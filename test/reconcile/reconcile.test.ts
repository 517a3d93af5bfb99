// One verdict for every row, from what lists show; what our requests answered only explains.

import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import { BugError } from '../../src/errors.js';
import { REASONS } from '../../src/reconcile/reasons.js';
import { isOutstanding, reconcile } from '../../src/reconcile/reconcile.js';
import { tallyVerdicts } from '../../src/reconcile/tally.js';
import { type RowVerdict, SETTLED_VERDICTS, VERDICTS } from '../../src/reconcile/verdict.js';
import { VerdictRows } from '../../src/reconcile/verdict-rows.js';
import { device, planned, progress, shown } from './rows.js';
import { CASES, type Case, HELD, STOCK } from './verdict-table.js';

function verdictFor({
  row = planned(),
  progress: known,
  evidence,
  readOnly = false,
}: Case): RowVerdict | undefined {
  const verdicts = reconcile({
    rows: [row],
    progress: known === undefined ? new Map() : new Map([[row.n, known]]),
    evidence,
    readOnly,
  });
  expect(verdicts).toHaveLength(1);
  return verdicts.at(0);
}

describe('the verdict', () => {
  it.each(Object.entries(CASES))('when %s', (_what, one) => {
    const verdict = verdictFor(one);
    expect(verdict).toMatchObject(one.gives);
    // A settled row needs no words; every other has a reason, a sentence and a next step.
    const isSettled = verdict !== undefined && SETTLED_VERDICTS.has(verdict.verdict);
    for (const text of [verdict?.reason, verdict?.detail, verdict?.next]) expect(text === '').toBe(isSettled);
  });

  it('covers every verdict and every reason in this table', () => {
    const given = Object.values(CASES).map(verdictFor);
    expect(new Set(given.map((one) => one?.verdict))).toEqual(new Set(VERDICTS));
    for (const reason of Object.keys(REASONS)) expect(given.map((one) => one?.reason)).toContain(reason);
  });

  it('stands in the order of the rows', () => {
    const rows = [
      planned({ n: 0 }),
      planned({ n: 1, serialNumber: 'S2' }),
      planned({ n: 2, serialNumber: 'S3' }),
    ];
    const evidence = shown([device('d2', 'S2', { assignedToId: 'u-ada' })]);
    const verdicts = reconcile({ rows, progress: new Map(), evidence, readOnly: true });
    expect(verdicts.map(({ n, verdict }) => [n, verdict])).toEqual([
      [0, 'unsent'],
      [1, 'assigned'],
      [2, 'unsent'],
    ]);
  });
});

describe('the counts', () => {
  const verdicts = (): Iterable<RowVerdict> =>
    reconcile({
      rows: [planned({ n: 0 }), planned({ n: 1, serialNumber: 'S2' })],
      ...{ progress: new Map(), evidence: shown([HELD]), readOnly: false },
    });

  it('add up to the rows', () => {
    expect(tallyVerdicts(verdicts(), 2).verdicts).toEqual({
      ...{
        activated: 0,
        assigned: 1,
        'in-inventory': 0,
        deleted: 0,
        conflict: 0,
        rejected: 0,
        invalid: 0,
        unknown: 0,
        unsent: 1,
      },
    });
  });

  it.each([1, 3])('never pass when they do not: %i rows were read', (rows) => {
    expect(() => tallyVerdicts(verdicts(), rows)).toThrow(BugError);
  });
});

describe('a row is worth another look', () => {
  it.each([
    ['when its effect is not shown', progress('done'), shown([STOCK]), true],
    ['when its answer was lost', progress('sent'), shown([STOCK]), true],
    ['not when its effect is shown', progress('done'), shown([HELD]), false],
    [
      'not when the second witness shows it',
      progress('done'),
      shown([STOCK], { 'u-ada': [{ deviceId: 'd1' }] }),
      false,
    ],
    ['not when it was refused', progress('refused'), shown([STOCK]), false],
    ['not when it was given up', progress('given-up'), shown([STOCK]), false],
    ['not when it was not sent', progress('pending'), shown([STOCK]), false],
    ['not when it had nothing to do', undefined, shown([STOCK]), false],
  ])('%s', (_what, known, evidence, expected) => {
    expect(isOutstanding(planned(), known, evidence)).toBe(expected);
  });
});

describe('rows that are gone through', () => {
  it('end with the verdicts that were given, though the plan goes on', () => {
    const verdicts = new VerdictRows([planned({ n: 0 }), planned({ n: 1 })], new Map());
    const [first] = reconcile({
      rows: [planned()],
      progress: new Map(),
      evidence: shown([]),
      readOnly: false,
    });
    if (first !== undefined) verdicts.push(first, planned());
    expect([verdicts.length, verdicts.at(0)?.n, verdicts.at(1)]).toEqual([1, 0, undefined]);
  });
});

describe('the token of a verdict', () => {
  it.each<readonly [string, string, string]>([
    ['the one of the plan', 'd1', 'd1'],
    ['another one than the plan says', 'd1', 'd2'],
    ['one that the plan does not know', '', 'd2'],
    ['none, although the plan names one', 'd1', ''],
    ['none', '', ''],
  ])('is %s', (_what, deviceId, found) => {
    for (const tokens of [undefined, new IdIndex()]) {
      const row = planned({ n: 0, deviceId });
      const verdicts = new VerdictRows([row], new Map(), tokens);
      const [first] = reconcile({
        ...{ rows: [row], progress: new Map(), evidence: shown([]), readOnly: false },
      });
      if (first !== undefined) verdicts.push({ ...first, deviceId: found }, row);
      expect([...verdicts].map((verdict) => verdict.deviceId)).toEqual([found]);
    }
  });
});

describe('the count of verdicts', () => {
  const rows = [planned({ n: 0, actions: [], already: 'assigned' }), planned({ n: 1, serialNumber: 'S2' })];
  const verdicts = () => reconcile({ rows, progress: new Map(), evidence: shown([HELD]), readOnly: false });

  it('says how many were so before the run', () => {
    expect(tallyVerdicts(verdicts(), 2).already).toBe(1);
  });

  it('names both figures when rows are lost', () => {
    expect(() => tallyVerdicts(verdicts(), 3)).toThrow('3 rows were read and 2 verdicts given');
  });
});
