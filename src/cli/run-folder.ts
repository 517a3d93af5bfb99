// The folder of a run: its reports, the evidence about them, and the evidence's signature, written in this
// order, so that evidence.json never names a report that is not there yet.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReportFormat } from '../job/job.js';
import type { ChainWalk } from '../ledger/chain.js';
import type { Ledger, RunRecord } from '../ledger/ledger.js';
import {
  EVIDENCE_FILE,
  type RunEvidence,
  readEvidence,
  SIGNATURE_FILE,
  writeEvidence,
} from '../report/evidence.js';
import type { ReportInput } from '../report/model.js';
import { isSignedBy, type SigningKey } from '../report/signature.js';
import { writeFiles, writeReports } from '../report/write.js';
import { gatherRunEvidence } from './evidence.js';

export interface RunFolder {
  readonly run: RunRecord;
  readonly ledger: Ledger;
  /** Absent: what is signed already stays so when it has not changed; anything else is not signed. */
  readonly signingKey: SigningKey | undefined;
  readonly directory: string;
  readonly formats: readonly ReportFormat[];
  /** The run's chain, when it was walked already. */
  readonly chain?: ChainWalk;
}

/**
 * Writes the reports and the evidence.
 *
 * @returns the paths, in the order of writing.
 * @throws {OperationError} `disk-failed`, `ledger-altered`.
 */
export async function writeRunFolder(input: ReportInput, folder: RunFolder): Promise<readonly string[]> {
  const { run, ledger, signingKey, directory, chain } = folder;
  const reports = await writeReports(input, folder);
  const paths = reports.map(({ path }) => path);
  const evidence = await gatherRunEvidence(ledger, run, input.summary, reports, chain);
  if (signingKey === undefined) {
    const path = join(directory, EVIDENCE_FILE);
    if (await isSignedAlready(directory, evidence)) return [...paths, path];
    await rm(join(directory, SIGNATURE_FILE), { force: true });
    await writeFiles(directory, [{ name: EVIDENCE_FILE, chunks: () => [writeEvidence(evidence)] }]);
    return [...paths, path];
  }
  const text = writeEvidence({
    ...evidence,
    signedBy: { algorithm: 'Ed25519', publicKey: signingKey.publicKey },
  });
  const written = await writeFiles(directory, [
    { name: SIGNATURE_FILE, chunks: () => [signingKey.sign(text)] },
    { name: EVIDENCE_FILE, chunks: () => [text] },
  ]);
  return [...paths, ...written.map(({ path }) => path)];
}

/** Whether the folder holds this very evidence with a signature that fits. */
async function isSignedAlready(directory: string, evidence: RunEvidence): Promise<boolean> {
  const [bytes, signature] = await Promise.all(
    [EVIDENCE_FILE, SIGNATURE_FILE].map((name) => readIfThere(join(directory, name))),
  );
  if (bytes === undefined || signature === undefined) return false;
  const there = readEvidence(bytes.toString('utf8'));
  if ('wrong' in there || there.signedBy === undefined) return false;
  const { signedBy } = there;
  return (
    writeEvidence({ ...evidence, signedBy }) === bytes.toString('utf8') &&
    isSignedBy(bytes, signature, signedBy.publicKey)
  );
}

/** The bytes of a file; `undefined` when there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(unlessMissing);
}

/** The SHA-256 of a file in hexadecimal, however large it is; `undefined` when there is none. */
export async function hashIfThere(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(() => hash.digest('hex'), unlessMissing);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
    return undefined;
  }
  throw error;
}
