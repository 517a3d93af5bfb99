// Opens a workbook with LibreOffice, as somebody without Excel would, and hands back what stands in its cells.
// There is no download: where LibreOffice is not installed the tests fail and say what to install.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** Where the usual packages put it; scripts/ensure-test-programs.mjs looks in the same places. */
const USUAL_PATHS: readonly string[] = z
  .array(z.string())
  .parse(JSON.parse(readFileSync(new URL('./libreoffice-paths.json', import.meta.url), 'utf8')));

function libreOfficePath(): string {
  const named = process.env['LIBREOFFICE_PATH'];
  const path = named ?? USUAL_PATHS.find((usual) => existsSync(usual));
  if (path !== undefined && existsSync(path)) return path;
  throw new Error(
    named === undefined
      ? 'No LibreOffice was found, and report.xlsx cannot be tested without one. Install it (Debian: apt-get install --no-install-recommends libreoffice-calc-nogui), or set LIBREOFFICE_PATH to its executable.'
      : `LIBREOFFICE_PATH is set to ${named}, and there is no such file.`,
  );
}

/**
 * CSV with commas, quotes, UTF-8; texts as they are, and every sheet a file of its own (the last -1).
 * https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html
 */
const AS_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';

/** The cells of the sheets with these names, line by line. */
export function cellsOf(workbook: Uint8Array, sheets: readonly string[]): readonly (readonly string[])[][] {
  const folder = mkdtempSync(join(tmpdir(), 'oathbatch-xlsx-'));
  try {
    const path = join(folder, 'report.xlsx');
    writeFileSync(path, workbook);
    // A profile of its own, so that no office of the person at this computer is disturbed.
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`;
    const words = [profile, '--headless', '--convert-to', AS_CSV, '--outdir', folder, path];
    execFileSync(libreOfficePath(), words, { stdio: 'pipe', timeout: 150_000 });
    return sheets.map((sheet) => {
      const text = readFileSync(join(folder, `report-${sheet}.csv`), 'utf8');
      return z.array(z.array(z.string())).parse(parse(text, { relax_column_count: true }));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
