// A column of whole numbers from 0 to 4,294,967,295, and a column of texts of which there are few different ones.

import { longer } from './text-column.js';

const NUMBERS_FIRST = 256;

export class NumberColumn {
  #numbers = new Uint32Array(NUMBERS_FIRST);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) this.#numbers = longer(this.#numbers);
    this.#numbers[this.#length] = value;
    this.#length += 1;
  }

  /** Puts a number where one is already. */
  set(position: number, value: number): void {
    if (position < this.#length) this.#numbers[position] = value;
  }

  /** The number at a position; 0 where there is none. */
  at(position: number): number {
    return position < this.#length ? (this.#numbers[position] ?? 0) : 0;
  }
}

/** Texts that repeat, as models do: each different one is kept once. */
export class RepeatingTextColumn {
  readonly #codes = new NumberColumn();
  readonly #codeOf = new Map<string, number>();
  readonly #texts: string[] = [];

  push(text: string): void {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#texts.length;
      this.#texts.push(text);
      this.#codeOf.set(text, code);
    }
    this.#codes.push(code);
  }

  at(position: number): string {
    return this.#texts[this.#codes.at(position)] ?? '';
  }
}
