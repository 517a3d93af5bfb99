// A report as the ledger keeps it: it comes back as it was, and what is damaged is told.

import { describe, expect, it } from 'vitest';
import type { AuditedToken, RowVerdict } from '../../src/reconcile/verdict.js';
import { countVerdicts, type ReportInput } from '../../src/report/model.js';
import { readStoredReport } from '../../src/report/stored-report.js';
import { HOSTILE } from './hostile.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';
import { storeReport } from './stored.js';

const NOTHING_TOLD = {
  ...{ attempts: 0, reason: '', detail: '', next: '', clientRequestId: '', requestId: '', assignedSince: '' },
};

const TOKEN: AuditedToken = {
  ...{
    status: 'assigned',
    manufacturer: 'Contoso',
    model: 'C100',
    timeInterval: 30,
    hashFunction: 'hmacsha1',
  },
  ...{ lastUsed: '', waitingSince: '', account: 'enabled', guest: false, heldByUser: 1 },
};

/** It is stored and read again, and each of its rows looked at. */
function readWhole(input: ReportInput): unknown {
  const again = readStoredReport(storeReport(input));
  return 'wrong' in again ? again : { ...again, rows: [...again.rows] };
}

describe('a stored report', () => {
  it('comes back as it was, whatever stands in it', () => {
    const rows = HOSTILE.map((text, n) => sampleRow({ n, user: text, detail: text, serialNumber: text }));
    for (const input of [sampleReport(), reportOf(rows), reportOf([])]) {
      const course = { startedAt: '2026-11-22T09:00:00.000Z', stretchSeconds: 1, points: [] };
      const whole = { ...input, course, actions: [] };
      expect(readWhole(input)).toEqual(input);
      expect(readWhole(whole)).toEqual(whole);
    }
  });

  it.each<Partial<RowVerdict>>([
    { attempts: 1 },
    { reason: 'stopped' },
    { detail: 'The run was stopped.' },
    { next: 'Run it again.' },
    { clientRequestId: 'ours' },
    { requestId: 'theirs' },
    { assignedSince: '2026-11-28T08:00:00.000Z' },
    { token: TOKEN },
  ])('keeps of a row whatever there is to tell of it: %j', (told) => {
    const plain = { ...sampleRow(), ...NOTHING_TOLD };
    const input = reportOf([
      { ...plain, n: 0 },
      { ...plain, ...told, n: 1 },
    ]);
    expect(readWhole(input)).toEqual(input);
    const [first = '', second = ''] = storeReport(input).rows;
    expect(first).not.toContain('"attempts"');
    expect(first.length).toBeLessThan(second.length);
  });

  it('keeps of an audited token all that was seen, and nothing that was not', () => {
    const seen: AuditedToken = {
      ...{ status: 'failedActivation', manufacturer: 'M', model: 'N', timeInterval: null, hashFunction: 'h' },
      ...{ lastUsed: '2026-01-05T08:00:00Z', waitingSince: '2026-02-05T08:00:00Z' },
      ...{ account: 'disabled', guest: true, heldByUser: 3 },
    };
    const { assignedSince: _, ...plain } = { ...sampleRow(), ...NOTHING_TOLD };
    const input = reportOf([
      { ...plain, n: 0, token: seen },
      { ...plain, n: 1, token: TOKEN },
    ]);
    expect(readWhole(input)).toStrictEqual(input);
    expect(storeReport(input).rows.at(0)).not.toContain('"heldByUser"');
  });

  it('of an older version, which wrote everything of every row, comes back as well', () => {
    const input = reportOf([{ ...sampleRow(), ...NOTHING_TOLD, n: 0 }]);
    const { report } = storeReport(input);
    const again = readStoredReport({ report, rows: input.rows.map((row) => JSON.stringify(row)) });
    expect('wrong' in again ? again : { ...again, rows: [...again.rows] }).toEqual(input);
  });

  it.each([
    ['that is no JSON', (text: string) => text.slice(1), 'it is not JSON'],
    ['without a summary', (text: string) => text.replace('"summary"', '"summery"'), /./],
    ['with a verdict that is none', (text: string) => text.replaceAll('"version":1', '"version":2'), /./],
  ])('%s is told', (_what, damage, wrong) => {
    const { report, rows } = storeReport(sampleReport());
    const read = readStoredReport({ report: damage(report), rows });
    expect('wrong' in read && read.wrong).toMatch(wrong);
  });

  it('of which one row does not fit is told before any is used', () => {
    const { report, rows } = storeReport(sampleReport());
    const damaged = rows.map((row, n) =>
      n === rows.length - 1 ? row.replace('"verdict"', '"verdikt"') : row,
    );
    expect(readStoredReport({ report, rows: damaged })).toHaveProperty('wrong');
  });

  it('counts its verdicts as they are', () => {
    const input = sampleReport();
    const again = readStoredReport(storeReport(input));
    expect('wrong' in again ? again : again.rows.counts?.()).toEqual(countVerdicts(input.rows));
  });
});
