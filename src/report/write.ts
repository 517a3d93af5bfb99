// The edge of the report stage: puts the reports on the disk, each complete or not at all. What stands
// in them is made by the other files here; this one knows names, folders and disk errors.

import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BYTES_PER_UNIT_MAX } from '../compact/room.js';
import { OperationError } from '../errors.js';
import type { ReportFormat } from '../job/job.js';
import { tokensCsv } from './audit-csv.js';
import { auditHtml } from './audit-html.js';
import { isAudit } from './audit-model.js';
import type { WrittenFile } from './evidence.js';
import { findingsCsv } from './findings-csv.js';
import { htmlChunks } from './html.js';
import { junitXml } from './junit.js';
import { assertAddsUp, type ReportInput } from './model.js';
import { readChartLibrary } from './read-chart-library.js';
import { rowsCsv } from './rows-csv.js';
import { xlsxChunks } from './write-xlsx.js';

export interface WriteOptions {
  /** The folder of the run; it is made when it is missing. */
  readonly directory: string;
  readonly formats: readonly ReportFormat[];
}

interface Report {
  readonly format: ReportFormat;
  readonly name: string;
  /** Audits have a layout of their own; left out, it is written of every run. */
  readonly of?: 'audits' | 'other runs';
  readonly chunks: (input: ReportInput) => Chunks | Promise<Chunks>;
}

/** In the order of writing: a script that waits for summary.json finds the others complete beside it. */
const REPORTS: readonly Report[] = [
  { format: 'csv', name: 'rows.csv', of: 'other runs', chunks: ({ rows }) => rowsCsv(rows) },
  { format: 'csv', name: 'tokens.csv', of: 'audits', chunks: tokensCsv },
  { format: 'csv', name: 'findings.csv', chunks: ({ findings }) => findingsCsv(findings) },
  { format: 'xlsx', name: 'report.xlsx', chunks: xlsxChunks },
  { format: 'junit', name: 'junit.xml', chunks: junitXml },
  {
    format: 'html',
    name: 'report.html',
    of: 'other runs',
    chunks: (input) => htmlChunks(input, readChartLibrary()),
  },
  { format: 'html', name: 'report.html', of: 'audits', chunks: auditHtml },
  {
    format: 'json',
    name: 'summary.json',
    chunks: ({ summary }) => [`${JSON.stringify(summary, null, 2)}\n`],
  },
];

export interface WrittenReport extends WrittenFile {
  readonly path: string;
}

/**
 * Writes the reports of a run, replacing older ones, and returns them in the order of writing.
 *
 * @throws OperationError `disk-failed` when a file or the folder cannot be written; a report that
 * stood there before is then left as it was.
 */
export async function writeReports(
  input: ReportInput,
  options: WriteOptions,
): Promise<readonly WrittenReport[]> {
  assertAddsUp(input);
  return writeFiles(options.directory, reportFiles(input, options.formats));
}

/** The reports of these formats, in the order of writing. */
export function reportFiles(input: ReportInput, formats: readonly ReportFormat[]): readonly FileToWrite[] {
  const other = isAudit(input) ? 'other runs' : 'audits';
  return REPORTS.filter(({ format, of }) => formats.includes(format) && of !== other).map(
    ({ name, chunks }) => ({
      name,
      chunks: () => chunks(input),
    }),
  );
}

/** The formats whose reports have these names. */
export function formatsOf(names: readonly string[]): readonly ReportFormat[] {
  return [...new Set(REPORTS.filter(({ name }) => names.includes(name)).map(({ format }) => format))];
}

/** A file that is to be written: its text or bytes are made when its turn has come. */
export interface FileToWrite {
  readonly name: string;
  readonly chunks: () => Chunks | Promise<Chunks>;
}

export type Chunks = Iterable<string | Uint8Array>;

/**
 * Writes files into a folder, each whole or not at all, and makes their names durable.
 *
 * @throws OperationError `disk-failed`.
 */
export async function writeFiles(
  directory: string,
  files: readonly FileToWrite[],
): Promise<readonly WrittenReport[]> {
  let path = directory;
  try {
    await mkdir(directory, { recursive: true });
    const written: WrittenReport[] = [];
    for (const { name, chunks } of files) {
      path = join(directory, name);
      written.push({ name, path, ...(await writeWhole(path, await chunks())) });
    }
    path = directory;
    await syncFolder(directory);
    return written;
  } catch (error) {
    throw diskFailure(error, path);
  }
}

/** Texts as UTF-8, by turns in the same two pieces of memory: a large report does not leave its own size behind. */
class Encoder {
  #room = Buffer.alloc(0);
  #other = Buffer.alloc(0);

  /** @returns the bytes, as long as nothing is encoded but the next text. */
  encode(text: string): Uint8Array {
    [this.#room, this.#other] = [this.#other, this.#room];
    if (this.#room.length < text.length * BYTES_PER_UNIT_MAX) {
      this.#room = Buffer.allocUnsafeSlow(text.length * BYTES_PER_UNIT_MAX);
    }
    return this.#room.subarray(0, this.#room.write(text, 'utf8'));
  }
}

type Measure = Pick<WrittenFile, 'bytes' | 'sha256'>;

/** Writes beside the file and renames: a reader sees the old file or the new one, never a part. */
async function writeWhole(path: string, chunks: Chunks): Promise<Measure> {
  const partial = `${path}.partial`;
  const hash = createHash('sha256');
  const encoder = new Encoder();
  let bytes = 0;
  try {
    const handle = await open(partial, 'w');
    let writing = Promise.resolve();
    try {
      for (const chunk of chunks) {
        const encoded = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
        hash.update(encoded);
        bytes += encoded.byteLength;
        await writing;
        // From where the last one has ended, and to the end of it; the next one is made meanwhile.
        writing = writeFile(handle, encoded);
      }
      await writing;
      await handle.sync();
    } finally {
      await writing.catch(() => undefined);
      await handle.close();
    }
    await rename(partial, path);
    return { bytes, sha256: hash.digest('hex') };
  } catch (error) {
    // The first error is the one to tell; a partial file that cannot be removed harms nobody.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** How Windows refuses to open a folder; it writes names through by itself. */
const NO_FOLDER_HANDLES: ReadonlySet<string> = new Set(['EISDIR', 'EPERM']);

/** Makes the new names durable. */
async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && NO_FOLDER_HANDLES.has(String(error.code)))
      return undefined;
    throw error;
  });
  if (handle === undefined) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the operator can put right, by the system's error code (https://nodejs.org/api/errors.html#common-system-errors). */
const CAUSES: Readonly<Record<string, { readonly what: string; readonly remedy: string }>> = {
  ENOSPC: { what: 'the disk is full', remedy: 'Free some space' },
  EDQUOT: { what: 'the disk quota is used up', remedy: 'Free some space' },
  EACCES: { what: 'permission is denied', remedy: 'Allow writing there, or close the file where it is open' },
  EPERM: { what: 'permission is denied', remedy: 'Allow writing there, or close the file where it is open' },
  EBUSY: { what: 'another program holds it open', remedy: 'Close the file where it is open' },
  EROFS: { what: 'the disk is read-only', remedy: 'Choose another folder with --reports' },
  ENOTDIR: {
    what: 'a file stands where a folder should be',
    remedy: 'Move that file away, or choose another folder with --reports',
  },
  EEXIST: {
    what: 'a file stands where a folder should be',
    remedy: 'Move that file away, or choose another folder with --reports',
  },
  EISDIR: { what: 'a folder stands where the file should be', remedy: 'Move that folder away' },
};

/** A system error as the three sentences for the operator; anything else is a bug and stays what it is. */
function diskFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error;
  const code = String(error.code);
  const known = CAUSES[code] ?? { what: `the system answered ${code}`, remedy: 'Put that right' };
  return new OperationError({
    code: 'disk-failed',
    what: `The report cannot be written to ${path}: ${known.what}.`,
    data: 'Nothing is lost: what the run did stands in the ledger and in the tenant, and only this report is missing.',
    next: `${known.remedy}, then give the same command again: what is done is not sent again.`,
    cause: error,
  });
}
