// Distinct ids, each with a position that counts from 0: 16 bytes for each where a TextIndex takes 36.

import { IdColumn } from './id-column.js';
import { hashOfText, PositionIndex } from './position-index.js';

export class IdIndex {
  readonly #ids = new IdColumn();
  readonly #index = new PositionIndex();

  get length(): number {
    return this.#ids.length;
  }

  /** Where an id is; it is added when it is not there. */
  add(id: string): number {
    const hash = hashOfText(id);
    const known = this.#index.find(hash, (position) => this.#ids.is(position, id));
    if (known >= 0) return known;
    const position = this.#ids.push(id);
    this.#index.add(hash, position);
    return position;
  }
}
