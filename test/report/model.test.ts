// The order, the groups and the counts that all reports share.

import { describe, expect, it } from 'vitest';

import { MappedRows } from '../../src/compact/rows.js';
import { BugError } from '../../src/errors.js';
import { SETTLED_VERDICTS, VERDICTS } from '../../src/reconcile/verdict.js';
import {
  assertAddsUp,
  attentionGroups,
  countNeedingPerson,
  firstNeedingPerson,
  inAttentionOrder,
  shortNames,
} from '../../src/report/model.js';
import { countOf, formatNumber, VERDICT_ORDER, VERDICT_WORDS } from '../../src/report/words.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

describe('the words of the reports', () => {
  it('list every verdict once, and agree with the reconcile stage on which are settled', () => {
    expect([...VERDICT_ORDER]).toEqual([...VERDICTS]);
    expect(VERDICTS.filter((verdict) => VERDICT_WORDS[verdict].settled)).toEqual([...SETTLED_VERDICTS]);
  });

  it('write numbers the same in every locale', () => {
    expect([formatNumber(0), formatNumber(1204), formatNumber(18.64), formatNumber(1_000_000)]).toEqual([
      '0',
      '1,204',
      '18.6',
      '1,000,000',
    ]);
    expect([countOf(0, 'row'), countOf(1, 'row'), countOf(2, 'row')]).toEqual(['0 rows', '1 row', '2 rows']);
  });
});

describe('the order of attention', () => {
  it('puts rows that need a person first, then unsent ones, then settled ones, and keeps the order within each', () => {
    const verdicts = ['activated', 'unsent', 'conflict', 'in-inventory', 'unknown', 'unsent'] as const;
    const rows = verdicts.map((verdict, n) => sampleRow({ n, verdict }));
    expect(inAttentionOrder(rows).map((row) => row.n)).toEqual([2, 4, 1, 5, 0, 3]);
  });

  it('keeps every row once', () => {
    const { rows } = sampleReport();
    const ordered = inAttentionOrder(rows).map((row) => row.n);
    expect(new Set(ordered).size).toBe(rows.length);
    expect(ordered).toHaveLength(rows.length);
  });
});

describe('the rows that need a person', () => {
  const rows = (['activated', 'conflict', 'unsent', 'rejected', 'conflict', 'assigned'] as const).map(
    (verdict, n) => sampleRow({ n, verdict }),
  );

  it('are counted, and the first of them given, in their order', () => {
    const input = reportOf(rows);
    expect(countNeedingPerson(input)).toBe(3);
    expect(firstNeedingPerson(input, 2).map(({ n }) => n)).toEqual([1, 3]);
    expect(firstNeedingPerson(input, 9).map(({ n }) => n)).toEqual([1, 3, 4]);
  });

  it('are looked for no further than the last that is wanted', () => {
    const looked: number[] = [];
    const watched = new MappedRows(rows, (row) => {
      looked.push(row.n);
      return row;
    });
    firstNeedingPerson({ ...reportOf(rows), rows: watched }, 2);
    expect(looked).toEqual([0, 1, 2, 3]);
    firstNeedingPerson({ ...reportOf(rows.slice(0, 1)), rows: watched }, 2);
    expect(looked).toHaveLength(4);
  });
});

describe('the groups that need a person', () => {
  it('count rows by verdict and reason, the largest of a verdict first, and leave out unsent rows', () => {
    const rows = [
      sampleRow({ n: 0, verdict: 'rejected', reason: 'a' }),
      sampleRow({ n: 1, verdict: 'rejected', reason: 'b' }),
      sampleRow({ n: 2, verdict: 'rejected', reason: 'b' }),
      sampleRow({ n: 3, verdict: 'conflict', reason: 'b' }),
      sampleRow({ n: 4, verdict: 'unsent', reason: 'c' }),
      sampleRow({ n: 5 }),
    ];
    expect(
      attentionGroups(rows).map((group) => [group.verdict, group.reason, group.count, group.example.n]),
    ).toEqual([
      ['conflict', 'b', 1, 3],
      ['rejected', 'b', 2, 1],
      ['rejected', 'a', 1, 0],
    ]);
  });
});

describe('a report whose numbers disagree', () => {
  it('is refused, whichever number it is', () => {
    const input = reportOf([sampleRow(), sampleRow({ n: 1, verdict: 'conflict' })]);
    expect(() => assertAddsUp(input)).not.toThrow();
    const { summary } = input;
    expect(() => assertAddsUp({ ...input, rows: [...input.rows].slice(1) })).toThrow(BugError);
    expect(() => assertAddsUp({ ...input, rows: [sampleRow(), sampleRow()] })).toThrow(
      'the summary counts 1 rows as activated, and there are 2',
    );
    const findings = { ...summary.findings, 'hash-mismatch': 1 };
    expect(() => assertAddsUp({ ...input, summary: { ...summary, findings } })).toThrow(BugError);
  });
});

describe('short names of files', () => {
  it('leave out the folders, unless the name alone would not tell two files apart', () => {
    const files = ['in/a.csv', 'in/x/b.csv', 'in/y/b.csv', 'in/a.csv', 'C:\\in\\c.csv', 'd.csv'];
    expect([...shortNames(files).values()]).toEqual(['a.csv', 'x/b.csv', 'y/b.csv', 'c.csv', 'd.csv']);
  });

  it('stay whole where one path is the end of another', () => {
    expect([...shortNames(['b.csv', 'x/b.csv']).values()]).toEqual(['b.csv', 'x/b.csv']);
  });
});
