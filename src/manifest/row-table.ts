// What the readers have read, in columns: rows of manifests and of assignments lists. A row becomes an object when it
// is looked at; one with something rare in it is kept as the object that it is.

import { type Make, MakeColumn, type MakeColumnMessage } from '../compact/make-column.js';
import { RepeatingTextColumn, type RepeatingTextColumnMessage } from '../compact/number-column.js';
import type { PlainLines } from '../compact/plain-lines.js';
import { RisingColumn, type RisingColumnMessage } from '../compact/rising-column.js';
import { type Rows, RowTable } from '../compact/rows.js';
import { SecretColumn } from '../compact/secret-column.js';
import { TextColumn, type TextColumnMessage } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
import { invariant } from '../errors.js';
import type { Secret } from '../secret.js';
import { isInvalidRow } from './formats/table-format.js';
import type { AssignmentRow, InvalidRow, RowAddress, RowPart, TokenDetails, TokenRow } from './row.js';
import { UserColumn, type UserColumnMessage } from './user-column.js';

/** Rows of which the serial number can be had without the rest. */
export interface SerialRows<Row> extends Rows<Row> {
  /** `undefined` for a refused row that has none. */
  serialNumberAt(position: number): string | undefined;
  /** Whether the row has exactly this one; a look without making a text. */
  hasSerialNumber(position: number, serialNumber: string): boolean;
}

/** Rows of a file, of which the parts can be had without the rest. */
export interface FileRows<Row> extends SerialRows<Row> {
  addressAt(position: number): RowAddress;
  /** Whether it was not refused, and nothing is asked for but that a user gets the token. */
  isPlain(position: number): boolean;
  userAt(position: number): string | undefined;
  /** Where the key of the row's user stands in an index; −1 for a refused row, and where it does not stand there. */
  nameIn(names: TextIndex, position: number): number;
  /** Adds a part of a plain row to a line. @returns whether it has that. */
  write(part: RowPart, position: number, to: PlainLines): boolean;
}

/** What both tables have, for another thread. */
interface FileTableMessage<Row> {
  readonly files: RepeatingTextColumnMessage;
  readonly lines: RisingColumnMessage;
  readonly serials: TextColumnMessage;
  readonly users: UserColumnMessage;
  readonly rare: ReadonlyMap<number, Row>;
}

/** Rows of manifests for another thread, without their keys. */
export interface TokenTableMessage {
  readonly rows: FileTableMessage<InvalidRow>;
  readonly makes: MakeColumnMessage<TokenDetails>;
}

/** Rows of assignments lists for another thread, without the codes in them. */
export type AssignmentTableMessage = FileTableMessage<AssignmentRow | InvalidRow>;

/** What both tables have in columns: where each row stands, its serial number and its user. Rare rows stay objects. */
abstract class FileTable<Row extends TokenRow | AssignmentRow>
  extends RowTable<Row | InvalidRow>
  implements FileRows<Row | InvalidRow>
{
  #files = new RepeatingTextColumn();
  #lines = new RisingColumn();
  #serials = new TextColumn();
  #users: UserColumn;
  #rare = new Map<number, Row | InvalidRow>();

  /** @param names - keys of users, to which those of the rows are added. */
  constructor(names = new TextIndex()) {
    super();
    this.#users = new UserColumn(names);
  }

  /** @param names - the keys of users, which came beside it. */
  protected take(message: FileTableMessage<Row | InvalidRow>, names: TextIndex): void {
    this.#files = RepeatingTextColumn.fromMessage(message.files);
    this.#lines = RisingColumn.fromMessage(message.lines);
    this.#serials = TextColumn.fromMessage(message.serials);
    this.#users = UserColumn.fromMessage(message.users, names);
    this.#rare = new Map(message.rare);
  }

  /** @param told - what is told of a rare row. */
  protected give<Told>(told: (row: Row | InvalidRow) => Told): FileTableMessage<Told> {
    return {
      files: this.#files.toMessage(),
      lines: this.#lines.toMessage(),
      serials: this.#serials.toMessage(),
      users: this.#users.toMessage(),
      rare: new Map([...this.#rare].map(([position, row]) => [position, told(row)])),
    };
  }

  /** Adds what stands in columns of a row, and a rare one as it is. */
  protected add(
    { file, line }: RowAddress,
    serialNumber: string,
    user: string,
    rare?: Row | InvalidRow,
  ): void {
    if (rare !== undefined) this.#rare.set(this.length, rare);
    this.#files.push(file);
    this.#lines.push(line);
    this.#serials.push(serialNumber);
    this.#users.push(user);
  }

  /** A row that is not rare. @param user - empty when it names nobody. */
  protected abstract usual(
    position: number,
    address: RowAddress,
    serialNumber: string,
    user: string,
  ): Row | undefined;

  get length(): number {
    return this.#lines.length;
  }

  at(position: number): Row | InvalidRow | undefined {
    if (position < 0 || position >= this.length) return undefined;
    const rare = this.#rare.get(position);
    if (rare !== undefined) return rare;
    const serialNumber = this.#serials.at(position);
    return this.usual(position, this.addressAt(position), serialNumber, this.#users.at(position));
  }

  isPlain(position: number): boolean {
    return !this.#rare.has(position);
  }

  addressAt(position: number): RowAddress {
    return { file: this.#files.at(position), line: this.#lines.at(position) };
  }

  serialNumberAt(position: number): string | undefined {
    const rare = this.#rare.get(position);
    return rare === undefined ? this.#serials.at(position) : rare.serialNumber;
  }

  hasSerialNumber(position: number, serialNumber: string): boolean {
    const rare = this.#rare.get(position);
    return rare === undefined ? this.#serials.is(position, serialNumber) : rare.serialNumber === serialNumber;
  }

  userAt(position: number): string | undefined {
    const rare = this.#rare.get(position);
    if (rare !== undefined) return rare.user;
    const user = this.#users.at(position);
    return user === '' ? undefined : user;
  }

  nameIn(names: TextIndex, position: number): number {
    return this.#rare.has(position) ? -1 : this.#users.placeIn(names, position);
  }

  write(part: RowPart, position: number, to: PlainLines): boolean {
    if (part === 'user') return this.#users.write(position, to);
    this.#serials.write(position, to);
    return true;
  }
}

/** Rows of manifests. Those that were refused are rare. */
export class TokenTable extends FileTable<TokenRow> {
  #secrets = new SecretColumn();
  #makes = new MakeColumn<TokenDetails>();

  /** Rows whose keys stayed in another thread. @param names - the keys of users, which came beside them. */
  static fromMessage({ rows, makes }: TokenTableMessage, names: TextIndex): TokenTable {
    const table = new TokenTable(names);
    table.take(rows, names);
    table.#secrets = SecretColumn.forgotten();
    table.#makes = MakeColumn.fromMessage(makes);
    return table;
  }

  /** For another thread, to which the memory goes: the table is of no use afterwards. */
  toMessage(): TokenTableMessage {
    const rows = this.give((row) => {
      invariant(isInvalidRow(row), 'a token that is no refused row is rare');
      return row;
    });
    return { rows, makes: this.#makes.toMessage() };
  }

  push(row: TokenRow | InvalidRow): void {
    if (isInvalidRow(row)) {
      this.#secrets.skip();
      this.#makes.skip();
      this.add(row.address, '', '', row);
      return;
    }
    this.#secrets.push(row.token.secretKey);
    this.#makes.push(row.token);
    this.add(row.address, row.serialNumber, row.user ?? '');
  }

  protected usual(
    position: number,
    address: RowAddress,
    serialNumber: string,
    user: string,
  ): TokenRow | undefined {
    const make = this.#makes.at(position);
    if (make === undefined) return undefined;
    const token = {
      secretKey: this.#secrets.at(position),
      timeIntervalInSeconds: make.timeIntervalInSeconds,
      hashFunction: make.hashFunction,
      manufacturer: make.manufacturer,
      model: make.model,
    };
    return user === '' ? { address, serialNumber, token } : { address, serialNumber, user, token };
  }

  /** Overwrites the keys of all tokens. */
  forgetSecrets(): void {
    this.#secrets.forget();
  }

  /** The key of a token; `undefined` for a refused row. */
  secretAt(position: number): Secret | undefined {
    return this.isPlain(position) ? this.#secrets.at(position) : undefined;
  }

  /** The make of a token; `undefined` for a refused row. */
  makeAt(position: number): Make | undefined {
    return this.isPlain(position) ? this.#makes.at(position) : undefined;
  }
}

/** Rows of assignments lists. Those that were refused, or have a wish, are rare. */
export class AssignmentTable extends FileTable<AssignmentRow> {
  /** @param names - the keys of users, which came beside them. */
  static fromMessage(message: AssignmentTableMessage, names: TextIndex): AssignmentTable {
    const table = new AssignmentTable(names);
    table.take(message, names);
    return table;
  }

  /** For another thread, to which the memory goes: the table is of no use afterwards. */
  toMessage(): AssignmentTableMessage {
    return this.give((row) => {
      if (isInvalidRow(row) || row.wish?.code === undefined) return row;
      const { code: _, ...wish } = row.wish;
      return { ...row, wish };
    });
  }

  push(row: AssignmentRow | InvalidRow): void {
    const isRare = isInvalidRow(row) || row.wish !== undefined;
    this.add(row.address, row.serialNumber ?? '', row.user ?? '', isRare ? row : undefined);
  }

  protected usual(_: number, address: RowAddress, serialNumber: string, user: string): AssignmentRow {
    return user === '' ? { address, serialNumber } : { address, serialNumber, user };
  }
}
