// A column of texts, kept as bytes one behind the other: a million of them are a few blocks of memory instead of a
// million objects, which the garbage collector would have to visit each time.

/** Texts lie in blocks of so many bytes: a column grows by a block, and nothing is copied for that. */
const BLOCK_BITS = 18;
const BLOCK_BYTES = 1 << BLOCK_BITS;

/** What there is room for at first: most columns hold a few texts. */
const BYTES_FIRST = 4_096;
const TEXTS_FIRST = 256;

/** Shorter texts are written byte by byte, which costs less than a call of Buffer's. */
const SHORT = 64;

/** A UTF-16 unit takes three bytes at most. */
const BYTES_PER_UNIT_MAX = 3;

const NO_BLOCK = Buffer.alloc(0);

export class TextColumn {
  #isAscii = true;
  readonly #blocks: Buffer[] = [Buffer.allocUnsafeSlow(BYTES_FIRST)];
  /** The block that is being filled. */
  #block = this.#blocks[0] ?? NO_BLOCK;
  /** Where each text ends, counted through all blocks. It begins where the one before ends, or with its block. */
  #ends = new Uint32Array(TEXTS_FIRST);
  #length = 0;
  /** Where the next text may begin. */
  #end = 0;
  /** Texts that may not fit into a block. */
  readonly #long = new Map<number, string>();

  /** How many texts there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a text, and answers its position. */
  push(text: string): number {
    const most = text.length * BYTES_PER_UNIT_MAX;
    if (most > BLOCK_BYTES) this.#long.set(this.#length, text);
    else if (text !== '') {
      if ((this.#end & (BLOCK_BYTES - 1)) + most > this.#block.length || this.#endsBlock()) this.#room(most);
      this.#end += this.#write(text, this.#end & (BLOCK_BYTES - 1));
    }
    if (this.#length === this.#ends.length) this.#ends = longer(this.#ends);
    this.#ends[this.#length] = this.#end;
    this.#length += 1;
    return this.#length - 1;
  }

  /** The text at a position; empty where there is none. */
  at(position: number): string {
    if (position >= this.#length) return '';
    if (this.#long.size > 0) {
      const long = this.#long.get(position);
      if (long !== undefined) return long;
    }
    const start = this.#startOf(position);
    const end = this.#ends[position] ?? 0;
    if (end <= start) return '';
    const from = start & (BLOCK_BYTES - 1);
    const block = this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK;
    return block.toString(this.#isAscii ? 'latin1' : 'utf8', from, from + end - start);
  }

  /** Whether the text at a position is this one. */
  is(position: number, text: string): boolean {
    if (position >= this.#length) return text === '';
    if (this.#long.size > 0 && this.#long.has(position)) return this.at(position) === text;
    const start = this.#startOf(position);
    const bytes = (this.#ends[position] ?? 0) - start;
    if (bytes < text.length) return false;
    const block = this.#blocks[start >>> BLOCK_BITS] ?? NO_BLOCK;
    const from = start & (BLOCK_BYTES - 1);
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      // What is not ASCII has more bytes than units: it is compared as a text.
      if (unit > 0x7f) return this.at(position) === text;
      if (unit !== block[from + i]) return false;
    }
    return bytes === text.length;
  }

  /** @returns how many bytes it takes. */
  #write(text: string, start: number): number {
    const { length } = text;
    const block = this.#block;
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
    const before = position === 0 ? 0 : (this.#ends[position - 1] ?? 0);
    const end = this.#ends[position] ?? 0;
    if (end <= before) return before;
    const block = (end - 1) >>> BLOCK_BITS;
    return block === before >>> BLOCK_BITS ? before : block * BLOCK_BYTES;
  }

  /** Whether the block that is being filled is full to its last byte. */
  #endsBlock(): boolean {
    return this.#end === this.#blocks.length * BLOCK_BYTES;
  }

  /** Makes room for so many bytes: in the first block, while it is small, or in the next one. */
  #room(bytes: number): void {
    const used = this.#end - (this.#blocks.length - 1) * BLOCK_BYTES;
    if (used + bytes <= BLOCK_BYTES && this.#block.length < BLOCK_BYTES) {
      const larger = Buffer.allocUnsafeSlow(
        Math.min(BLOCK_BYTES, Math.max(this.#block.length * 4, used + bytes)),
      );
      this.#block.copy(larger, 0, 0, used);
      this.#blocks[this.#blocks.length - 1] = larger;
      this.#block = larger;
      return;
    }
    this.#end = this.#blocks.length * BLOCK_BYTES;
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#blocks.push(this.#block);
  }
}

/** A column that is full is copied into one twice as long: what is not written to takes no memory of the machine. */
export function roomAfter(room: number): number {
  return room * 2;
}

/** The same numbers with more room behind them. */
export function longer(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(roomAfter(numbers.length));
  more.set(numbers);
  return more;
}
