// Reads the operator's keys: the one that signs the evidence, before anything is sent, and the one that a
// check compares with.

import { readFile } from 'node:fs/promises';
import { OperationError } from '../errors.js';
import type { Job } from '../job/job.js';
import { readPublicKey, readSigningKey, type SigningKey } from '../report/signature.js';

/**
 * The key that the job signs with, if it names one.
 *
 * @throws {OperationError} `key-unusable`.
 */
export async function loadSigningKey(job: Job): Promise<SigningKey | undefined> {
  const { signingKey } = job.reports;
  if (signingKey === undefined) return undefined;
  return readSigningKeyFile(signingKey.absolutePath, signingKey.path);
}

/**
 * A private key from a PEM file.
 *
 * @throws {OperationError} `key-unusable`.
 */
export async function readSigningKeyFile(path: string, shown = path): Promise<SigningKey> {
  const key = readSigningKey(await readKeyFile(path, shown));
  if ('wrong' in key) throw unusable(shown, key.wrong);
  return key;
}

/**
 * An operator's public key from a PEM file, in base64.
 *
 * @throws {OperationError} `key-unusable`.
 */
export async function loadPublicKey(path: string): Promise<string> {
  const key = readPublicKey(await readKeyFile(path, path));
  if (typeof key !== 'string') throw unusable(path, key.wrong);
  return key;
}

async function readKeyFile(path: string, shown: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(shown, error instanceof Error ? error.message : String(error));
  });
}

function unusable(path: string, why: string): OperationError {
  return new OperationError({
    code: 'key-unusable',
    what: `The key ${path} cannot be used: ${why}.`,
    data: 'Nothing was sent.',
    next: 'Name an Ed25519 key in PEM; one is made with: openssl genpkey -algorithm ed25519 -out key.pem',
  });
}
