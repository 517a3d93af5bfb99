// A column of numbers that mostly rise by one from each to the next, as the lines of a file do on which its records
// begin, or stay as they are: only where they do neither is anything kept.

import { NumberColumn, type NumberColumnMessage } from './number-column.js';

/** A column for another thread. */
export interface RisingColumnMessage {
  readonly starts: NumberColumnMessage;
  readonly numbers: NumberColumnMessage;
  readonly steps: NumberColumnMessage;
  readonly length: number;
  readonly last: number;
}

export class RisingColumn {
  /** Where each run of numbers begins, with which one, and by how much they rise: by one or not at all. */
  #starts = new NumberColumn();
  #numbers = new NumberColumn();
  #steps = new NumberColumn();
  #length = 0;
  #last = 0;
  /** The run that was looked up last: those who go through a column ask for one after the other. */
  #near = 0;

  static fromMessage({ starts, numbers, steps, length, last }: RisingColumnMessage): RisingColumn {
    const column = new RisingColumn();
    column.#starts = NumberColumn.fromMessage(starts);
    column.#numbers = NumberColumn.fromMessage(numbers);
    column.#steps = NumberColumn.fromMessage(steps);
    column.#length = length;
    column.#last = last;
    return column;
  }

  /** For another thread, to which the memory goes: the column is of no use afterwards. */
  toMessage(): RisingColumnMessage {
    return {
      starts: this.#starts.toMessage(),
      numbers: this.#numbers.toMessage(),
      steps: this.#steps.toMessage(),
      length: this.#length,
      last: this.#last,
    };
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const run = this.#starts.length - 1;
    const isSecond = run >= 0 && this.#starts.at(run) === this.#length - 1;
    if (isSecond && value === this.#last) this.#steps.set(run, 0);
    else if (run < 0 || value !== this.#last + this.#steps.at(run)) {
      this.#starts.push(this.#length);
      this.#numbers.push(value);
      this.#steps.push(1);
    }
    this.#last = value;
    this.#length += 1;
  }

  /** The number at a position; 0 where there is none. */
  at(position: number): number {
    if (position < 0 || position >= this.#length) return 0;
    const starts = this.#starts;
    const isNear =
      starts.at(this.#near) <= position &&
      (this.#near + 1 === starts.length || position < starts.at(this.#near + 1));
    if (!isNear) this.#near = this.#runOf(position);
    return this.#numbers.at(this.#near) + this.#steps.at(this.#near) * (position - starts.at(this.#near));
  }

  #runOf(position: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts.at(middle) <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}
