// findings.csv: one line for each finding, in the order in which they were found.

import type { Finding } from '../reconcile/verdict.js';
import { type CsvLine, csvText } from './csv-text.js';

/** The columns, in their order. They are an interface: scripts read them (docs/reports.md). */
const CELLS: Readonly<Record<string, (finding: Finding) => string | number>> = {
  finding: ({ kind }) => kind,
  serial_number: ({ serialNumber }) => serialNumber,
  device_id: ({ deviceId }) => deviceId,
  user_id: ({ userId }) => userId ?? '',
  file: ({ file }) => file ?? '',
  line: ({ line }) => line ?? '',
  detail: ({ detail }) => detail,
  next_step: ({ next }) => next,
};

export const FINDINGS_CSV_COLUMNS: readonly string[] = Object.keys(CELLS);

export function findingCells(finding: Finding): CsvLine {
  return Object.values(CELLS).map((cell) => cell(finding));
}

function* linesOf(findings: Iterable<Finding>): Generator<CsvLine, void, undefined> {
  for (const finding of findings) yield findingCells(finding);
}

/** The text of findings.csv, heading first, in chunks that are to be written one after the other. */
export function* findingsCsv(findings: readonly Finding[]): Generator<string, void, undefined> {
  yield* csvText(FINDINGS_CSV_COLUMNS, linesOf(findings));
}
