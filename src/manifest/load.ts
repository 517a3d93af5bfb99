// Reads all files of a job and joins them. The only door into this stage: whoever needs rows calls loadDesired.

import { TextIndex } from '../compact/text-index.js';
import { invariant, OperationError, type Problem } from '../errors.js';
import { crossChecks } from './cross-checks.js';
import { deal } from './deal.js';
import { FileRefusal } from './file-refusal.js';
import { type AssignmentColumns, assignmentsCsv } from './formats/assignments-csv.js';
import { type LeaverColumns, leaversCsv } from './formats/leavers-csv.js';
import { type RequestColumns, requestsCsv } from './formats/requests-csv.js';
import { tokenDocument } from './formats/token-document.js';
import { tokenTable } from './formats/token-table.js';
import { join } from './join.js';
import { neededTokens } from './known-tokens.js';
import type { ManifestOptions } from './manifest-options.js';
import {
  locate,
  type ManifestSource,
  type NamedSource,
  readManifestOptions,
} from './read-manifest-options.js';
import { type FileFormats, FileReading } from './read-rows.js';
import type { Desired, InputFile, InvalidRow, LeaverRow, RequestRow, TokenRow, Warning } from './row.js';
import { AssignmentTable, TokenTable } from './row-table.js';

export type { ManifestSource } from './read-manifest-options.js';

/** A list of serial number → user. */
export interface AssignmentsSource extends NamedSource {
  /** Which column is what, for a list whose headings are not known. */
  readonly columns?: AssignmentColumns & RequestColumns;
  /**
   * How users come to their tokens: by serial number, which is so when left out; dealt in the order of the
   * manifests; or drawn from the tokens of a model.
   */
  readonly join?: 'serial' | 'dealt' | 'stock';
}

/** A list of users who leave. */
export interface LeaversSource extends NamedSource {
  /** Which column is what, for a list whose headings are not known. */
  readonly columns?: LeaverColumns;
}

export interface DesiredSources {
  readonly manifests: readonly ManifestSource[];
  readonly assignments: readonly AssignmentsSource[];
  readonly leavers?: readonly LeaversSource[];
}

/**
 * Reads manifests and assignments into the rows of the job.
 *
 * A row that cannot be used is in the answer, as an invalid one. A file that cannot be used is an error, and the
 * error names the troubles of all files.
 *
 * @throws {OperationError} `input-unreadable` when a file cannot be opened, else `input-invalid` when one of them
 *   is not what it should be; nothing was sent.
 *
 * @example
 * const desired = await loadDesired({
 *   manifests: [{ path: 'samples/tokens.csv' }],
 *   assignments: [{ path: 'samples/assignments.csv' }],
 * });
 */
export async function loadDesired(files: DesiredSources, signal?: AbortSignal): Promise<Desired> {
  const reading = new Reading(files);
  const names = new TextIndex();
  const tokens = new TokenTable(names);
  const known: (TokenRow | InvalidRow)[] = [];
  for (const source of files.manifests) {
    const options = await readManifestOptions(source, (file, error) => reading.refuse(file, error), signal);
    const formats = tokenFormats(options);
    if (source.known === true) await reading.read('known-manifest', source, formats, known, signal);
    else await reading.read('manifest', source, formats, tokens, signal);
  }
  const assignments = new AssignmentTable(names);
  const requests: (RequestRow | InvalidRow)[] = [];
  for (const source of files.assignments) {
    const { join: how = 'serial', columns } = source;
    if (how === 'serial') {
      await reading.read('assignments', source, { table: assignmentsCsv(columns) }, assignments, signal);
    } else {
      await reading.read('assignments', source, { table: requestsCsv(how, columns) }, requests, signal);
    }
  }
  const leavers: (LeaverRow | InvalidRow)[] = [];
  for (const source of files.leavers ?? []) {
    await reading.read('leavers', source, { table: leaversCsv(source.columns) }, leavers, signal);
  }
  reading.throwIfRefused();

  const needed = neededTokens(known, tokens, assignments);
  const inputs = reading.inputs.map((input) =>
    input.role === 'known-manifest'
      ? { ...input, rows: needed.filter(({ address }) => address.file === input.path).length }
      : input,
  );
  const dealt = deal(tokens, assignments, requests);
  for (const row of needed) tokens.push(row);
  for (const row of dealt) assignments.push(row);
  const joined = join(tokens, assignments, leavers);
  const read = inputs.reduce((sum, input) => sum + input.rows, 0);
  invariant(read === joined.rows.length + joined.joinedAssignments, 'rows read and rows of the job disagree');
  return {
    rows: joined.rows,
    inputs,
    joinedAssignments: joined.joinedAssignments,
    warnings: [...reading.warnings, ...joined.warnings, ...crossChecks(joined.rows, names)],
    names,
    forgetSecrets: () => tokens.forgetSecrets(),
  };
}

/** Where rows go as they are read. */
interface RowList<Row> {
  push(row: Row | InvalidRow): unknown;
}

/** What comes of the files as they are read one after the other. */
class Reading {
  readonly inputs: InputFile[] = [];
  readonly warnings: Warning[] = [];
  readonly #problems: Problem[] = [];
  readonly #seen = new Map<string, string>();
  readonly #fileCount: number;
  #unreadable = false;

  constructor(files: DesiredSources) {
    this.#fileCount = files.manifests.length + files.assignments.length + (files.leavers?.length ?? 0);
  }

  async read<Row>(
    role: InputFile['role'],
    source: NamedSource,
    formats: FileFormats<Row>,
    rows: RowList<Row>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const file = source.path;
    const path = locate(source);
    const key = `${role} ${path}`;
    const earlier = this.#seen.get(key);
    if (earlier !== undefined) {
      this.#problems.push({ file, message: `the same file is named before, as ${earlier}; name it once` });
      return;
    }
    this.#seen.set(key, file);
    try {
      const reading = new FileReading(path, file, formats, signal);
      for await (const batch of reading.rows()) for (const row of batch) rows.push(row);
      const { summary } = reading;
      invariant(summary !== undefined, 'a file was read to its end and has no summary');
      this.inputs.push({ role, path: file, sha256: summary.sha256, rows: summary.rows });
      for (const message of summary.remarks) this.warnings.push({ file, message });
    } catch (error) {
      this.refuse(file, error);
    }
  }

  /** Notes that a file cannot be used. */
  refuse(file: string, error: unknown): void {
    if (!(error instanceof FileRefusal)) throw error;
    if (error.code === 'input-unreadable') this.#unreadable = true;
    for (const trouble of error.troubles) this.#problems.push({ file, ...trouble });
  }

  throwIfRefused(): void {
    if (this.#problems.length === 0) return;
    const refused = new Set(this.#problems.map((problem) => problem.file)).size;
    throw new OperationError({
      code: this.#unreadable ? 'input-unreadable' : 'input-invalid',
      what: `${refused} of ${this.#fileCount} input files cannot be used.`,
      data: 'Nothing was sent.',
      next: 'Put the files right, then give the same command again.',
      problems: this.#problems,
    });
  }
}

/** Everything that a manifest may be. */
function tokenFormats(options: ManifestOptions): FileFormats<TokenRow> {
  return {
    table: tokenTable(options),
    document: (head, file) => tokenDocument(head, file, options),
  };
}
