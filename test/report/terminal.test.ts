// The summary on the screen: what it says, that it fits, and that no row can steer the terminal.

import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/reconcile/verdict.js';
import type { RunSummary } from '../../src/report/summary.js';
import { summaryTable } from '../../src/report/terminal.js';
import { displayWidth, padEnd, truncateEnd, truncateStart } from '../../src/report/text-width.js';
import { HOSTILE } from './hostile.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

const FINDING: Finding = {
  kind: 'hash-mismatch',
  serialNumber: '1',
  deviceId: 'd',
  detail: 'D.',
  next: 'N.',
};

describe('the summary on the screen', () => {
  it('of a run in which all is well takes a few lines', () => {
    const rows = [sampleRow(), sampleRow({ n: 1, verdict: 'assigned', already: true }), sampleRow({ n: 2 })];
    expect(summaryTable(reportOf(rows), { width: 80, colour: false })).toBe(`\
✓ All 3 rows are as they should be; 1 was so before the run.

  activated     2               held by the user and active
  assigned      1  (1 already)  held by the user, not yet active
  throttling    1,204 requests, 14 × 429, 12 s at the gate
  pace          18.6 accepted/s, 19.2/s allowed at the end
  duration      1 min 34 s
`);
  });

  it('says how near the run came to the bound, and that there may be more where no 429 was seen', () => {
    const report = reportOf([sampleRow()]);
    const pace = { ...report.summary.pace, leastSeconds: 240, ratioToLeast: 1.02 };
    const summary = { ...report.summary, writes: 900, throttled: 0, pace };
    expect(summaryTable({ ...report, summary }, { width: 120, colour: false })).toContain(
      '\n  bound         1.02 × the 4 min 0 s that the throttle allows at the least; no 429 was seen: the service may allow more\n',
    );
    expect(
      summaryTable({ ...report, summary: { ...summary, throttled: 3 } }, { width: 120, colour: false }),
    ).not.toContain('may allow more');
  });

  it('names the limits that the service named, and how much of one was used', () => {
    const report = reportOf([sampleRow()]);
    const text = (pace: Partial<RunSummary['pace']>): string =>
      summaryTable(
        { ...report, summary: { ...report.summary, pace: { ...report.summary.pace, ...pace } } },
        { width: 120, colour: false },
      );
    const limits = [
      { scope: 'Tenant_Application/Write', reason: 'WriteLimitExceeded', count: 12 },
      { scope: '', reason: 'CPULimitExceeded', count: 2 },
    ];
    expect(text({ limits, highestLimitShare: 0.9 })).toContain(
      '\n  limits        WriteLimitExceeded (Tenant_Application/Write) × 12; CPULimitExceeded × 2; up to 90 % of a limit used\n',
    );
    expect(text({ limits: [{ scope: 'a\u001b[31m', reason: '', count: 1 }] })).not.toContain('\u001b');
    expect(text({})).not.toContain('limits');
  });

  it('of a run with problems shows counts, findings, the rows that need a person and the next command', () => {
    const rows = [
      sampleRow(),
      sampleRow({
        n: 1,
        line: 3,
        verdict: 'conflict',
        reason: 'held-by-another',
        detail: 'The token is assigned to ines.moreau@contoso.com.',
      }),
      sampleRow({
        n: 2,
        line: 14,
        serialNumber: '99',
        verdict: 'rejected',
        reason: 'user-not-found',
        detail: 'No such user.',
      }),
    ];
    expect(summaryTable(reportOf(rows, [FINDING, FINDING]), { width: 80, colour: false })).toBe(`\
! Finished, and 2 rows and 2 findings need a person; 1 of 3 rows is as it should
  be.

  activated     1  held by the user and active
  conflict      1  the token is someone else’s
  rejected      1  the service refused it, for good
  findings      hash-mismatch 2
  throttling    1,204 requests, 14 × 429, 12 s at the gate
  pace          18.6 accepted/s, 19.2/s allowed at the end
  duration      1 min 34 s

  tokens.csv:3   2308374621  conflict  held-by-another  The token is assigned t…
  tokens.csv:14  99          rejected  user-not-found   No such user.

  Next: oathbatch run jobs/onboarding.yaml
  Once the rows that need a person are put right. What is settled is not sent
  again.
`);
  });

  it('shows ten rows that need a person and counts the others', () => {
    const rows = Array.from({ length: 1_240 }, (_, n) =>
      sampleRow({ n, line: n + 2, verdict: 'invalid', reason: 'secret-length' }),
    );
    const text = summaryTable(reportOf(rows), { width: 100, colour: false });
    expect(text.match(/secret-length/g)).toHaveLength(10);
    expect(text).toContain('\n  … and 1,230 more in rows.csv\n');
  });

  it.each([50, 60, 80, 120, 200])('fits a width of %i in every story', (width) => {
    const evil = HOSTILE.flatMap((text, n) =>
      sampleRow({
        n,
        file: text,
        serialNumber: text,
        user: text,
        detail: text,
        verdict: 'conflict',
        reason: 'held-by-another',
      }),
    );
    for (const input of [
      sampleReport(),
      sampleReport({ story: 'good' }),
      sampleReport({ story: 'stopped' }),
      sampleReport({ rows: 20_000 }),
      reportOf(evil, [], { jobFile: 'a.yaml' }),
      reportOf([]),
    ]) {
      for (const line of summaryTable(input, { width, colour: false }).split('\n')) {
        expect(displayWidth(line), line).toBeLessThanOrEqual(line.startsWith('  Next: ') ? 80 : width);
      }
    }
  });

  it('keeps the command whole on a narrow screen, so that it can be copied', () => {
    expect(summaryTable(sampleReport({ story: 'stopped' }), { width: 40, colour: false })).toContain(
      'oathbatch resume 20261122T090412Z-7f3a\n',
    );
  });

  it('says the same words with colour as without', () => {
    const input = sampleReport();
    const coloured = summaryTable(input, { width: 80, colour: true });
    const plain = summaryTable(input, { width: 80, colour: false });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
    expect(plain).not.toContain('\u001b');
  });

  it('lets no text of a row move the cursor or turn the line round', () => {
    const rows = HOSTILE.map((text, n) =>
      sampleRow({ n, file: text, serialNumber: text, detail: text, verdict: 'conflict', reason: text }),
    );
    const text = summaryTable(reportOf(rows), { width: 500, colour: false });
    expect(text.replaceAll('\n', '')).not.toMatch(/(?!\u200D)[\p{C}\p{Zl}\p{Zp}]/u);
  });
});

describe('the width of text', () => {
  it('counts columns, not characters', () => {
    expect(['abc', 'é', 'e\u0301', '日本', '👩‍👩‍👧', 'ｱ', ''].map(displayWidth)).toEqual([
      3, 1, 1, 4, 2, 1, 0,
    ]);
  });

  it('cuts with an ellipsis that is counted, at the end or at the beginning', () => {
    expect(truncateEnd('abcdef', 6)).toBe('abcdef');
    expect(truncateEnd('abcdef', 5)).toBe('abcd…');
    expect(truncateEnd('日本語', 5)).toBe('日本…');
    expect(truncateEnd('日本語', 4)).toBe('日…');
    expect(truncateStart('manifests/tokens.csv:12', 14)).toBe('…tokens.csv:12');
    expect(truncateStart('abc', 3)).toBe('abc');
    expect(padEnd('日本', 6)).toBe('日本  ');
  });
});
