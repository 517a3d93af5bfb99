// Hashes over what the ledger holds of a run, for the evidence. A field that is null or empty does not count,
// so that a column which a later version adds (null or empty in older rows) leaves older hashes as they were.

import { createHash } from 'node:crypto';
import type { Conclusion, RunRecord } from './ledger.js';

/** SHA-256 in hexadecimal over records: each as its fields in the order of their names. */
export function recordsDigest(records: Iterable<Readonly<Record<string, unknown>>>): string {
  const hash = createHash('sha256');
  for (const record of records) {
    const fields = Object.entries(record)
      .filter(([, value]) => value !== null && value !== '')
      .sort(([one], [other]) => (one < other ? -1 : 1));
    hash.update(`${JSON.stringify(fields)}\n`);
  }
  return hash.digest('hex');
}

/** SHA-256 in hexadecimal over a conclusion: the report's text, then each verdict's, a line each. */
export function conclusionDigest({ report, verdicts }: Conclusion): string {
  const hash = new ConclusionHash(report);
  for (const { record } of verdicts) hash.add(record);
  return hash.digest();
}

/** The same, made while the verdicts are gone through for another reason. */
export class ConclusionHash {
  readonly #hash = createHash('sha256');

  constructor(report: string) {
    this.#hash.update(`${report}\n`);
  }

  add(record: string): void {
    this.#hash.update(`${record}\n`);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** The detail of a run's first line: what it began with, so that the chain holds the run's record as well. */
export function beganDetail(run: RunRecord, plan: string): string {
  const { tool, job, kind, jobFile, overrides, jobSha256, graph, inputs } = run;
  return JSON.stringify({ tool, job, kind, jobFile, overrides, jobSha256, graph, inputs, plan });
}
