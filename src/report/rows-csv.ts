// rows.csv: one line for each row, in the order of reading. It does not touch the disk.

import { FixedTexts, PlainLines } from '../compact/plain-lines.js';
import type { PlainVerdict, RowVerdict, VerdictList, VerdictParts } from '../reconcile/verdict.js';
import { type CsvLine, CsvLines, csvText, LINES_PER_CHUNK } from './csv-text.js';

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
 * rows.csv, heading first, in chunks that are to be written one after the other: bytes, which stay what they are until
 * the chunk after the next one is asked for, or text.
 *
 * @example
 * for (const chunk of rowsCsv(rows)) process.stdout.write(chunk);
 */
export function* rowsCsv(
  rows: VerdictList | Iterable<RowVerdict>,
): Generator<string | Uint8Array, void, undefined> {
  if ('parts' in rows && rows.parts !== undefined) yield* linesInParts(rows, rows.parts);
  else yield* csvText(ROWS_CSV_COLUMNS, rowLines(rows));
}

/** The same of rows whose parts can be written. */
function* linesInParts(rows: VerdictList, parts: VerdictParts): Generator<Uint8Array, void, undefined> {
  const csv = new CsvLines(ROWS_CSV_COLUMNS.length);
  const files = new FixedTexts((file) => csv.cell(file));
  const lines = new PlainLines();
  lines.line(csv.text(ROWS_CSV_COLUMNS));
  for (let position = 0; position < rows.length; position += 1) {
    const plain = parts.plainAt(position);
    if (plain === undefined || !addPlainLine(lines, plain, position, { parts, files })) {
      const row = rows.at(position);
      if (row !== undefined) lines.line(csv.text(rowCells(row)));
    }
    if ((position + 1) % LINES_PER_CHUNK === 0) yield lines.take();
  }
  yield lines.take();
}

interface Written {
  readonly parts: VerdictParts;
  readonly files: FixedTexts;
}

const COMMA = Buffer.from(',');
/** No reason and no detail. */
const BEHIND_VERDICT = Buffer.from(',,,');
/** No attempt, no next step and no request. */
const BEHIND_IDS = { already: Buffer.from(',0,true,,,,'), fresh: Buffer.from(',0,false,,,,') };
const LINE_END = Buffer.from('\r\n');

/** Adds {@link rowCells} of a plain row. @returns whether it could. */
function addPlainLine(
  lines: PlainLines,
  { file, line, verdict, already, assignedSince }: PlainVerdict,
  position: number,
  { parts, files }: Written,
): boolean {
  lines.begin();
  lines.fixed(files.bytesOf(file));
  lines.fixed(COMMA);
  lines.number(line);
  lines.fixed(COMMA);
  parts.write('serialNumber', position, lines);
  lines.fixed(COMMA);
  parts.write('user', position, lines);
  lines.fixed(COMMA);
  lines.text(verdict);
  lines.fixed(BEHIND_VERDICT);
  parts.write('deviceId', position, lines);
  lines.fixed(COMMA);
  parts.write('userId', position, lines);
  lines.fixed(already ? BEHIND_IDS.already : BEHIND_IDS.fresh);
  lines.text(assignedSince ?? '');
  lines.fixed(LINE_END);
  return lines.end();
}

/** The cells of every row, a line at a time. */
export function* rowLines(rows: Iterable<RowVerdict>): Generator<CsvLine, void, undefined> {
  for (const row of rows) yield rowCells(row);
}
