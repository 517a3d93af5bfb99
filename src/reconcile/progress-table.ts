// How far each row has come, in columns: a million rows take about 35 MB, and 16 more when their tokens were created. A
// row's progress becomes an object when it is looked at. Pure.

import { IdColumn } from '../compact/id-column.js';
import { NumberColumn, RepeatingTextColumn } from '../compact/number-column.js';
import { RisingColumn } from '../compact/rising-column.js';
import type { RowProgress } from './reconcile.js';

const STATES: readonly RowProgress['state'][] = ['pending', 'sent', 'done', 'refused', 'given-up'];

export class ProgressTable implements ReadonlyMap<number, RowProgress> {
  /** For each row 1 + where its progress stands; 0 for a row that had nothing to do. */
  readonly #places = new RisingColumn();
  readonly #rows = new RisingColumn();
  readonly #states = new NumberColumn();
  readonly #attempts = new NumberColumn();
  readonly #deviceIds = new IdColumn();
  readonly #clientRequestIds = new IdColumn();
  readonly #requestIds = new IdColumn();
  readonly #reasons = new RepeatingTextColumn();
  readonly #details = new RepeatingTextColumn();

  /** Adds a row; rows come in their order. */
  add(n: number, progress: RowProgress): void {
    while (this.#places.length < n) this.#places.push(0);
    this.#rows.push(n);
    this.#places.push(this.#rows.length);
    this.#states.push(STATES.indexOf(progress.state));
    this.#attempts.push(progress.attempts);
    this.#deviceIds.push(progress.deviceId);
    this.#clientRequestIds.push(progress.clientRequestId);
    this.#requestIds.push(progress.requestId);
    this.#reasons.push(progress.reason);
    this.#details.push(progress.detail);
  }

  get size(): number {
    return this.#rows.length;
  }

  has(n: number): boolean {
    return this.#places.at(n) !== 0;
  }

  get(n: number): RowProgress | undefined {
    const place = this.#places.at(n);
    return place === 0 ? undefined : this.#at(place - 1);
  }

  forEach(use: (value: RowProgress, n: number, map: ReadonlyMap<number, RowProgress>) => void): void {
    for (const [n, value] of this.entries()) use(value, n, this);
  }

  *keys(): MapIterator<number> {
    for (let i = 0; i < this.#rows.length; i += 1) yield this.#rows.at(i);
  }

  *values(): MapIterator<RowProgress> {
    for (let i = 0; i < this.#rows.length; i += 1) yield this.#at(i);
  }

  *entries(): MapIterator<[number, RowProgress]> {
    for (let i = 0; i < this.#rows.length; i += 1) yield [this.#rows.at(i), this.#at(i)];
  }

  [Symbol.iterator](): MapIterator<[number, RowProgress]> {
    return this.entries();
  }

  #at(position: number): RowProgress {
    return {
      state: STATES[this.#states.at(position)] ?? 'pending',
      attempts: this.#attempts.at(position),
      deviceId: this.#deviceIds.at(position),
      clientRequestId: this.#clientRequestIds.at(position),
      requestId: this.#requestIds.at(position),
      reason: this.#reasons.at(position),
      detail: this.#details.at(position),
    };
  }
}
