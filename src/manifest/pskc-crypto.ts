// The cryptography of encrypted PSKC files (RFC 6030, section 6), on Node.js' own. Deterministic: it draws no lots,
// and it knows nothing of XML. What cannot be done is `undefined`, and never a message of the library.

import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

/** AES-CBC by the number of bytes of its key (https://www.w3.org/TR/xmlenc-core1/#sec-AES). */
const AES_CBC: ReadonlyMap<number, string> = new Map([
  [16, 'aes-128-cbc'],
  [24, 'aes-192-cbc'],
  [32, 'aes-256-cbc'],
]);

const BLOCK_BYTES = 16;

export type MacHash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/**
 * Decrypts AES-CBC: the first block of `data` is the initialisation vector, and of the padding only the last byte
 * counts (https://www.w3.org/TR/xmlenc-core1/#sec-Padding).
 *
 * @returns `undefined` when the key, the length or the padding does not fit.
 */
export function decryptAesCbc(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  const algorithm = AES_CBC.get(key.byteLength);
  const cipher = data.subarray(BLOCK_BYTES);
  if (algorithm === undefined || cipher.byteLength === 0 || cipher.byteLength % BLOCK_BYTES !== 0) {
    return undefined;
  }
  const decipher = createDecipheriv(algorithm, key, data.subarray(0, BLOCK_BYTES)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(cipher), decipher.final()]);
  const padding = plain.at(-1) ?? 0;
  return padding >= 1 && padding <= BLOCK_BYTES ? plain.subarray(0, plain.byteLength - padding) : undefined;
}

/** Whether a MAC fits, compared in constant time. */
export function macFits(hash: MacHash, key: Uint8Array, data: Uint8Array, mac: Uint8Array): boolean {
  const expected = createHmac(hash, key).update(data).digest();
  return expected.byteLength === mac.byteLength && timingSafeEqual(expected, mac);
}

/** PBKDF2 (RFC 8018, section 5.2). The rounds are bounded by the caller. */
export function deriveKey(
  password: string,
  salt: Uint8Array,
  rounds: number,
  keyBytes: number,
  hash: MacHash,
): Uint8Array {
  return pbkdf2Sync(password, salt, rounds, keyBytes, hash);
}
