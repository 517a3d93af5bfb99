// A password or key that stands in a file of its own, as secret stores mount them.

import { Secret } from '../secret.js';
import { contentRefusal } from './file-refusal.js';
import { openBytes } from './read-bytes.js';

/** No password and no key comes near it. */
const MAX_BYTES = 4_096;

/**
 * @throws {FileRefusal} when the file cannot be read, is empty, or is too long for a secret.
 *
 * @example
 * await readSecretFile('/run/secrets/seed-password');
 */
export async function readSecretFile(path: string): Promise<Secret> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of openBytes(path).pieces) {
    bytes += piece.byteLength;
    if (bytes > MAX_BYTES)
      throw contentRefusal(`the file is longer than ${MAX_BYTES} bytes; is it a secret?`);
    pieces.push(piece);
  }
  // A line end at the end is the editor's and not the secret's.
  const text = Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') throw contentRefusal('the file is empty; it should hold a password or key');
  return new Secret(text);
}
