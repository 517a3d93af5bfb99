// Reads a plan file from the disk, a row at a time: that of a million rows is hundreds of megabytes.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { OperationError } from '../errors.js';
import { FileRefusal } from '../manifest/file-refusal.js';
import { type JsonItem, JsonItemReader } from '../manifest/json-items.js';
import { type PlanFileHead, type PlanFileRow, readPlanHead, readPlanRow } from '../plan/plan-file.js';

/**
 * Reads a plan file to its end.
 *
 * @param onRow - told each row, in the order of the file. What stands behind them may still be wrong.
 * @throws {OperationError} `plan-unreadable`.
 */
export async function readPlanFile(
  path: string,
  onRow: (row: PlanFileRow) => void = () => undefined,
): Promise<PlanFileHead> {
  const reader = new PlanFileReader(onRow);
  try {
    if (!(await stat(path)).isFile()) throw unreadable(path, 'it is no file that can be read twice');
    for await (const text of createReadStream(path, { encoding: 'utf8' })) reader.push(String(text));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    throw unreadable(path, error.code === 'ENOENT' ? 'there is no such file' : error.message);
  }
  const head = reader.end();
  if ('wrong' in head) throw unreadable(path, head.wrong);
  return head;
}

/** A plan file whose text comes in pieces. */
export class PlanFileReader {
  readonly #json = new JsonItemReader();
  readonly #onRow: (row: PlanFileRow) => void;
  /** What stands beside the rows: a value, or all elements of a list, by the keys on the way to it. */
  readonly #head = new Map<string, unknown>();
  #rows = 0;
  #wrong: string | undefined;

  constructor(onRow: (row: PlanFileRow) => void) {
    this.#onRow = onRow;
  }

  push(text: string): void {
    this.#take(() => this.#json.push(text));
  }

  /** What the file says beside its rows, or a sentence about the first thing that is wrong with it. */
  end(): PlanFileHead | { readonly wrong: string } {
    this.#take(() => this.#json.end());
    return this.#wrong === undefined ? readPlanHead(nested(this.#head)) : { wrong: this.#wrong };
  }

  #take(read: () => readonly JsonItem[]): void {
    if (this.#wrong !== undefined) return;
    try {
      for (const item of read()) this.#item(item);
    } catch (error) {
      if (!(error instanceof FileRefusal)) throw error;
      const [trouble] = error.troubles;
      const where = trouble?.line === undefined ? '' : ` (line ${trouble.line})`;
      this.#wrong = `it is no JSON object, or not the whole of one${where}`;
    }
  }

  #item({ path, value, listed }: JsonItem): void {
    if (this.#wrong !== undefined) return;
    if (path === 'rows' && listed) {
      const row = readPlanRow(value, this.#rows);
      this.#rows += 1;
      if ('wrong' in row) this.#wrong = row.wrong;
      else this.#onRow(row);
      return;
    }
    if (!listed) this.#head.set(path, value);
    else {
      const known = this.#head.get(path);
      if (Array.isArray(known)) known.push(value);
      else this.#head.set(path, [value]);
    }
  }
}

/** Values by their keys again. A list in which nothing stands was not seen. */
function nested(values: ReadonlyMap<string, unknown>): unknown {
  const whole = new Map<string, unknown>([['inputs', []]]);
  const job = new Map<string, unknown>([['overrides', []]]);
  for (const [path, value] of values) {
    const [key = '', ...below] = path.split('.');
    if (below.length === 0) whole.set(key, value);
    else if (key === 'job') job.set(below.join('.'), value);
    // No other key holds an object.
    else whole.set(key, {});
  }
  if (!whole.has('job')) whole.set('job', Object.fromEntries(job));
  return Object.fromEntries(whole);
}

function unreadable(path: string, why: string): OperationError {
  return new OperationError({
    code: 'plan-unreadable',
    what: `The plan ${path} cannot be read: ${why}.`,
    data: 'Nothing was sent.',
    next: 'Make a plan with: oathbatch plan JOB --out PLAN',
  });
}
