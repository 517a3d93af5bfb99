// A whole report as the texts that the ledger keeps.

import type { ReportInput } from '../../src/report/model.js';
import { type StoredReport, storeHead } from '../../src/report/stored-report.js';
import { storeRow } from '../../src/report/stored-rows.js';

export function storeReport(input: ReportInput): StoredReport {
  return { report: storeHead(input), rows: input.rows.map(storeRow) };
}
