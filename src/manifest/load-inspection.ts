// Reads one file and says what is in it: what was recognised and why, counts, the first rows. The second door into
// this stage, for people who look before they run a job.

import { resolve } from 'node:path';
import { FileRefusal, type FileTrouble } from './file-refusal.js';
import { type AssignmentColumns, assignmentsCsv } from './formats/assignments-csv.js';
import { isInvalidRow } from './formats/table-format.js';
import { tokenDocument } from './formats/token-document.js';
import { tokenTable } from './formats/token-table.js';
import { guessColumns, type TableGuess } from './guess-columns.js';
import type { ManifestOptions } from './manifest-options.js';
import { STANDARD_INPUT } from './read-bytes.js';
import { type FileFormats, FileReading, type FileSummary, readSample } from './read-rows.js';
import type { AssignmentRow, InvalidRow, TokenRow } from './row.js';

/** Rows that are shown. */
const FIRST_ROWS = 5;

/** What was counted over all rows of a file. */
export interface Tally {
  readonly good: number;
  readonly invalid: number;
  /** How often each reason stands, and where it stands first. */
  readonly reasons: ReadonlyMap<
    string,
    { readonly count: number; readonly line: number; readonly detail: string }
  >;
  /** How many tokens are of each kind: `Token2 C202, 30 s, hmacsha1`. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly withUser: number;
}

export type Inspection =
  | {
      readonly path: string;
      readonly role: 'manifest' | 'assignments';
      readonly summary: FileSummary;
      readonly tally: Tally;
      readonly first: readonly (TokenRow | AssignmentRow | InvalidRow)[];
    }
  | {
      readonly path: string;
      readonly role: 'unusable';
      readonly troubles: readonly FileTrouble[];
      /** What its columns look like, when it is a table. */
      readonly guess?: TableGuess;
    };

/** What a job says of a file. */
export interface Said {
  /** When the file is a manifest. */
  readonly manifest?: ManifestOptions;
  /** When it is an assignments list: which column is what. */
  readonly assignments?: AssignmentColumns;
}

/**
 * @param path - the file, as it is shown and from the current directory.
 *
 * @example
 * const inspection = await inspectFile('samples/tokens.csv', {});
 */
export async function inspectFile(
  path: string,
  { manifest: options = {}, assignments: columns }: Said,
  signal?: AbortSignal,
): Promise<Inspection> {
  const manifest = await inspectAs(
    'manifest',
    path,
    {
      table: tokenTable(options),
      document: (head, file) => tokenDocument(head, file, options),
    },
    signal,
  );
  if (!(manifest instanceof FileRefusal)) return manifest;
  const assignments = await inspectAs('assignments', path, { table: assignmentsCsv(columns) }, signal);
  if (!(assignments instanceof FileRefusal)) return assignments;
  const refused: Inspection = { path, role: 'unusable', troubles: manifest.troubles };
  if (manifest.code === 'input-unreadable') return refused;
  const sample = await readSample(
    path === STANDARD_INPUT ? path : resolve(path),
    tokenTable(options),
    signal,
  );
  return sample === undefined ? refused : { ...refused, guess: guessColumns(sample) };
}

async function inspectAs<Row extends TokenRow | AssignmentRow>(
  role: 'manifest' | 'assignments',
  path: string,
  formats: FileFormats<Row>,
  signal: AbortSignal | undefined,
): Promise<Inspection | FileRefusal> {
  const reading = new FileReading(path === STANDARD_INPUT ? path : resolve(path), path, formats, signal);
  const first: (TokenRow | AssignmentRow | InvalidRow)[] = [];
  const reasons = new Map<string, { count: number; line: number; detail: string }>();
  const kinds = new Map<string, number>();
  let good = 0;
  let invalid = 0;
  let withUser = 0;
  try {
    for await (const batch of reading.rows()) {
      for (const row of batch) {
        if (first.length < FIRST_ROWS) first.push(row);
        if (isInvalidRow(row)) {
          invalid += 1;
          const known = reasons.get(row.reason);
          if (known !== undefined) known.count += 1;
          else reasons.set(row.reason, { count: 1, line: row.address.line, detail: row.detail });
          continue;
        }
        good += 1;
        if (row.user !== undefined) withUser += 1;
        const kind = kindOf(row);
        if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    }
  } catch (error) {
    if (error instanceof FileRefusal) return error;
    throw error;
  }
  const { summary } = reading;
  if (summary === undefined) return new FileRefusal('input-invalid', [{ message: 'the file is empty' }]);
  return { path, role, summary, tally: { good, invalid, reasons, kinds, withUser }, first };
}

function kindOf(row: TokenRow | AssignmentRow): string | undefined {
  if (!('token' in row)) return undefined;
  const { manufacturer, model, timeIntervalInSeconds, hashFunction } = row.token;
  return `${manufacturer} ${model}, ${timeIntervalInSeconds} s, ${hashFunction}`;
}
