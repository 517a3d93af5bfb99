// rows.csv: one line for each row, in the order of reading, as RFC 4180 has it (comma, CRLF, UTF-8
// without a byte order mark). It turns rows into text a batch at a time, and does not touch the disk.

import { type Options, stringify } from 'csv-stringify/sync';

import type { RowVerdict } from '../reconcile/verdict.js';

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
};

export const ROWS_CSV_COLUMNS: readonly string[] = Object.keys(CELLS);

/** Rows to a chunk: about 200 kB of text, so that a million rows never stand in memory as text. */
const ROWS_PER_CHUNK = 1_000;

/**
 * A spreadsheet runs a cell that begins like a formula; an apostrophe in front makes it text
 * (https://owasp.org/www-community/attacks/CSV_Injection). csv-stringify's `escape_formulas` sees to a
 * first character of `= + - @`, tab, CR and the full-width signs. This pattern is what it leaves: a line
 * feed, and signs behind white space or invisible characters, which some spreadsheets skip.
 */
const HIDDEN_FORMULA = /^(?:\n|[\s\p{Cf}]+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

const OPTIONS: Options = {
  record_delimiter: 'windows',
  // Without this a lone CR or LF inside a cell would stand unquoted beside CRLF line ends.
  quote_record_delimiter: true,
  escape_formulas: true,
  cast: { string: (text) => (HIDDEN_FORMULA.test(text) ? `'${text}` : text) },
};

/**
 * The text of rows.csv, heading first, in chunks that are to be written one after the other.
 *
 * @example
 * for (const chunk of rowsCsv(rows)) process.stdout.write(chunk);
 */
export function* rowsCsv(rows: Iterable<RowVerdict>): Generator<string, void, undefined> {
  let records: (readonly (string | number)[])[] = [ROWS_CSV_COLUMNS];
  for (const row of rows) {
    records.push(Object.values(CELLS).map((cell) => cell(row)));
    if (records.length < ROWS_PER_CHUNK) continue;
    yield stringify(records, OPTIONS);
    records = [];
  }
  if (records.length > 0) yield stringify(records, OPTIONS);
}
