// Finds the position of a value in a column by a hash of the value. It holds hashes and positions alone: whether a
// value is the one is asked of whoever has the column. Open addressing with linear probing over 32-bit hashes.

import { longer } from './text-column.js';

const SLOTS_FIRST = 512;

export class PositionIndex {
  #hashes = new Uint32Array(SLOTS_FIRST / 2);
  #positions = new Uint32Array(SLOTS_FIRST / 2);
  #length = 0;
  /** Entry + 1; 0 for a free slot. There are at least a half more slots than entries. */
  #slots = new Uint32Array(SLOTS_FIRST);

  /** How many positions were added. */
  get length(): number {
    return this.#length;
  }

  /** The first position that was added with this hash and is the one; -1 when there is none. */
  find(hash: number, isIt: (position: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] ?? 0) - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] !== hash) continue;
      const position = this.#positions[entry] ?? 0;
      if (isIt(position)) return position;
    }
  }

  /** Adds a position whose value is not there yet. */
  add(hash: number, position: number): void {
    if (this.#length === this.#hashes.length) {
      this.#hashes = longer(this.#hashes);
      this.#positions = longer(this.#positions);
    }
    this.#hashes[this.#length] = hash;
    this.#positions[this.#length] = position;
    this.#length += 1;
    if (this.#length * 3 > this.#slots.length * 2) this.#spread();
    else this.#place(this.#length - 1);
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[entry] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#length; entry += 1) this.#place(entry);
  }
}

/** FNV-1a over the UTF-16 units, with a last stir so that serial numbers in a row do not stand in a row. */
export function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return stirred(hash);
}

/** Every bit of the hash comes to depend on every other. */
function stirred(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
