// What every format offers that is not a table of cells: text goes in piece by piece, tokens come out as soon as
// they are complete. It knows nothing of files, streams or time.

import type { ManifestOptions } from '../manifest-options.js';
import type { RawToken } from '../raw-token.js';
import type { Implied } from '../token-check.js';

/** A token, and the line on which it starts (1-based). */
export interface DocumentToken {
  readonly raw: RawToken;
  readonly line: number;
}

/** Reads one document. `push` and `end` throw a FileRefusal when it cannot be used as a whole. */
export interface DocumentReader {
  push(text: string): readonly DocumentToken[];
  /** What was held back; to be called once, after the last piece. */
  end(): readonly DocumentToken[];
  /** Things worth a look about the file as a whole. */
  remarks(): readonly string[];
}

export interface DocumentFormat {
  /** A short name that stays the same. */
  readonly name: string;
  /** As sentences call it. */
  readonly title: string;
  /** What the format means by what it leaves out. */
  readonly implied: Implied;
  open(options: ManifestOptions): DocumentReader;
}
