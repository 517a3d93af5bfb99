// report.xlsx as bytes. The library makes the workbook with the headings of its sheets; the rows are written into them as
// they come, because it would hold all of them, ten times over. The same report gives the same bytes: the times
// inside the archive are a fixed one (docs/decisions/0080).

import { unzipSync, Zip, ZipDeflate } from 'fflate';
import type { Sheet } from 'write-excel-file/node';
import { invariant } from '../errors.js';
import type { ReportInput } from './model.js';
import { rowsXml } from './xlsx-rows.js';
import { type XlsxSheet, xlsxSheets } from './xlsx-sheets.js';

/** The first day that an archive can name; in local time, because archives know no other. */
const ARCHIVE_TIME = new Date(1980, 0, 1);

const COLUMN_WIDTHS: Readonly<Record<string, number>> = {
  file: 34,
  line: 8,
  serial_number: 20,
  user: 34,
  verdict: 14,
  reason: 20,
  detail: 60,
  next_step: 60,
  finding: 22,
  attempts: 9,
  already: 9,
};
const COLUMN_WIDTH = 38;

/** A sheet's file in the archive, by its number from 1. */
const SHEET_NAME = /^xl\/worksheets\/sheet(\d+)\.xml$/;

const END_OF_ROWS = '</sheetData>';

/** The archive, in chunks that are to be written one after the other. */
export async function xlsxChunks(input: ReportInput): Promise<Iterable<Uint8Array>> {
  // It is needed for this one report only, and most runs do not write it.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const sheets = xlsxSheets(input);
  const workbook = unzipSync(await writeExcelFile(sheets.map(headingOf)).toBuffer());
  return zipped(partsOf(workbook, sheets));
}

function headingOf({ name, columns }: XlsxSheet): Sheet<never> {
  return {
    sheet: name,
    stickyRowsCount: 1,
    columns: columns.map((column) => ({ width: COLUMN_WIDTHS[column] ?? COLUMN_WIDTH })),
    data: [columns.map((value) => ({ type: String, value, fontWeight: 'bold' }))],
  };
}

interface Part {
  readonly name: string;
  readonly chunks: Iterable<Uint8Array>;
}

/** The files of the archive, with the rows in those of the sheets. */
function* partsOf(
  workbook: Readonly<Record<string, Uint8Array>>,
  sheets: readonly XlsxSheet[],
): Generator<Part, void> {
  for (const [name, bytes] of Object.entries(workbook)) {
    const number = SHEET_NAME.exec(name)?.[1];
    const sheet = number === undefined ? undefined : sheets[Number(number) - 1];
    yield { name, chunks: sheet === undefined ? [bytes] : filled(bytes, sheet) };
  }
}

function* filled(bytes: Uint8Array, { lines }: XlsxSheet): Generator<Uint8Array, void> {
  const [before, after, ...others] = Buffer.from(bytes).toString('utf8').split(END_OF_ROWS);
  invariant(before !== undefined && after !== undefined && others.length === 0, 'a sheet has rows');
  yield Buffer.from(before, 'utf8');
  for (const text of rowsXml(lines)) yield Buffer.from(text, 'utf8');
  yield Buffer.from(`${END_OF_ROWS}${after}`, 'utf8');
}

const NOTHING = new Uint8Array(0);

function* zipped(parts: Iterable<Part>): Generator<Uint8Array, void> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    made.push(bytes);
  });
  for (const { name, chunks } of parts) {
    const file = new ZipDeflate(name);
    file.mtime = ARCHIVE_TIME;
    zip.add(file);
    for (const chunk of chunks) {
      file.push(chunk);
      yield* made.splice(0);
    }
    file.push(NOTHING, true);
  }
  zip.end();
  yield* made;
}
