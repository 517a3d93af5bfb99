// What the readers have read, in columns: rows of manifests and of assignments lists. A row becomes an object when it
// is looked at; one with something rare in it is kept as the object that it is.

import { type Make, MakeColumn } from '../compact/make-column.js';
import { RepeatingTextColumn } from '../compact/number-column.js';
import { RisingColumn } from '../compact/rising-column.js';
import { type Rows, RowTable } from '../compact/rows.js';
import { SecretColumn } from '../compact/secret-column.js';
import { TextColumn } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
import type { Secret } from '../secret.js';
import { isInvalidRow } from './formats/table-format.js';
import type { AssignmentRow, InvalidRow, RowAddress, TokenDetails, TokenRow } from './row.js';
import { UserColumn } from './user-column.js';

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
}

/** Where each row stands, its serial number and its user: the same in both tables. */
class Places {
  readonly #files = new RepeatingTextColumn();
  readonly #lines = new RisingColumn();
  readonly #serials = new TextColumn();
  readonly #users: UserColumn;

  constructor(names: TextIndex) {
    this.#users = new UserColumn(names);
  }

  get length(): number {
    return this.#lines.length;
  }

  push({ file, line }: RowAddress, serialNumber: string, user: string): void {
    this.#files.push(file);
    this.#lines.push(line);
    this.#serials.push(serialNumber);
    this.#users.push(user);
  }

  address(position: number): RowAddress {
    return { file: this.#files.at(position), line: this.#lines.at(position) };
  }

  serial(position: number): string {
    return this.#serials.at(position);
  }

  hasSerial(position: number, serialNumber: string): boolean {
    return this.#serials.is(position, serialNumber);
  }

  userOrNone(position: number): string | undefined {
    const user = this.#users.at(position);
    return user === '' ? undefined : user;
  }

  /** Empty when the row names nobody. */
  user(position: number): string {
    return this.#users.at(position);
  }

  nameIn(names: TextIndex, position: number): number {
    return this.#users.placeIn(names, position);
  }
}

/** Rows of manifests. */
export class TokenTable extends RowTable<TokenRow | InvalidRow> implements FileRows<TokenRow | InvalidRow> {
  readonly #places: Places;
  readonly #secrets = new SecretColumn();
  readonly #makes = new MakeColumn<TokenDetails>();
  readonly #refused = new Map<number, InvalidRow>();

  /** @param names - keys of users, to which those of the rows are added. */
  constructor(names = new TextIndex()) {
    super();
    this.#places = new Places(names);
  }

  get length(): number {
    return this.#places.length;
  }

  push(row: TokenRow | InvalidRow): void {
    if (isInvalidRow(row)) {
      this.#refused.set(this.length, row);
      this.#secrets.skip();
      this.#makes.skip();
      this.#places.push(row.address, '', '');
      return;
    }
    this.#secrets.push(row.token.secretKey);
    this.#makes.push(row.token);
    this.#places.push(row.address, row.serialNumber, row.user ?? '');
  }

  at(position: number): TokenRow | InvalidRow | undefined {
    if (position < 0 || position >= this.length) return undefined;
    const refused = this.#refused.get(position);
    if (refused !== undefined) return refused;
    const make = this.#makes.at(position);
    if (make === undefined) return undefined;
    const address = this.#places.address(position);
    const serialNumber = this.#places.serial(position);
    const user = this.#places.user(position);
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

  serialNumberAt(position: number): string | undefined {
    const refused = this.#refused.get(position);
    return refused === undefined ? this.#places.serial(position) : refused.serialNumber;
  }

  userAt(position: number): string | undefined {
    const refused = this.#refused.get(position);
    return refused === undefined ? this.#places.userOrNone(position) : refused.user;
  }

  addressAt(position: number): RowAddress {
    return this.#places.address(position);
  }

  isPlain(position: number): boolean {
    return !this.#refused.has(position);
  }

  nameIn(names: TextIndex, position: number): number {
    return this.#refused.has(position) ? -1 : this.#places.nameIn(names, position);
  }

  hasSerialNumber(position: number, serialNumber: string): boolean {
    const refused = this.#refused.get(position);
    return refused === undefined
      ? this.#places.hasSerial(position, serialNumber)
      : refused.serialNumber === serialNumber;
  }

  /** The key of a token; `undefined` for a refused row. */
  secretAt(position: number): Secret | undefined {
    return this.#refused.has(position) ? undefined : this.#secrets.at(position);
  }

  /** The make of a token; `undefined` for a refused row. */
  makeAt(position: number): Make | undefined {
    return this.#refused.has(position) ? undefined : this.#makes.at(position);
  }
}

/** Rows of assignments lists. */
export class AssignmentTable
  extends RowTable<AssignmentRow | InvalidRow>
  implements FileRows<AssignmentRow | InvalidRow>
{
  readonly #places: Places;
  /** Refused, or with a wish. */
  readonly #rare = new Map<number, AssignmentRow | InvalidRow>();

  /** @param names - keys of users, to which those of the rows are added. */
  constructor(names = new TextIndex()) {
    super();
    this.#places = new Places(names);
  }

  get length(): number {
    return this.#places.length;
  }

  push(row: AssignmentRow | InvalidRow): void {
    if (isInvalidRow(row) || row.wish !== undefined) this.#rare.set(this.length, row);
    this.#places.push(row.address, row.serialNumber ?? '', row.user ?? '');
  }

  at(position: number): AssignmentRow | InvalidRow | undefined {
    if (position < 0 || position >= this.length) return undefined;
    const rare = this.#rare.get(position);
    if (rare !== undefined) return rare;
    const address = this.#places.address(position);
    const serialNumber = this.#places.serial(position);
    const user = this.#places.user(position);
    return user === '' ? { address, serialNumber } : { address, serialNumber, user };
  }

  serialNumberAt(position: number): string | undefined {
    const rare = this.#rare.get(position);
    return rare === undefined ? this.#places.serial(position) : rare.serialNumber;
  }

  userAt(position: number): string | undefined {
    const rare = this.#rare.get(position);
    return rare === undefined ? this.#places.userOrNone(position) : rare.user;
  }

  addressAt(position: number): RowAddress {
    return this.#places.address(position);
  }

  isPlain(position: number): boolean {
    return !this.#rare.has(position);
  }

  nameIn(names: TextIndex, position: number): number {
    return this.#rare.has(position) ? -1 : this.#places.nameIn(names, position);
  }

  hasSerialNumber(position: number, serialNumber: string): boolean {
    const rare = this.#rare.get(position);
    return rare === undefined
      ? this.#places.hasSerial(position, serialNumber)
      : rare.serialNumber === serialNumber;
  }
}
