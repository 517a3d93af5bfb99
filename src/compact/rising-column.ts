// A column of numbers that mostly rise by one from each to the next, as the lines of a file do on which its records
// begin: only where they do not is anything kept.

import { NumberColumn } from './number-column.js';

export class RisingColumn {
  /** Where a number is not one more than the one before it, and which it is. */
  readonly #breaks = new NumberColumn();
  readonly #numbers = new NumberColumn();
  #length = 0;
  #last = 0;
  /** The break that was looked up last: those who go through a column ask for one after the other. */
  #near = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === 0 || value !== this.#last + 1) {
      this.#breaks.push(this.#length);
      this.#numbers.push(value);
    }
    this.#last = value;
    this.#length += 1;
  }

  /** The number at a position; 0 where there is none. */
  at(position: number): number {
    if (position < 0 || position >= this.#length) return 0;
    const breaks = this.#breaks;
    const isNear =
      breaks.at(this.#near) <= position &&
      (this.#near + 1 === breaks.length || position < breaks.at(this.#near + 1));
    if (!isNear) this.#near = this.#lastBreakBefore(position);
    return this.#numbers.at(this.#near) + position - breaks.at(this.#near);
  }

  #lastBreakBefore(position: number): number {
    let [low, high] = [0, this.#breaks.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#breaks.at(middle) <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}
