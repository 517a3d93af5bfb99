// The rows of a job as the join has made them, without a copy: a row is put together from the tables of the files when
// it is looked at. Only those that are anything else than a token and its holder are kept as objects.

import { NumberColumn } from '../compact/number-column.js';
import { type Rows, RowTable } from '../compact/rows.js';
import { isInvalidRow } from './formats/table-format.js';
import type { AssignmentRow, DesiredRow, InvalidRow, TokenRow } from './row.js';

/** Behind the tokens: the row is kept as an object. */
const NO_SOURCE = 0;

/** First a row for each token, then the others, as they are added. */
export class JoinedRows extends RowTable<DesiredRow> {
  readonly #tokens: Rows<TokenRow | InvalidRow>;
  readonly #assignments: Rows<AssignmentRow | InvalidRow>;
  /** Plus 1, for each row: the assignment that names its holder, or that it is. */
  readonly #sources = new NumberColumn();
  readonly #kept = new Map<number, DesiredRow>();

  constructor(tokens: Rows<TokenRow | InvalidRow>, assignments: Rows<AssignmentRow | InvalidRow>) {
    super();
    this.#tokens = tokens;
    this.#assignments = assignments;
  }

  get length(): number {
    return this.#sources.length;
  }

  /** Adds a token, or behind the tokens an assignment, with nothing else to be said of it. */
  addPlain(assignment: number | undefined): void {
    this.#sources.push(assignment === undefined ? NO_SOURCE : assignment + 1);
  }

  add(row: DesiredRow): void {
    this.#kept.set(this.length, row);
    this.#sources.push(NO_SOURCE);
  }

  at(n: number): DesiredRow | undefined {
    if (n < 0 || n >= this.length) return undefined;
    const kept = this.#kept.get(n);
    if (kept !== undefined) return kept;
    const source = this.#sources.at(n);
    const assignment = source === NO_SOURCE ? undefined : this.#assignments.at(source - 1);
    const token = n < this.#tokens.length ? this.#tokens.at(n) : undefined;
    if (token === undefined) {
      if (assignment === undefined) return undefined;
      const { address, user } = assignment;
      const serialNumber = assignment.serialNumber ?? '';
      return user === undefined ? { n, address, serialNumber } : { n, address, serialNumber, user };
    }
    return isInvalidRow(token) ? undefined : joined(n, token, assignment);
  }
}

/** A token with what its assignment says. */
function joined(n: number, row: TokenRow, assignment: AssignmentRow | InvalidRow | undefined): DesiredRow {
  const { address, serialNumber, token } = row;
  const user = assignment?.user ?? row.user;
  // Literals that are whole: objects that are put together from parts take three times as long.
  if (assignment === undefined) {
    return user === undefined
      ? { n, address, serialNumber, token }
      : { n, address, serialNumber, user, token };
  }
  const userAddress = assignment.address;
  return user === undefined
    ? { n, address, serialNumber, userAddress, token }
    : { n, address, serialNumber, user, userAddress, token };
}
