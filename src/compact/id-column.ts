// A column of the ids of tokens and users. Graph writes them as UUIDs of 36 characters, which are 16 bytes; an id of
// any other form is kept as it is.

import type { PlainLines } from './plain-lines.js';
import { hashOfText, hashOfWords } from './position-index.js';
import { read, readUuid, uuidOf, WORDS } from './uuid.js';

const IDS_FIRST = 256;

/** Ids of a block, which has 256 KB: a power of four times the first. */
const BLOCK_BITS = 14;
const BLOCK_IDS = 1 << BLOCK_BITS;

const NO_BLOCK = new Uint32Array(0);

/** The hash by which an index finds an id. */
export function hashOfId(id: string): number {
  return readUuid(id) ? hashOfRead() : hashOfText(id);
}

/** The same of the UUID that was read last. */
export function hashOfRead(): number {
  return hashOfWords(read[0] ?? 0, read[1] ?? 0, read[2] ?? 0, read[3] ?? 0);
}

export class IdColumn {
  /** Ids lie in blocks, so that nothing is copied as the column grows; one in which there are none takes nothing. */
  readonly #blocks: Uint32Array[] = [];
  #length = 0;
  /** Those that are no UUID in lower case, by position; an id that is not said is neither, and is nought. */
  readonly #others = new Map<number, string>();

  get length(): number {
    return this.#length;
  }

  /** Adds an id, or an empty text for none, and answers its position. */
  push(id: string): number {
    if (id !== '') {
      if (readUuid(id)) return this.pushRead();
      this.#others.set(this.#length, id);
    }
    this.#length += 1;
    return this.#length - 1;
  }

  /** Adds the UUID that was read last. */
  pushRead(): number {
    const start = (this.#length & (BLOCK_IDS - 1)) * WORDS;
    const block = this.#roomAt(this.#length >>> BLOCK_BITS, start);
    block[start] = read[0] ?? 0;
    block[start + 1] = read[1] ?? 0;
    block[start + 2] = read[2] ?? 0;
    block[start + 3] = read[3] ?? 0;
    this.#length += 1;
    return this.#length - 1;
  }

  /** The id at a position; empty where there is none. */
  at(position: number): string {
    if (position >= this.#length) return '';
    const block = this.#blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const start = (position & (BLOCK_IDS - 1)) * WORDS;
    return isNought(block, start) ? (this.#others.get(position) ?? '') : uuidOf(block, start);
  }

  /** Adds the id at a position to a line. */
  write(position: number, to: PlainLines): void {
    const block = this.#blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const start = (position & (BLOCK_IDS - 1)) * WORDS;
    if (isNought(block, start)) to.text(this.at(position));
    else to.uuid(block, start);
  }

  /** Whether the id at a position is this one. */
  is(position: number, id: string): boolean {
    return id === '' || !readUuid(id) ? this.at(position) === id : this.isRead(position);
  }

  /** Whether the id at a position is the UUID that was read last. */
  isRead(position: number): boolean {
    const block = this.#blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const start = (position & (BLOCK_IDS - 1)) * WORDS;
    return (
      block[start] === read[0] &&
      block[start + 1] === read[1] &&
      block[start + 2] === read[2] &&
      block[start + 3] === read[3]
    );
  }

  /** `hashOfId` of the id at a position. */
  hashAt(position: number): number {
    const block = this.#blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const start = (position & (BLOCK_IDS - 1)) * WORDS;
    if (isNought(block, start)) return hashOfId(this.at(position));
    return hashOfWords(
      block[start] ?? 0,
      block[start + 1] ?? 0,
      block[start + 2] ?? 0,
      block[start + 3] ?? 0,
    );
  }

  /** The block with this number, with room at this place: only the first one begins small. */
  #roomAt(number: number, start: number): Uint32Array {
    while (this.#blocks.length <= number) this.#blocks.push(NO_BLOCK);
    const block = this.#blocks[number] ?? NO_BLOCK;
    if (start < block.length) return block;
    const room = number > 0 ? BLOCK_IDS * WORDS : roomFor(start);
    const larger = new Uint32Array(room);
    larger.set(block);
    this.#blocks[number] = larger;
    return larger;
  }
}

function isNought(words: Uint32Array, at: number): boolean {
  return ((words[at] ?? 0) | (words[at + 1] ?? 0) | (words[at + 2] ?? 0) | (words[at + 3] ?? 0)) === 0;
}

/** Words that the first block has room for. */
function roomFor(start: number): number {
  let ids = IDS_FIRST;
  while (ids * WORDS <= start) ids *= 4;
  return ids * WORDS;
}
