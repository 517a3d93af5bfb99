// The rows of a job as the join has made them, without a copy: a row is put together from the tables of the files when
// it is looked at. Only those that are anything else than a token and its holder are kept as objects.

import type { Make } from '../compact/make-column.js';
import { NumberColumn, type NumberColumnMessage } from '../compact/number-column.js';
import type { PlainLines } from '../compact/plain-lines.js';
import { type Rows, RowTable } from '../compact/rows.js';
import type { TextIndex } from '../compact/text-index.js';
import { BugError, invariant } from '../errors.js';
import { Secret } from '../secret.js';
import { isInvalidRow } from './formats/table-format.js';
import type {
  AssignmentRow,
  DesiredRow,
  DesiredRows,
  InvalidRow,
  RowAddress,
  RowPart,
  RowParts,
  RowPlace,
  TokenRow,
} from './row.js';
import {
  AssignmentTable,
  type AssignmentTableMessage,
  type FileRows,
  TokenTable,
  type TokenTableMessage,
} from './row-table.js';

/** Behind the tokens: the row is kept as an object. */
const NO_SOURCE = 0;

/** A code that stayed in another thread: that there is one is all that is known. */
const ELSEWHERE = new Secret(() => {
  throw new BugError('a code is asked for that stayed in another thread');
});

/** Rows of a file, of which parts may be had without the rest. */
export type Source<Row> = Rows<Row> & Partial<FileRows<Row>>;

type Assignments = Source<AssignmentRow | InvalidRow>;

/** Rows of manifests, of which makes and keys may be had as well. */
type Tokens = Source<TokenRow | InvalidRow> & Partial<Pick<TokenTable, 'makeAt' | 'secretAt'>>;

/** The users whom rows name that can be used, in their order. */
export function* usersNamed(rows: DesiredRows): Generator<string, void> {
  if (rows instanceof JoinedRows) {
    for (let n = 0; n < rows.length; n += 1) {
      const user = rows.userAt(n);
      if (user !== undefined) yield user;
    }
    return;
  }
  for (const { user, invalid } of rows) if (user !== undefined && invalid === undefined) yield user;
}

/** Rows of a job for another thread, without keys and codes. */
export interface JoinedRowsMessage {
  readonly tokens: TokenTableMessage;
  readonly assignments: AssignmentTableMessage;
  readonly sources: NumberColumnMessage;
  /** Those that are kept as objects, in their order. */
  readonly kept: readonly KeptMessage[];
}

interface KeptMessage {
  readonly row: Omit<DesiredRow, 'token' | 'code'>;
  readonly hasToken: boolean;
  readonly hasCode: boolean;
}

/** First a row for each token, then the others, as they are added. */
export class JoinedRows extends RowTable<DesiredRow> implements RowParts {
  readonly #tokens: Tokens;
  readonly #assignments: Assignments;
  /** Plus 1, for each row: the assignment that names its holder, or that it is. */
  #sources = new NumberColumn();
  readonly #kept = new Map<number, DesiredRow>();

  constructor(tokens: Tokens, assignments: Assignments) {
    super();
    this.#tokens = tokens;
    this.#assignments = assignments;
  }

  /** Rows whose keys and codes stayed in another thread. @param names - the keys of users, which came beside them. */
  static fromMessage(message: JoinedRowsMessage, names: TextIndex): JoinedRows {
    const tokens = TokenTable.fromMessage(message.tokens, names);
    const rows = new JoinedRows(tokens, AssignmentTable.fromMessage(message.assignments, names));
    rows.#sources = NumberColumn.fromMessage(message.sources);
    for (const { row, hasToken, hasCode } of message.kept) {
      const own = hasToken ? tokens.at(row.n) : undefined;
      const token = own === undefined || isInvalidRow(own) ? {} : { token: own.token };
      rows.#kept.set(row.n, { ...row, ...token, ...(hasCode ? { code: ELSEWHERE } : {}) });
    }
    return rows;
  }

  /** For another thread, to which the memory goes: the rows are of no use afterwards. */
  toMessage(): JoinedRowsMessage {
    const [tokens, assignments] = [this.#tokens, this.#assignments];
    invariant(
      tokens instanceof TokenTable && assignments instanceof AssignmentTable,
      'only rows of tables go to another thread',
    );
    return {
      tokens: tokens.toMessage(),
      assignments: assignments.toMessage(),
      sources: this.#sources.toMessage(),
      kept: [...this.#kept.values()].map(({ token, code, ...row }) => ({
        row,
        hasToken: token !== undefined,
        hasCode: code !== undefined,
      })),
    };
  }

  get parts(): RowParts {
    return this;
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

  secretAt(n: number): Secret | 'none' | undefined {
    return n < this.#tokens.length ? this.#tokens.secretAt?.(n) : 'none';
  }

  makeAt(n: number): Make | 'none' | undefined {
    return n < this.#tokens.length ? this.#tokens.makeAt?.(n) : 'none';
  }

  isPlain(n: number): boolean {
    return !this.#kept.has(n);
  }

  nameIn(names: TextIndex, n: number): number {
    const source = this.#sources.at(n);
    const assigned = source === NO_SOURCE ? -1 : (this.#assignments.nameIn?.(names, source - 1) ?? -1);
    return assigned >= 0 || n >= this.#tokens.length ? assigned : (this.#tokens.nameIn?.(names, n) ?? -1);
  }

  serialNumberAt(n: number): string | undefined {
    const kept = this.#kept.get(n);
    if (kept !== undefined) return kept.serialNumber;
    if (n < this.#tokens.length) return this.#tokens.serialNumberAt?.(n);
    return this.#assignments.serialNumberAt?.(this.#sources.at(n) - 1);
  }

  addressAt(n: number): RowAddress | undefined {
    if (this.#kept.has(n) || n >= this.length) return undefined;
    if (n < this.#tokens.length) return this.#tokens.addressAt?.(n);
    return this.#assignments.addressAt?.(this.#sources.at(n) - 1);
  }

  write(part: RowPart, n: number, to: PlainLines): void {
    const assignment = this.#sources.at(n) - 1;
    const isToken = n < this.#tokens.length;
    const isFromAssignment = !isToken || (part === 'user' && assignment >= 0);
    if (isFromAssignment && this.#assignments.write?.(part, assignment, to) === true) return;
    if (isToken) this.#tokens.write?.(part, n, to);
  }

  placeAt(n: number): RowPlace | undefined {
    const address = this.addressAt(n);
    const serialNumber = address === undefined ? undefined : this.serialNumberAt(n);
    if (address === undefined || serialNumber === undefined) return this.at(n);
    const user = this.userAt(n);
    return user === undefined ? { address, serialNumber } : { address, serialNumber, user };
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

function userIn(rows: Tokens | Assignments, position: number): string | undefined {
  return rows.userAt === undefined ? rows.at(position)?.user : rows.userAt(position);
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
