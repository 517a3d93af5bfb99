// Finds the position of a value in a column by a hash of the value. It holds hashes and positions alone: whether a
// value is the one is asked of whoever has the column. Open addressing with linear probing over 32-bit hashes.

import { giveBack, memoryToGiveBack, roomAfter } from './room.js';

/** A power of two. */
const SLOTS_FIRST = 512;

/** Of a slot, and of a hash. */
const BYTES = 4;

/** Bits of a slot for 1 + the position, at first. */
const POSITION_BITS_FIRST = 10;

/** An index for another thread. */
export interface PositionIndexMessage {
  readonly slots: Int32Array<ArrayBuffer>;
  readonly positionMask: number;
  readonly length: number;
  readonly hashes: Uint32Array<ArrayBuffer> | undefined;
  readonly isSettled: boolean;
}

export class PositionIndex {
  readonly #hashAt: (position: number) => number;
  /**
   * In the lower bits 1 + the position, 0 for a free slot; above them as much of the value's hash as there is room
   * for, so that other values are seldom looked at. There are at least a half more slots than positions.
   */
  #slots: Int32Array<ArrayBuffer>;
  #positionMask = 2 ** POSITION_BITS_FIRST - 1;
  #length = 0;
  /** The hash of each position, to spread them over more slots; there are none as long as no more are expected. */
  #hashes: Uint32Array<ArrayBuffer> | undefined;
  #isSettled = false;

  /**
   * @param hashAt - the hash of the value at a position that was added.
   * @param expected - positions below this one are expected. Others may be added as well.
   */
  constructor(hashAt: (position: number) => number, expected = 0) {
    this.#hashAt = hashAt;
    let slots = SLOTS_FIRST;
    while (isCrowded(expected, slots)) slots *= 2;
    this.#slots = freeSlots(slots);
    if (expected > 0) this.#positionMask = widened(this.#positionMask, expected - 1);
    else this.#hashes = new Uint32Array(memoryToGiveBack(SLOTS_FIRST * BYTES));
  }

  /** @param hashAt - the hash of the value at a position. */
  static fromMessage(message: PositionIndexMessage, hashAt: (position: number) => number): PositionIndex {
    const index = new PositionIndex(hashAt);
    index.#slots = message.slots;
    index.#positionMask = message.positionMask;
    index.#length = message.length;
    index.#hashes = message.hashes;
    index.#isSettled = message.isSettled;
    return index;
  }

  /** For another thread, to which the memory goes: the index is of no use afterwards. */
  toMessage(): PositionIndexMessage {
    return {
      slots: this.#slots,
      positionMask: this.#positionMask,
      length: this.#length,
      hashes: this.#hashes,
      isSettled: this.#isSettled,
    };
  }

  /** How many positions were added. */
  get length(): number {
    return this.#length;
  }

  /** The position that was added with this hash and is the one; -1 when there is none. */
  find(hash: number, isIt: (position: number) => boolean): number {
    const slots = this.#slots;
    const positionMask = this.#positionMask;
    const tag = hash & ~positionMask;
    const mask = slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] ?? 0;
      if (slot === 0) return -1;
      if ((slot & ~positionMask) !== tag) continue;
      const position = (slot & positionMask) - 1;
      if (isIt(position)) return position;
    }
  }

  /** Adds a position whose value is not there yet. */
  add(hash: number, position: number): void {
    const isMore = isCrowded(this.#length + 1, this.#slots.length);
    if (isMore || position >= this.#positionMask) this.#spread(isMore, position);
    this.#keep(hash, position);
    this.#length += 1;
    this.#place(hash, position);
  }

  /** Gives up the memory that adding takes, four bytes for each, once most has been added: the rest costs more time. */
  settle(): void {
    if (this.#hashes !== undefined) giveBack(this.#hashes.buffer);
    this.#hashes = undefined;
    this.#isSettled = true;
  }

  /** Gives up all of it: nothing is found any more, and nothing is to be added. */
  release(): void {
    this.settle();
    giveBack(this.#slots.buffer);
    this.#slots = freeSlots(SLOTS_FIRST);
    this.#length = 0;
  }

  #place(hash: number, position: number): void {
    const mask = this.#slots.length - 1;
    let at = hash & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = (hash & ~this.#positionMask) | (position + 1);
  }

  /** Makes room for more slots, or for larger positions. */
  #spread(isMore: boolean, position: number): void {
    const before = this.#slots;
    const maskBefore = this.#positionMask;
    this.#positionMask = widened(this.#positionMask, position);
    this.#slots = freeSlots(before.length * (isMore ? 2 : 1));
    // More than were expected: there may be many more.
    const isBeginning = this.#hashes === undefined && !this.#isSettled;
    if (isBeginning) this.#hashes = new Uint32Array(memoryToGiveBack(SLOTS_FIRST * BYTES));
    const { length } = before;
    for (let i = 0; i < length; i += 1) {
      const slot = before[i] ?? 0;
      if (slot === 0) continue;
      const known = (slot & maskBefore) - 1;
      const hash = (isBeginning ? undefined : this.#hashes?.[known]) ?? this.#hashAt(known);
      if (isBeginning) this.#keep(hash, known);
      this.#place(hash, known);
    }
    giveBack(before.buffer);
  }

  #keep(hash: number, position: number): void {
    if (this.#hashes === undefined) return;
    while (position >= this.#hashes.length) this.#hashes = longer(this.#hashes);
    this.#hashes[position] = hash;
  }
}

function freeSlots(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(memoryToGiveBack(length * BYTES));
}

function longer(hashes: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(memoryToGiveBack(roomAfter(hashes.length) * BYTES));
  more.set(hashes);
  giveBack(hashes.buffer);
  return more;
}

/** Whether so many slots are too few: a third of them are free at least. */
function isCrowded(positions: number, slots: number): boolean {
  return positions * 3 > slots * 2;
}

/** The mask with as many bits more as 1 + the position needs. */
function widened(mask: number, position: number): number {
  return position < mask ? mask : widened(mask * 2 + 1, position);
}

/** What {@link hashOfText} begins with, and multiplies by: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over the UTF-16 units, with a last stir so that serial numbers in a row do not stand in a row. */
export function hashOfText(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return stirred(hash);
}

/** {@link hashOfText} of a text in ASCII, from its bytes. */
export function hashOfAscii(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME);
  return stirred(hash);
}

/** A hash of four words. */
export function hashOfWords(first: number, second: number, third: number, fourth: number): number {
  let hash = Math.imul(first ^ FNV_OFFSET, FNV_PRIME);
  hash = Math.imul(stirred(hash) ^ second, FNV_PRIME);
  hash = Math.imul(stirred(hash) ^ third, FNV_PRIME);
  hash = Math.imul(stirred(hash) ^ fourth, FNV_PRIME);
  return stirred(hash);
}

/** Every bit of the hash comes to depend on every other. */
function stirred(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
