// rows.csv: one line for each row, in the order of reading. It does not touch the disk.

import type { RowVerdict } from '../reconcile/verdict.js';
import { type CsvLine, csvText } from './csv-text.js';

/** The columns, in their order. They are an interface: scripts read them (docs/reports.md). */
const CELLS: Readonly<Record<string, (row: RowVerdict) => string | number>> = {
  file: (row) => row.file,
  line: (row) => row.line,
  serial_number: (row) => row.serialNumber,
  user: (row) => row.user,
  verdict: (row) => row.verdict,
  reason: (row) => row.reason,
  detail: (row) => row.detail,
  device_id: (row) => row.deviceId,
  user_id: (row) => row.userId,
  attempts: (row) => row.attempts,
  already: (row) => String(row.already),
  next_step: (row) => row.next,
  client_request_id: (row) => row.clientRequestId,
  request_id: (row) => row.requestId,
  assigned_since: (row) => row.assignedSince ?? '',
};

export const ROWS_CSV_COLUMNS: readonly string[] = Object.keys(CELLS);

const MAKERS = Object.values(CELLS);

export function rowCells(row: RowVerdict): CsvLine {
  return MAKERS.map((cell) => cell(row));
}

/**
 * The text of rows.csv, heading first, in chunks that are to be written one after the other.
 *
 * @example
 * for (const chunk of rowsCsv(rows)) process.stdout.write(chunk);
 */
export function* rowsCsv(rows: Iterable<RowVerdict>): Generator<string, void, undefined> {
  yield* csvText(ROWS_CSV_COLUMNS, rowLines(rows));
}

/** The cells of every row, a line at a time. */
export function* rowLines(rows: Iterable<RowVerdict>): Generator<CsvLine, void, undefined> {
  for (const row of rows) yield rowCells(row);
}
