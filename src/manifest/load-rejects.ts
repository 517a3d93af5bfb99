// Reads a file again for the rows of it that were refused. A second reading, so that a run of a million rows does
// not hold their texts for the sake of a few.

import { FileRefusal } from './file-refusal.js';
import { assignmentsCsv } from './formats/assignments-csv.js';
import { requestsCsv } from './formats/requests-csv.js';
import type { TableFormat } from './formats/table-format.js';
import { tokenTable } from './formats/token-table.js';
import type { AssignmentsSource } from './load.js';
import { STANDARD_INPUT } from './read-bytes.js';
import { locate, type ManifestSource, readManifestOptions } from './read-manifest-options.js';
import { type FileFormats, FileReading } from './read-rows.js';
import {
  type Reject,
  type RejectLayout,
  type RejectOptions,
  rejectsOfDocument,
  rejectsOfTable,
  type WhyRefused,
} from './rejects.js';

/** The refused rows of one file. */
export interface FileRejects {
  readonly heading: readonly string[] | undefined;
  readonly lines: readonly (readonly string[])[];
  readonly separator: string;
}

/**
 * The rows of a manifest that were refused; `undefined` when it cannot be read again, or is another file by now.
 *
 * @param sha256 - of the file when its rows were refused.
 */
export async function manifestRejects(
  source: ManifestSource,
  sha256: string,
  why: WhyRefused,
  shown: RejectOptions,
): Promise<FileRejects | undefined> {
  const layout: RejectLayout = { heading: undefined };
  const reread = async (): Promise<FileRejects | undefined> => {
    const options = await readManifestOptions(source, (_file, error) => {
      throw error;
    });
    const formats = {
      table: rejectsOfTable(tokenTable(options), why, shown, layout),
      document: rejectsOfDocument(options, why, shown, layout),
    };
    return readRejects(locate(source), source.path, formats, layout, sha256);
  };
  return unlessRefused(reread);
}

/** The rows of an assignments list that were refused. */
export async function assignmentRejects(
  source: AssignmentsSource,
  sha256: string,
  why: WhyRefused,
  shown: RejectOptions,
): Promise<FileRejects | undefined> {
  const layout: RejectLayout = { heading: undefined };
  const formats = { table: assignmentTable(source, why, shown, layout) };
  return unlessRefused(() => readRejects(locate(source), source.path, formats, layout, sha256));
}

function assignmentTable(
  { join = 'serial', columns }: AssignmentsSource,
  why: WhyRefused,
  shown: RejectOptions,
  layout: RejectLayout,
): TableFormat<Reject> {
  return join === 'serial'
    ? rejectsOfTable(assignmentsCsv(columns), why, shown, layout)
    : rejectsOfTable(requestsCsv(join, columns), why, shown, layout);
}

async function readRejects(
  path: string,
  name: string,
  formats: FileFormats<Reject>,
  layout: RejectLayout,
  sha256: string,
): Promise<FileRejects | undefined> {
  if (path === STANDARD_INPUT) return undefined;
  const reading = new FileReading(path, name, formats);
  const lines: (readonly string[])[] = [];
  for await (const batch of reading.rows()) {
    for (const row of batch) if ('cells' in row) lines.push(row.cells);
  }
  const { summary } = reading;
  if (summary?.sha256 !== sha256) return undefined;
  const ownLayout = layout.heading !== undefined && summary.description.heading !== true;
  const { separator = ',' } = summary;
  return { heading: layout.heading, lines, separator: ownLayout ? ',' : separator };
}

async function unlessRefused(read: () => Promise<FileRejects | undefined>): Promise<FileRejects | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FileRefusal) return undefined;
    throw error;
  }
}
