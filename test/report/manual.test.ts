// docs/reports.md is the manual of an interface: nothing that a report can say is missing in it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { InvalidReason } from '../../src/manifest/row.js';
import { REASONS } from '../../src/reconcile/reasons.js';
import { FINDING_KINDS, VERDICTS } from '../../src/reconcile/verdict.js';
import { TOKENS_CSV_COLUMNS } from '../../src/report/audit-csv.js';
import { FINDINGS_CSV_COLUMNS } from '../../src/report/findings-csv.js';
import { metricsText } from '../../src/report/metrics.js';
import { ROWS_CSV_COLUMNS } from '../../src/report/rows-csv.js';
import { FINDING_ORDER, VERDICT_ORDER } from '../../src/report/words.js';
import { sampleReport } from './sample-report.js';

const manual = readFileSync(new URL('../../docs/reports.md', import.meta.url), 'utf8');

/** By the compiler's leave: a reason that is added has to be added here. */
const INVALID: Readonly<Record<InvalidReason, true>> = {
  'serial-missing': true,
  'serial-damaged': true,
  'serial-duplicate': true,
  'secret-missing': true,
  'secret-not-base32': true,
  'secret-malformed': true,
  'secret-length': true,
  'interval-missing': true,
  'interval-unsupported': true,
  'hash-missing': true,
  'hash-unsupported': true,
  'digits-unsupported': true,
  'not-time-based': true,
  'job-contradiction': true,
  'manufacturer-missing': true,
  'model-missing': true,
  'user-missing': true,
  'user-malformed': true,
  'user-contradiction': true,
  'cell-count': true,
  'entry-unreadable': true,
  'stock-empty': true,
  'secret-locked': true,
  'action-unknown': true,
  'action-contradiction': true,
  'replaced-missing': true,
  'activation-unknown': true,
  'code-malformed': true,
};

/** What the plan decides (src/plan/decide.ts). */
const PLANNED = [
  ...['user-not-found', 'user-is-guest', 'token-not-found', 'serial-ambiguous', 'held-by-other'],
  ...['activation-failed', 'secret-not-known', 'still-held', 'token-not-given'],
];

const metrics = [...metricsText(sampleReport()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);

describe('the manual of the reports', () => {
  it.each([
    ['verdict', VERDICTS],
    ['reason of a refused row', Object.keys(INVALID)],
    ['reason of the plan', PLANNED],
    ['reason of reconciling', Object.keys(REASONS)],
    ['finding', FINDING_KINDS],
    ['metric', metrics],
  ])('names every %s', (_what, names) => {
    for (const name of names) expect(manual).toMatch(new RegExp(`\`${name}[\`{]`));
  });

  it('names the columns of an audit, in their order', () => {
    const audits = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    expect(audits).toContain(`\`${TOKENS_CSV_COLUMNS.join(', ')}\``);
  });

  it('names the columns of the CSV files, in their order', () => {
    expect(manual).toContain(`**\`rows.csv\`**: \`${ROWS_CSV_COLUMNS.join(', ')}\``);
    expect(manual).toContain(`**\`findings.csv\`**: \`${FINDINGS_CSV_COLUMNS.join(', ')}\``);
  });
});

describe('the lists of the reports', () => {
  it('hold every verdict and every kind of finding once', () => {
    expect([...VERDICT_ORDER].sort()).toEqual([...VERDICTS].sort());
    expect([...FINDING_ORDER].sort()).toEqual([...FINDING_KINDS].sort());
  });
});
