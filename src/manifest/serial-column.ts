// A column of the serial numbers of assignments, most of which stand in a manifest already and are not kept twice.

import { RisingColumn } from '../compact/rising-column.js';
import { TextColumn } from '../compact/text-column.js';

/** Serial numbers by position. */
export interface SerialTexts {
  push(serialNumber: string): unknown;
  at(position: number): string;
  /** Whether the one at a position is exactly this one. */
  is(position: number, serialNumber: string): boolean;
}

/** Where serial numbers stand already. */
export interface KnownSerials {
  /** Where exactly this one stands; -1 when it stands nowhere. */
  exactly(serialNumber: string): number;
  isExactly(position: number, serialNumber: string): boolean;
  serialNumberAt(position: number): string | undefined;
}

export class SerialColumn implements SerialTexts {
  readonly #known: KnownSerials;
  /** 1 + where it stands; 0 for one that is kept here, and for none. Most lists are in the order of the manifest. */
  readonly #positions = new RisingColumn();
  /** Those that stand nowhere else; else empty. */
  readonly #own = new TextColumn();

  constructor(known: KnownSerials) {
    this.#known = known;
  }

  push(serialNumber: string): void {
    const position = serialNumber === '' ? -1 : this.#known.exactly(serialNumber);
    this.#positions.push(position + 1);
    this.#own.push(position < 0 ? serialNumber : '');
  }

  at(n: number): string {
    const position = this.#positions.at(n);
    return position === 0 ? this.#own.at(n) : (this.#known.serialNumberAt(position - 1) ?? '');
  }

  is(n: number, serialNumber: string): boolean {
    const position = this.#positions.at(n);
    return position === 0 ? this.#own.is(n, serialNumber) : this.#known.isExactly(position - 1, serialNumber);
  }
}
