// report.xlsx as bytes. The same report gives the same bytes: the times inside the archive, which the library
// takes from the clock, are replaced by a fixed one (docs/decisions/0080).

import { unzipSync, zipSync } from 'fflate';
import type { ReportInput } from './model.js';
import { xlsxSheets } from './xlsx-sheets.js';

/** The first day that an archive can name; in local time, because archives know no other. */
const ARCHIVE_TIME = new Date(1980, 0, 1);

export async function xlsxBytes(input: ReportInput): Promise<Uint8Array> {
  // It is needed for this one report only, and most runs do not write it.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const archive = await writeExcelFile([...xlsxSheets(input)]).toBuffer();
  return zipSync(unzipSync(archive), { mtime: ARCHIVE_TIME });
}
