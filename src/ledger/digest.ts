// Hashes over what the ledger holds of a run, for the evidence. A field that is null or empty does not count,
// so that a field which a later version adds (null or empty in older records) leaves older hashes as they were.

import { createHash } from 'node:crypto';
import type { KeptConclusion, RunRecord } from './ledger.js';

/** A record as a line of JSON: its fields, in the order of their names. */
export function recordLine(record: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
  return fieldsLine(fields);
}

/** The same, of fields that are in that order already. */
export function fieldsLine(fields: readonly (readonly [name: string, value: unknown])[]): string {
  return JSON.stringify(fields.filter(([, value]) => value !== null && value !== '' && value !== undefined));
}

/** Characters that are hashed together: a call for each line costs more than the line. */
const PIECE = 16_384;

/** SHA-256 over lines. */
export class LinesHash {
  readonly #hash = createHash('sha256');
  #waiting = '';

  add(line: string): void {
    this.addText(`${line}\n`);
  }

  /** Lines with their breaks, as text or in UTF-8. */
  addText(lines: string | Uint8Array): void {
    if (typeof lines === 'string') {
      this.#waiting += lines;
      if (this.#waiting.length >= PIECE) this.#hashWaiting();
      return;
    }
    this.#hashWaiting();
    this.#hash.update(lines);
  }

  /** In hexadecimal. */
  digest(): string {
    this.#hashWaiting();
    return this.#hash.digest('hex');
  }

  #hashWaiting(): void {
    this.#hash.update(this.#waiting);
    this.#waiting = '';
  }
}

/** SHA-256 in hexadecimal over a conclusion: the report's text, then each verdict's, a line each. */
export function conclusionDigest({ report, records }: Omit<KeptConclusion, 'at'>): string {
  const hash = new LinesHash();
  hash.add(report);
  for (const record of records) hash.add(record);
  return hash.digest();
}

/** The detail of a run's first line: what it began with, so that the chain holds the run's record as well. */
export function beganDetail(run: RunRecord, plan: string): string {
  const { tool, job, kind, jobFile, overrides, jobSha256, graph, inputs } = run;
  return JSON.stringify({ tool, job, kind, jobFile, overrides, jobSha256, graph, inputs, plan });
}
