// What a job says of a manifest beside its path.

import type { Secret } from '../secret.js';
import type { ColumnMap } from './column-map.js';
import type { TokenField } from './raw-token.js';
import type { HashFunction, TimeInterval } from './row.js';
import type { SecretEncoding } from './secret-encoding.js';
import type { SerialMap } from './serial-map.js';

export type TokenColumns = ColumnMap<TokenField>;

export interface ManifestOptions {
  /** Which column is what, for a table that no layout knows. */
  readonly columns?: TokenColumns;
  /** What every token of the file is, where the file does not say it. */
  readonly defaults?: { readonly manufacturer?: string; readonly model?: string };
  readonly secretEncoding?: SecretEncoding;
  /** The hash function of every token in the file. A file that says another one is contradicted, row by row. */
  readonly hashFunction?: HashFunction;
  /** The time interval of every token in the file, in seconds; the same holds. */
  readonly timeInterval?: TimeInterval;
  /** What an encrypted container is opened with: a password, or a key in hexadecimal or Base64. */
  readonly password?: Secret;
  readonly key?: Secret;
  /** Serial numbers for a file that has none. */
  readonly serials?: SerialMap;
}
