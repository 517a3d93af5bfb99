// How often each id of an index was met.

import type { IdIndex } from './id-index.js';
import { NumberColumn } from './number-column.js';

export class IdCounts {
  readonly #ids: IdIndex;
  readonly #counts = new NumberColumn();
  #most = 0;

  constructor(ids: IdIndex) {
    this.#ids = ids;
  }

  /** Counts the id at a position once more. */
  count(position: number): void {
    const count = this.#counts.at(position) + 1;
    this.#counts.put(position, count);
    if (count > this.#most) this.#most = count;
  }

  /** How often the one was met that was met most often. */
  get most(): number {
    return this.#most;
  }

  of(id: string): number {
    const position = this.#ids.find(id);
    return position < 0 ? 0 : this.#counts.at(position);
  }

  /** The ids that were met more often than so. */
  *over(count: number): Generator<string, void> {
    if (this.#most <= count) return;
    for (let position = 0; position < this.#counts.length; position += 1) {
      if (this.#counts.at(position) > count) yield this.#ids.at(position);
    }
  }
}
