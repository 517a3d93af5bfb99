// What the readers have read, in columns: rows of manifests and of assignments lists. A row becomes an object when it
// is looked at; one with something rare in it is kept as the object that it is.

import { NumberColumn, RepeatingTextColumn } from '../compact/number-column.js';
import { RisingColumn } from '../compact/rising-column.js';
import { type Rows, RowTable } from '../compact/rows.js';
import { SecretColumn } from '../compact/secret-column.js';
import { TextColumn } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
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
}

type Make = Omit<TokenDetails, 'secretKey'>;

/** So many makes are compared before a key is made to look one up. */
const MAKES_COMPARED = 8;

/** Rows of manifests. */
export class TokenTable extends RowTable<TokenRow | InvalidRow> {
  readonly #places: Places;
  readonly #secrets = new SecretColumn();
  readonly #makes = new NumberColumn();
  readonly #makeOf: Make[] = [];
  readonly #makeCodes = new Map<string, number>();
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
      this.#makes.push(0);
      this.#places.push(row.address, '', '');
      return;
    }
    this.#secrets.push(row.token.secretKey);
    this.#makes.push(this.#makeFor(row.token));
    this.#places.push(row.address, row.serialNumber, row.user ?? '');
  }

  at(position: number): TokenRow | InvalidRow | undefined {
    if (position < 0 || position >= this.length) return undefined;
    const refused = this.#refused.get(position);
    if (refused !== undefined) return refused;
    const make = this.#makeOf[this.#makes.at(position)];
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

  hasSerialNumber(position: number, serialNumber: string): boolean {
    const refused = this.#refused.get(position);
    return refused === undefined
      ? this.#places.hasSerial(position, serialNumber)
      : refused.serialNumber === serialNumber;
  }

  /** A million tokens are of a few makes, so that each is kept once. */
  #makeFor(token: TokenDetails): number {
    const { timeIntervalInSeconds, hashFunction, manufacturer, model } = token;
    for (let code = 0; code < this.#makeOf.length && code < MAKES_COMPARED; code += 1) {
      const make = this.#makeOf[code];
      if (
        make !== undefined &&
        make.model === model &&
        make.manufacturer === manufacturer &&
        make.timeIntervalInSeconds === timeIntervalInSeconds &&
        make.hashFunction === hashFunction
      )
        return code;
    }
    const key = `${timeIntervalInSeconds} ${hashFunction} ${manufacturer}\n${model}`;
    const known = this.#makeCodes.get(key);
    if (known !== undefined) return known;
    this.#makeCodes.set(key, this.#makeOf.length);
    return this.#makeOf.push({ timeIntervalInSeconds, hashFunction, manufacturer, model }) - 1;
  }
}

/** Rows of assignments lists. */
export class AssignmentTable extends RowTable<AssignmentRow | InvalidRow> {
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

  hasSerialNumber(position: number, serialNumber: string): boolean {
    const rare = this.#rare.get(position);
    return rare === undefined
      ? this.#places.hasSerial(position, serialNumber)
      : rare.serialNumber === serialNumber;
  }
}
