// The rows of a job as the join has made them, without a copy: a row is put together from the tables of the files when
// it is looked at. Only those that are anything else than a token and its holder are kept as objects.

import { NumberColumn } from '../compact/number-column.js';
import { type Rows, RowTable } from '../compact/rows.js';
import { isInvalidRow } from './formats/table-format.js';
import type { AssignmentRow, DesiredRow, InvalidRow, TokenRow } from './row.js';

/** Behind the tokens: the row is kept as an object. */
const NO_SOURCE = 0;

/** Rows of a file, of which the user may be had without the rest. */
type Source =
  | Rows<TokenRow | AssignmentRow | InvalidRow>
  | (Rows<TokenRow | AssignmentRow | InvalidRow> & {
      userAt(position: number): string | undefined;
    });

/** The users whom rows name that can be used, in their order. */
export function* usersNamed(rows: Rows<DesiredRow>): Generator<string, void> {
  if (rows instanceof JoinedRows) {
    for (let n = 0; n < rows.length; n += 1) {
      const user = rows.userAt(n);
      if (user !== undefined) yield user;
    }
    return;
  }
  for (const { user, invalid } of rows) if (user !== undefined && invalid === undefined) yield user;
}

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

  /** Those with an action, a wish, or a reason why they cannot be used; and what is not joined plainly. */
  unusual(): Iterable<DesiredRow> {
    return this.#kept.values();
  }

  /** The user whom a row names, when the row can be used. */
  userAt(n: number): string | undefined {
    const kept = this.#kept.get(n);
    if (kept !== undefined) return kept.invalid === undefined ? kept.user : undefined;
    const source = this.#sources.at(n);
    const assigned = source === NO_SOURCE ? undefined : userIn(this.#assignments, source - 1);
    return assigned ?? (n < this.#tokens.length ? userIn(this.#tokens, n) : undefined);
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

function userIn(rows: Source, position: number): string | undefined {
  return 'userAt' in rows ? rows.userAt(position) : rows.at(position)?.user;
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
