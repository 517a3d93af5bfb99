// What a format has read of one token: texts, before anything is checked. Every format ends here, so that every
// rule about tokens stands once, in token-check.ts.

import type { Invalidity } from './row.js';
import type { SecretEncoding } from './secret-encoding.js';

/** The parts of a token that a file may have. `user` is who shall hold it. */
export const TOKEN_FIELDS = [
  'serialNumber',
  'secretKey',
  'timeInterval',
  'hashFunction',
  'digits',
  'kind',
  'manufacturer',
  'model',
  'user',
] as const;

export type TokenField = (typeof TOKEN_FIELDS)[number];

export interface RawToken {
  readonly serialNumber: string;
  /** Text in the encoding of the file, or the bytes themselves. */
  readonly secretKey: string | Uint8Array;
  /** The encoding of this key, when the format says it of each token or of all of them. */
  readonly encoding?: SecretEncoding;
  readonly timeInterval?: string;
  readonly hashFunction?: string;
  readonly digits?: string;
  /** `totp`, `hotp`, or however the file calls them. */
  readonly kind?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly user?: string;
  /** What the format itself found wrong: a MAC that does not fit, a key that cannot be decrypted. */
  readonly trouble?: Invalidity;
}
