// A column of the ids of tokens and users. Graph writes them as UUIDs of 36 characters, which are 16 bytes; an id of
// any other form is kept as it is.

const WORDS = 4;
const IDS_FIRST = 256;

/** Ids of a block, which has 256 KB. */
const BLOCK_BITS = 14;
const BLOCK_IDS = 1 << BLOCK_BITS;

const NO_BLOCK = new Uint32Array(0);

/** Where the hexadecimal digits of a UUID stand, eight for each word; hyphens stand at 8, 13, 18 and 23. */
const UUID_LENGTH = 36;
const DIGITS_OF_WORD: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [9, 10, 11, 12, 14, 15, 16, 17],
  [19, 20, 21, 22, 24, 25, 26, 27],
  [28, 29, 30, 31, 32, 33, 34, 35],
];
const HYPHENS = [8, 13, 18, 23] as const;
const HYPHEN = 0x2d;

/** The value of a character as a lower-case hexadecimal digit; 255 for any other. */
const DIGIT_VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return value < 0 ? 0xff : value;
});

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** Where a UUID is written before it becomes a text: one that is put together from parts leaves them all behind. */
const written = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');

/** The four words of the last UUID that was read. */
const read = new Uint32Array(WORDS);

/** Reads a UUID in lower case into `read`; false when the text is none. */
function readUuid(text: string): boolean {
  if (text.length !== UUID_LENGTH) return false;
  for (const at of HYPHENS) if (text.charCodeAt(at) !== HYPHEN) return false;
  for (let word = 0; word < WORDS; word += 1) {
    let value = 0;
    for (const at of DIGITS_OF_WORD[word] ?? []) {
      const digit = DIGIT_VALUES[text.charCodeAt(at)] ?? 0xff;
      if (digit === 0xff) return false;
      value = (value << 4) | digit;
    }
    read[word] = value;
  }
  return true;
}

function isZero(): boolean {
  return read[0] === 0 && read[1] === 0 && read[2] === 0 && read[3] === 0;
}

export class IdColumn {
  /** Ids lie in blocks, so that nothing is copied as the column grows. */
  readonly #blocks: Uint32Array[] = [new Uint32Array(IDS_FIRST * WORDS)];
  #length = 0;
  /** Those that are no UUID in lower case, by position; an id that is not said is neither, and is nought. */
  readonly #others = new Map<number, string>();

  get length(): number {
    return this.#length;
  }

  /** Adds an id, or an empty text for none, and answers its position. */
  push(id: string): number {
    const start = (this.#length & (BLOCK_IDS - 1)) * WORDS;
    const block = this.#roomAt(this.#length >>> BLOCK_BITS, start);
    if (id !== '') {
      if (readUuid(id) && !isZero()) {
        block[start] = read[0] ?? 0;
        block[start + 1] = read[1] ?? 0;
        block[start + 2] = read[2] ?? 0;
        block[start + 3] = read[3] ?? 0;
      } else this.#others.set(this.#length, id);
    }
    this.#length += 1;
    return this.#length - 1;
  }

  /** The id at a position; empty where there is none. */
  at(position: number): string {
    if (position >= this.#length) return '';
    const block = this.#blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const start = (position & (BLOCK_IDS - 1)) * WORDS;
    const first = block[start] ?? 0;
    const second = block[start + 1] ?? 0;
    const third = block[start + 2] ?? 0;
    const fourth = block[start + 3] ?? 0;
    if ((first | second | third | fourth) === 0) return this.#others.get(position) ?? '';
    return textOf(first, second, third, fourth);
  }

  /** Whether the id at a position is this one. */
  is(position: number, id: string): boolean {
    if (id === '' || !readUuid(id) || isZero()) return this.at(position) === id;
    const block = this.#blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const start = (position & (BLOCK_IDS - 1)) * WORDS;
    return (
      block[start] === read[0] &&
      block[start + 1] === read[1] &&
      block[start + 2] === read[2] &&
      block[start + 3] === read[3]
    );
  }

  /** The block with this number, with room at this place: only the first one begins small. */
  #roomAt(number: number, start: number): Uint32Array {
    const block = this.#blocks[number];
    if (block === undefined) {
      const next = new Uint32Array(BLOCK_IDS * WORDS);
      this.#blocks.push(next);
      return next;
    }
    if (start < block.length) return block;
    const larger = new Uint32Array(Math.min(BLOCK_IDS * WORDS, block.length * 4));
    larger.set(block);
    this.#blocks[number] = larger;
    return larger;
  }
}

function textOf(first: number, second: number, third: number, fourth: number): string {
  write(first, DIGITS_OF_WORD[0]);
  write(second, DIGITS_OF_WORD[1]);
  write(third, DIGITS_OF_WORD[2]);
  write(fourth, DIGITS_OF_WORD[3]);
  return written.toString('latin1');
}

function write(word: number, places: readonly number[] = []): void {
  let rest = word;
  for (let i = places.length - 1; i >= 0; i -= 1) {
    written[places[i] ?? 0] = DIGITS[rest & 0xf] ?? 0;
    rest >>>= 4;
  }
}
