// Joins a token with the one line that names its holder, without making a row of either: almost all tokens of a large
// job are joined so. Whatever else there is to be said of a token goes the long way through join.ts. Pure.

import type { Source } from './joined-rows.js';
import type { AssignmentRow, InvalidRow, TokenRow } from './row.js';
import type { SerialIndex } from './serial-index.js';

type Tokens = Source<TokenRow | InvalidRow>;
type Assignments = Source<AssignmentRow | InvalidRow>;

interface Files {
  readonly tokens: Tokens;
  readonly tokensBySerial: SerialIndex<TokenRow | InvalidRow>;
  readonly assignments: Assignments;
  readonly assignmentsBySerial: SerialIndex<AssignmentRow | InvalidRow>;
}

export class PlainJoin {
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  /** The line that names the holder of a token, if any does; `undefined` when there is more to be said of them. */
  partner(place: number): { readonly line: number | undefined } | undefined {
    const { tokens, tokensBySerial, assignments, assignmentsBySerial } = this.#files;
    if (tokens.isPlain?.(place) !== true || !tokensBySerial.isAlone(place)) return undefined;
    const serialNumber = tokens.serialNumberAt?.(place);
    if (serialNumber === undefined) return undefined;
    const [line, ...others] = assignmentsBySerial.positions(serialNumber);
    if (line === undefined) return { line };
    const isPlain =
      others.length === 0 &&
      assignments.isPlain?.(line) === true &&
      assignments.hasSerialNumber?.(line, serialNumber) === true;
    // A user in the manifest may contradict the line.
    return isPlain && tokens.userAt?.(place) === undefined ? { line } : undefined;
  }

  /** Whether a line is plainly about a token of the manifests. */
  isOfToken(line: number): boolean {
    const { tokensBySerial, assignments } = this.#files;
    const serialNumber =
      assignments.isPlain?.(line) === true ? assignments.serialNumberAt?.(line) : undefined;
    return serialNumber !== undefined && tokensBySerial.positions(serialNumber).length > 0;
  }
}
