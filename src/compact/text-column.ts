// A column of texts, kept as bytes one behind the other: a million of them are a few blocks of memory instead of a
// million objects, which the garbage collector would have to visit each time.

import { type Alphabet, CHARACTERS_MAX } from './alphabet.js';
import type { PlainLines } from './plain-lines.js';
import { hashOfAscii, hashOfText } from './position-index.js';
import { BYTES_PER_UNIT_MAX, roomAfter } from './room.js';

/** Texts lie in blocks of so many bytes: a column grows by a block, and nothing is copied for that. */
const BLOCK_BITS = 18;
const BLOCK_BYTES = 1 << BLOCK_BITS;

/** What there is room for at first: most columns hold a few texts. */
const BYTES_FIRST = 4_096;
const TEXTS_FIRST = 256;

/** Where a text begins is kept for each sixteenth of them, and a byte says how long each is. */
const GROUP_BITS = 4;
const GROUP_TEXTS = 1 << GROUP_BITS;

/** What is said of a text: its bytes up to here, above it the characters that are packed, or that it is kept elsewhere. */
const BYTES_MAX = 0x7f;
const LONG = 0xff;
const PACKED_MAX = Math.min(CHARACTERS_MAX, LONG - BYTES_MAX - 1);

/** Shorter texts are written byte by byte, which costs less than a call of Buffer's. */
const SHORT = 64;

/** What a block still has to hold when a text is written. */
const TEXT_BYTES_MAX = BYTES_MAX * BYTES_PER_UNIT_MAX;

const NO_BLOCK = Buffer.alloc(0);

function sizesOf(alphabet: Alphabet | undefined): Uint8Array {
  return Uint8Array.from({ length: LONG + 1 }, (_, said) => {
    if (said <= BYTES_MAX) return said;
    return said === LONG ? 0 : (alphabet?.bytesOf(said - BYTES_MAX) ?? 0);
  });
}

/** A column for another thread: no texts are packed in it. */
export interface TextColumnMessage {
  readonly blocks: readonly Uint8Array<ArrayBuffer>[];
  readonly used: number;
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly lengths: Uint8Array<ArrayBuffer>;
  readonly length: number;
  readonly isAscii: boolean;
  readonly long: ReadonlyMap<number, string>;
}

export class TextColumn {
  #isAscii = true;
  #blocks: Buffer<ArrayBuffer>[] = [Buffer.allocUnsafeSlow(BYTES_FIRST)];
  /** The block that is being filled, and how far it is. */
  #block = this.#blocks[0] ?? NO_BLOCK;
  #used = 0;
  /** Where each group begins, counted through all blocks. A group lies in one block. */
  #starts: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  /** How long each text is. There is nothing as long as all of them are empty. */
  #lengths: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #length = 0;
  #long = new Map<number, string>();
  /** The group that was looked at last; and its texts in one, once a second of them is asked for. */
  #groupAt = -1;
  #groupText = '';

  readonly #alphabet: Alphabet | undefined;
  /** How many bytes a text takes, by what is said of its length. */
  readonly #sizes: Uint8Array;

  /** @param alphabet - texts of these characters are packed; others may stand among them. */
  constructor(alphabet?: Alphabet) {
    this.#alphabet = alphabet;
    this.#sizes = sizesOf(alphabet);
  }

  static fromMessage(message: TextColumnMessage): TextColumn {
    const column = new TextColumn();
    column.#blocks = message.blocks.map(({ buffer, byteOffset, length }) =>
      Buffer.from(buffer, byteOffset, length),
    );
    column.#block = column.#blocks.at(-1) ?? NO_BLOCK;
    column.#used = message.used;
    column.#starts = message.starts;
    column.#lengths = message.lengths;
    column.#length = message.length;
    column.#isAscii = message.isAscii;
    column.#long = new Map(message.long);
    return column;
  }

  /** For another thread, to which the memory goes: the column is of no use afterwards. */
  toMessage(): TextColumnMessage {
    return {
      blocks: this.#blocks,
      used: this.#used,
      starts: this.#starts,
      lengths: this.#lengths,
      length: this.#length,
      isAscii: this.#isAscii,
      long: this.#long,
    };
  }

  /** Overwrites all texts; the column is of no use afterwards. */
  erase(): void {
    for (const block of this.#blocks) block.fill(0);
    this.#long.clear();
    this.#forgetGroup();
  }

  /** How many texts there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a text, and answers its position. */
  push(text: string): number {
    const position = this.#length;
    if (text !== '' || this.#lengths.length > 0) {
      this.#begin();
      this.#lengths[position] = text === '' ? 0 : this.#write(text);
    }
    this.#length = position + 1;
    return position;
  }

  /** Adds a text in ASCII, written out. */
  pushAscii(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 0 || length > BYTES_MAX) {
      return this.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
    }
    const position = this.#begin();
    if (this.#used + TEXT_BYTES_MAX > this.#block.length) this.#makeRoom();
    const block = this.#block;
    for (let i = 0; i < length; i += 1) block[this.#used + i] = bytes[start + i] ?? 0;
    this.#used += length;
    this.#lengths[position] = length;
    this.#length = position + 1;
    return position;
  }

  /** The text at a position; empty where there is none. */
  at(position: number): string {
    if (position >= this.#length) return '';
    const bytes = this.#lengths[position] ?? 0;
    if (bytes === 0) return '';
    if (bytes === LONG) return this.#long.get(position) ?? '';
    const start = this.#startOf(position);
    if (bytes <= BYTES_MAX && this.#isAscii) return this.#inGroup(position, start, bytes);
    const block = this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK;
    const from = start & (BLOCK_BYTES - 1);
    if (bytes > BYTES_MAX) return this.#alphabet?.read(block, from, bytes - BYTES_MAX) ?? '';
    return block.toString('utf8', from, from + bytes);
  }

  /** Adds the text at a position to a line. */
  write(position: number, to: PlainLines): void {
    const bytes = position < this.#length ? (this.#lengths[position] ?? 0) : 0;
    if (bytes > BYTES_MAX) {
      to.text(this.at(position));
      return;
    }
    // Bytes beyond ASCII are not plain.
    const start = this.#startOf(position);
    to.ascii(this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK, start & (BLOCK_BYTES - 1), bytes);
  }

  /** Whether the text at a position is this one. */
  is(position: number, text: string): boolean {
    if (position >= this.#length) return text === '';
    const bytes = this.#lengths[position] ?? 0;
    if (bytes === LONG) return this.#long.get(position) === text;
    const isPacked = bytes > BYTES_MAX;
    if (isPacked ? bytes - BYTES_MAX !== text.length : bytes < text.length) return false;
    const start = this.#startOf(position);
    const block = this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK;
    const from = start & (BLOCK_BYTES - 1);
    if (isPacked) return this.#alphabet?.isAt(block, from, text) === true;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      // What is not ASCII has more bytes than units: it is compared as a text.
      if (unit > 0x7f) return this.at(position) === text;
      if (unit !== block[from + i]) return false;
    }
    return bytes === text.length;
  }

  /** Whether it is this one, in ASCII. */
  isAscii(position: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = position < this.#length ? (this.#lengths[position] ?? 0) : 0;
    if (length > BYTES_MAX)
      return this.is(position, Buffer.from(bytes.subarray(start, end)).toString('latin1'));
    if (length !== end - start) return false;
    const first = this.#startOf(position);
    const block = this.#blocks[first >>> BLOCK_BITS] ?? NO_BLOCK;
    const from = first & (BLOCK_BYTES - 1);
    for (let i = 0; i < length; i += 1) if (block[from + i] !== bytes[start + i]) return false;
    return true;
  }

  /** `hashOfText` of the text at a position. */
  hashAt(position: number): number {
    const bytes = position < this.#length ? (this.#lengths[position] ?? 0) : 0;
    if (!this.#isAscii || bytes > BYTES_MAX) return hashOfText(this.at(position));
    const start = this.#startOf(position);
    const from = start & (BLOCK_BYTES - 1);
    return hashOfAscii(this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK, from, from + bytes);
  }

  /**
   * A text in ASCII. Those who go through a column ask for one after the other: a group is read in one call of
   * Buffer's, and the texts are taken from that. Packed texts are not for that: keys are not kept anywhere else.
   */
  #inGroup(position: number, start: number, bytes: number): string {
    const group = position >>> GROUP_BITS;
    const block = this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK;
    if (group !== this.#groupAt) {
      this.#groupAt = group;
      this.#groupText = '';
    } else if (this.#alphabet === undefined) {
      const first = this.#starts[group] ?? 0;
      if (this.#groupText === '') {
        const from = first & (BLOCK_BYTES - 1);
        this.#groupText = block.toString('latin1', from, from + this.#bytesOf(group));
      }
      return this.#groupText.slice(start - first, start - first + bytes);
    }
    const from = start & (BLOCK_BYTES - 1);
    return block.toString('latin1', from, from + bytes);
  }

  #bytesOf(group: number): number {
    const first = group << GROUP_BITS;
    let bytes = 0;
    for (let i = first; i < first + GROUP_TEXTS && i < this.#length; i += 1) {
      bytes += this.#sizes[this.#lengths[i] ?? 0] ?? 0;
    }
    return bytes;
  }

  #forgetGroup(): void {
    this.#groupAt = -1;
    this.#groupText = '';
  }

  /** Makes room for what is said of the next text, and answers its position. */
  #begin(): number {
    const position = this.#length;
    while (position >= this.#lengths.length) this.#makeMore();
    const group = position >>> GROUP_BITS;
    if ((position & (GROUP_TEXTS - 1)) === 0) this.#beginGroup(group);
    if (group === this.#groupAt) this.#forgetGroup();
    return position;
  }

  /** @returns what is said of its length. */
  #write(text: string): number {
    const { length } = text;
    if (length <= BYTES_MAX) {
      if (this.#used + length * BYTES_PER_UNIT_MAX > this.#block.length) this.#makeRoom();
      if (this.#alphabet?.covers(text) === true && length <= PACKED_MAX) {
        this.#alphabet.write(text, this.#block, this.#used);
        this.#used += this.#alphabet.bytesOf(length);
        return length + BYTES_MAX;
      }
      const bytes = this.#put(text, length);
      if (bytes <= BYTES_MAX) {
        this.#used += bytes;
        return bytes;
      }
    }
    this.#long.set(this.#length, text);
    return LONG;
  }

  #put(text: string, length: number): number {
    const block = this.#block;
    const start = this.#used;
    if (length <= SHORT) {
      let i = 0;
      for (; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        block[start + i] = unit;
      }
      if (i === length) return length;
    }
    const written = block.write(text, start, 'utf8');
    if (written !== length) this.#isAscii = false;
    return written;
  }

  #startOf(position: number): number {
    let start = this.#starts[position >>> GROUP_BITS] ?? 0;
    for (let before = position & ~(GROUP_TEXTS - 1); before < position; before += 1) {
      start += this.#sizes[this.#lengths[before] ?? 0] ?? 0;
    }
    return start;
  }

  /** Makes room for more texts. */
  #makeMore(): void {
    const room = Math.max(TEXTS_FIRST, roomAfter(this.#lengths.length));
    const [lengths, starts] = [this.#lengths, this.#starts];
    this.#lengths = new Uint8Array(room);
    this.#lengths.set(lengths);
    this.#starts = new Uint32Array(room >>> GROUP_BITS);
    this.#starts.set(starts);
  }

  #beginGroup(group: number): void {
    this.#starts[group] = (this.#blocks.length - 1) * BLOCK_BYTES + this.#used;
  }

  /** Makes room for a text: in the first block while it is small, or in a new one, to which its group moves. */
  #makeRoom(): void {
    if (this.#block.length < BLOCK_BYTES) {
      const room = Math.min(BLOCK_BYTES, Math.max(this.#block.length * 4, this.#used + TEXT_BYTES_MAX));
      const larger = Buffer.allocUnsafeSlow(room);
      this.#block.copy(larger, 0, 0, this.#used);
      this.#blocks[this.#blocks.length - 1] = larger;
      this.#block = larger;
      if (this.#used + TEXT_BYTES_MAX <= room) return;
    }
    const group = this.#length >>> GROUP_BITS;
    const from = (this.#starts[group] ?? 0) - (this.#blocks.length - 1) * BLOCK_BYTES;
    const next = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#block.copy(next, 0, from, this.#used);
    this.#starts[group] = this.#blocks.length * BLOCK_BYTES;
    this.#used -= from;
    this.#block = next;
    this.#blocks.push(next);
  }
}
