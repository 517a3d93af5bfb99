// What changed between two runs.

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/reconcile/verdict.js';
import { compareRuns, comparisonText } from '../../src/report/compare.js';
import { HOSTILE } from './hostile.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  kind: 'model-mismatch',
  serialNumber: 'S1',
  deviceId: 'd1',
  detail: 'The tenant says model A.',
  next: '',
  ...changes,
});

function row(n: number, changes: Parameters<typeof sampleRow>[0] = {}) {
  return sampleRow({ n, line: n + 2, serialNumber: `S${n}`, user: `u${n}@contoso.com`, ...changes });
}

describe('two runs', () => {
  it('that say the same differ in nothing, whatever their files are called', () => {
    const before = sampleReport();
    const rows = before.rows.map((one) => ({ ...one, file: 'renamed.csv', line: one.line + 7, attempts: 0 }));
    const after = { ...before, rows };
    const compared = compareRuns(before, after);
    expect(compared).toEqual({
      same: 300,
      changed: [],
      added: [],
      removed: [],
      newFindings: [],
      goneFindings: [],
    });
    expect(comparisonText(before, after, compared)).toMatch(/: nothing changed in 300 rows$/);
  });

  it('differ in rows that came, went, or have another verdict or user', () => {
    const before = reportOf(
      [row(1, { verdict: 'assigned' }), row(2), row(3), row(4)],
      [finding(), finding({ serialNumber: 'S2' })],
    );
    const after = reportOf(
      [
        row(1, { serialNumber: 's1 ' }),
        row(2, { user: 'U2@CONTOSO.com' }),
        row(3, { user: 'new@contoso.com' }),
        row(5),
      ],
      [finding({ detail: 'It says model B.' }), finding({ kind: 'holder-disabled' })],
    );
    const compared = compareRuns(before, after);
    expect(compared.same).toBe(1);
    expect(compared.changed.map(({ after: { n } }) => n)).toEqual([1, 3]);
    expect(compared.added.map(({ n }) => n)).toEqual([5]);
    expect(compared.removed.map(({ n }) => n)).toEqual([4]);
    expect(compared.newFindings.map(({ kind }) => kind)).toEqual(['holder-disabled']);
    expect(compared.goneFindings.map(({ serialNumber }) => serialNumber)).toEqual(['S2']);
    expect(comparisonText(before, after, compared).split('\n').slice(1)).toEqual([
      '',
      'Counts',
      '  activated                      3 →         4  (+1)',
      '  assigned                       1 →         0  (−1)',
      '  holder-disabled                0 →         1  (+1)',
      '  model-mismatch                 2 →         1  (−1)',
      '',
      'Changed',
      '  s1  → u1@contoso.com  assigned → activated',
      '  S3 → new@contoso.com  activated → activated  (was for u3@contoso.com)',
      '',
      'Came',
      '  S5 → u5@contoso.com  activated',
      '',
      'Went',
      '  S4 → u4@contoso.com  was activated',
      '',
      'New findings',
      '  holder-disabled  S1  The tenant says model A.',
      '',
      'Findings that are gone',
      '  model-mismatch  S2',
    ]);
  });

  it('differ where a row is as it was for another reason', () => {
    const before = reportOf([row(1, { verdict: 'conflict', reason: 'held-by-other' }), row(2)], []);
    const after = reportOf([row(1, { verdict: 'conflict', reason: 'serial-ambiguous' }), row(2)], []);
    const { same, changed } = compareRuns(before, after);
    expect([same, changed.map(({ before: was, after: is }) => [was.reason, is.reason])]).toEqual([
      1,
      [['held-by-other', 'serial-ambiguous']],
    ]);
  });

  it('know a serial number that stands twice, and a row without one, again', () => {
    const rows = [row(1), row(1), row(2, { serialNumber: '' }), row(3, { serialNumber: '' })];
    expect(compareRuns(reportOf(rows), reportOf(rows)).same).toBe(4);
    const compared = compareRuns(reportOf(rows), reportOf(rows.slice(1)));
    expect([compared.same, compared.removed.length]).toEqual([3, 1]);
  });

  it('are told in lines that hold nothing but text', () => {
    const rows = [...HOSTILE, '##vso[task.x]'].map((text, n) => row(n, { serialNumber: text, user: text }));
    const [before, after] = [reportOf([]), reportOf(rows)];
    const text = comparisonText(before, after, compareRuns(before, after));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|##/);
    expect(text.split('\n')).toHaveLength(5 + rows.length + 1);
  });
});
