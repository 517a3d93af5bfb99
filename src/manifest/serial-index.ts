// Finds rows by serial number, letter case aside: what a list calls `00040d6d` is what the vendor calls `00040D6D`.

import { hashOfText, PositionIndex } from '../compact/position-index.js';
import type { Rows } from '../compact/rows.js';
import { Succession } from '../compact/succession.js';
import { serialKey } from '../lookup-key.js';
import type { SerialRows } from './row-table.js';

interface Indexed {
  readonly serialNumber?: string;
}

const NOWHERE: readonly number[] = [];

/** Positions of rows in reading order, by serial number. Rows without one are not in it. */
export class SerialIndex<Row extends Indexed> {
  readonly #rows: Rows<Row> | SerialRows<Row>;
  /** Most serial numbers stand once: a list is made for the others only, and found from each of them. */
  readonly #first: PositionIndex;
  readonly #groups = new Map<number, number[]>();
  readonly #order = new Succession();

  constructor(rows: Rows<Row> | SerialRows<Row>) {
    this.#rows = rows;
    this.#first = new PositionIndex(
      (position) => hashOfText(serialKey(this.#serialAt(position) ?? '')),
      rows.length,
    );
    for (let position = 0; position < rows.length; position += 1) this.#add(position);
  }

  /** Gives up the memory that finding takes: from then on nothing is found. */
  release(): void {
    this.#first.release();
    this.#groups.clear();
  }

  #add(position: number): void {
    const serialNumber = this.#serialAt(position);
    if (serialNumber === undefined) return;
    const key = serialKey(serialNumber);
    const hash = hashOfText(key);
    const first = this.#find(key, hash);
    if (first < 0) {
      this.#first.add(hash, position);
      return;
    }
    const group = this.#groups.get(first) ?? [first];
    group.push(position);
    this.#groups.set(first, group);
    this.#groups.set(position, group);
  }

  /** Whether no other row has the serial number of this one, letter case aside. */
  isAlone(position: number): boolean {
    return this.#groups.size === 0 || !this.#groups.has(position);
  }

  /** Where the rows with this serial number stand, letter case aside, in reading order. */
  positions(serialNumber: string): readonly number[] {
    const key = serialKey(serialNumber);
    const { guess } = this.#order;
    const isNext = guess >= 0 && guess < this.#first.length && this.#isAt(guess, key);
    const position = isNext ? guess : this.#find(key, hashOfText(key));
    if (position < 0) return NOWHERE;
    this.#order.found(position);
    return this.#groups.get(position) ?? [position];
  }

  /** The same as the rows themselves. */
  group(serialNumber: string): readonly Row[] {
    return this.positions(serialNumber).flatMap((position) => this.#rows.at(position) ?? []);
  }

  #find(key: string, hash: number): number {
    return this.#first.find(hash, (position) => this.#isAt(position, key));
  }

  #isAt(position: number, key: string): boolean {
    const rows = this.#rows;
    if ('hasSerialNumber' in rows && rows.hasSerialNumber(position, key)) return true;
    const serialNumber = this.#serialAt(position);
    return serialNumber !== undefined && serialKey(serialNumber) === key;
  }

  #serialAt(position: number): string | undefined {
    return 'serialNumberAt' in this.#rows
      ? this.#rows.serialNumberAt(position)
      : this.#rows.at(position)?.serialNumber;
  }
}
