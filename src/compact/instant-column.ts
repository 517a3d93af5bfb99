// A column of points in time, as Graph writes them: to the second, in UTC, four bytes for each. A text in any other form
// is kept as it is.

import { NumberColumn } from './number-column.js';

const SECOND_MS = 1_000;

/** The last second that four bytes hold, beside none: in the year 2106. */
const SECONDS_MAX = 0xffff_fffe;

export class InstantColumn {
  /** 1 + the second since 1970; 0 for none, and for another text. */
  readonly #seconds = new NumberColumn();
  readonly #others = new Map<number, string>();

  /** Puts a text anywhere; an empty one is none. */
  put(position: number, text: string): void {
    const second = text === '' ? undefined : secondOf(text);
    if (text !== '' && second === undefined) this.#others.set(position, text);
    this.#seconds.put(position, second === undefined ? 0 : second + 1);
  }

  /** The text at a position; empty where there is none. */
  at(position: number): string {
    const second = this.#seconds.at(position);
    if (second > 0) return textOf(second - 1);
    return this.#others.size === 0 ? '' : (this.#others.get(position) ?? '');
  }
}

function secondOf(text: string): number | undefined {
  const second = Date.parse(text) / SECOND_MS;
  return second >= 0 && second <= SECONDS_MAX && textOf(second) === text ? second : undefined;
}

function textOf(second: number): string {
  return `${new Date(second * SECOND_MS).toISOString().slice(0, -'.000Z'.length)}Z`;
}
