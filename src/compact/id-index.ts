// Distinct ids, each with a position that counts from 0; and columns that say by such a position which id is meant,
// in four bytes where an id takes sixteen.

import { hashOfId, hashOfRead, IdColumn } from './id-column.js';
import { NumberColumn } from './number-column.js';
import type { PlainLines } from './plain-lines.js';
import { PositionIndex } from './position-index.js';
import { Succession } from './succession.js';
import { readUuidAt } from './uuid.js';

export class IdIndex {
  readonly #ids = new IdColumn();
  readonly #order = new Succession();
  /** The id that was told last: whoever is told one often asks where it is. */
  #lastId: string | undefined;
  #lastPosition = -1;
  #index: PositionIndex | undefined;
  readonly #isRead = (position: number): boolean => this.#ids.isRead(position);

  /** @param expected - ids that are expected. There may be more. */
  constructor(expected = 0) {
    this.#index = new PositionIndex((position) => this.#ids.hashAt(position), expected);
  }

  get length(): number {
    return this.#ids.length;
  }

  /** The id at a position; empty where there is none. */
  at(position: number): string {
    const id = this.#ids.at(position);
    if (id !== '') {
      this.#lastId = id;
      this.#lastPosition = position;
    }
    return id;
  }

  /** Adds the id at a position to a line. */
  write(position: number, to: PlainLines): void {
    this.#ids.write(position, to);
  }

  /** Where an id is; -1 when it is not there. */
  find(id: string): number {
    return id === this.#lastId ? this.#lastPosition : this.#known(id);
  }

  /** Where an id is; it is added when it is not there. */
  add(id: string): number {
    const known = this.#known(id);
    if (known >= 0) return known;
    const position = this.#ids.push(id);
    this.#index?.add(hashOfId(id), position);
    return position;
  }

  /** The same of a UUID in lower case, in bytes; -1 when it is none. */
  addUuidAt(bytes: Uint8Array, start: number): number {
    if (!readUuidAt(bytes, start)) return -1;
    const { guess } = this.#order;
    if (guess >= 0 && guess < this.length && this.#ids.isRead(guess)) {
      this.#order.found(guess);
      return guess;
    }
    if (this.#index === undefined) {
      this.#index = this.#indexed();
      // Other ids were read meanwhile.
      readUuidAt(bytes, start);
    }
    const hash = hashOfRead();
    const known = this.#index.find(hash, this.#isRead);
    if (known >= 0) {
      this.#order.found(known);
      return known;
    }
    const position = this.#ids.pushRead();
    this.#index.add(hash, position);
    return position;
  }

  /** Gives up what finding takes, until somebody looks for an id again. */
  settle(): void {
    this.#index?.release();
    this.#index = undefined;
  }

  #known(id: string): number {
    const { guess } = this.#order;
    const isNext = guess >= 0 && guess < this.length && this.#ids.is(guess, id);
    const position = isNext ? guess : this.#find(id);
    if (position >= 0) this.#order.found(position);
    return position;
  }

  #find(id: string): number {
    this.#index ??= this.#indexed();
    return this.#index.find(hashOfId(id), (position) => this.#ids.is(position, id));
  }

  #indexed(): PositionIndex {
    const hashAt = (position: number): number => this.#ids.hashAt(position);
    const index = new PositionIndex(hashAt, this.length);
    for (let position = 0; position < this.length; position += 1) index.add(hashAt(position), position);
    return index;
  }
}

/** A column of ids, most of which stand in the index where there is one. */
export function idColumn(index?: IdIndex): IdColumn | IdReferences {
  return index === undefined ? new IdColumn() : new IdReferences(index);
}

/** A column of ids, most of which stand in an index. */
export class IdReferences {
  readonly #index: IdIndex;
  /** 1 + the position in the index; 0 for an id that is not in it, and for none. */
  readonly #positions = new NumberColumn();
  readonly #others = new Map<number, string>();

  /** @param index - where they are looked up. Nothing is added to it. */
  constructor(index: IdIndex) {
    this.#index = index;
  }

  get length(): number {
    return this.#positions.length;
  }

  /** Adds an id, or an empty text for none. */
  push(id: string): void {
    const known = id === '' ? -1 : this.#index.find(id);
    if (known < 0 && id !== '') this.#others.set(this.length, id);
    this.#positions.push(known + 1);
  }

  /** Adds an id of the index, by its place there; −1 for none. */
  pushPlace(place: number): void {
    this.#positions.push(place + 1);
  }

  /** Where the id at a position stands in the index; -1 where there is none, or it is not in it. */
  placeAt(position: number): number {
    return this.#positions.at(position) - 1;
  }

  /** Adds the id at a position to a line. */
  write(position: number, to: PlainLines): void {
    const known = this.#positions.at(position);
    if (known > 0) this.#index.write(known - 1, to);
    else to.text(this.at(position));
  }

  /** The id at a position; empty where there is none. */
  at(position: number): string {
    const known = this.#positions.at(position);
    if (known > 0) return this.#index.at(known - 1);
    return this.#others.size === 0 ? '' : (this.#others.get(position) ?? '');
  }
}
