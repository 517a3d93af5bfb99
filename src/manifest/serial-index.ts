// Finds rows by serial number, letter case aside: what a list calls `00040d6d` is what the vendor calls `00040D6D`.

import { serialKey } from '../lookup-key.js';
import type { RowAddress } from './row.js';

interface Indexed {
  readonly address: RowAddress;
  readonly serialNumber?: string;
}

/** Rows in reading order, by serial number. Rows without one are not in it. */
export class SerialIndex<Row extends Indexed> {
  /** Most serial numbers stand once: a list is made for the others only, for a million rows have to fit. */
  readonly #first = new Map<string, Row>();
  readonly #groups = new Map<string, Row[]>();

  constructor(rows: Iterable<Row>) {
    for (const row of rows) this.#add(row);
  }

  #add(row: Row): void {
    if (row.serialNumber === undefined) return;
    const key = serialKey(row.serialNumber);
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, row);
      return;
    }
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, [first, row]);
    else group.push(row);
  }

  /** All rows with this serial number, letter case aside, in reading order. */
  group(serialNumber: string): readonly Row[] {
    const key = serialKey(serialNumber);
    const group = this.#groups.get(key);
    if (group !== undefined) return group;
    const first = this.#first.get(key);
    return first === undefined ? [] : [first];
  }
}
