// A column of the ids of tokens and users. Graph writes them as UUIDs of 36 characters, which are 16 bytes; an id of
// any other form is kept as it is.

import { hashOfText, hashOfWords } from './position-index.js';

const WORDS = 4;
const IDS_FIRST = 256;

/** Ids of a block, which has 256 KB: a power of four times the first. */
const BLOCK_BITS = 14;
const BLOCK_IDS = 1 << BLOCK_BITS;

const NO_BLOCK = new Uint32Array(0);

const UUID_LENGTH = 36;

/** Where four hexadecimal digits of a UUID stand at a time, two fours for each word; between them are hyphens. */
const FOURS_OF_WORD = [
  [0, 4],
  [9, 14],
  [19, 24],
  [28, 32],
] as const;
const HYPHENS = [8, 13, 18, 23] as const;
const HYPHEN = 0x2d;

const NO_DIGIT = 0xff;

/** The value of a character as a lower-case hexadecimal digit. */
const DIGIT_VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return value < 0 ? NO_DIGIT : value;
});

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** Where a UUID is written before it becomes a text: one that is put together from parts leaves them all behind. */
const written = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');

/** The four words of the last UUID that was read. */
const read = new Uint32Array(WORDS);

/** The text that was read last, and whether it is one: the same text is mostly asked for twice. */
let lastText = '';
let lastIsUuid = false;

/** Reads a UUID in lower case into `read`; false when the text is none, or is nought. */
function readUuid(text: string): boolean {
  if (text === lastText) return lastIsUuid;
  lastText = text;
  lastIsUuid = readWords(text) && (read[0] !== 0 || read[1] !== 0 || read[2] !== 0 || read[3] !== 0);
  return lastIsUuid;
}

function readWords(text: string): boolean {
  if (text.length !== UUID_LENGTH) return false;
  for (const at of HYPHENS) if (text.charCodeAt(at) !== HYPHEN) return false;
  for (let word = 0; word < WORDS; word += 1) {
    const [left, right] = FOURS_OF_WORD[word] ?? FOURS_OF_WORD[0];
    const upper = fourDigits(text, left);
    const lower = fourDigits(text, right);
    if (upper < 0 || lower < 0) return false;
    read[word] = (upper << 16) | lower;
  }
  return true;
}

/** The number that four hexadecimal digits are; negative when they are none. */
function fourDigits(text: string, at: number): number {
  const first = DIGIT_VALUES[text.charCodeAt(at)] ?? NO_DIGIT;
  const second = DIGIT_VALUES[text.charCodeAt(at + 1)] ?? NO_DIGIT;
  const third = DIGIT_VALUES[text.charCodeAt(at + 2)] ?? NO_DIGIT;
  const fourth = DIGIT_VALUES[text.charCodeAt(at + 3)] ?? NO_DIGIT;
  if ((first | second | third | fourth) > 0xf) return -1;
  return (first << 12) | (second << 8) | (third << 4) | fourth;
}

/** Whether a text is a UUID in lower case, as object ids are. That of nought, which nobody has, is none. */
export function isUuid(text: string): boolean {
  return readUuid(text);
}

/** The hash by which an index finds an id. */
export function hashOfId(id: string): number {
  return readUuid(id) ? hashOfWords(read[0] ?? 0, read[1] ?? 0, read[2] ?? 0, read[3] ?? 0) : hashOfText(id);
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
      if (readUuid(id)) {
        const start = (this.#length & (BLOCK_IDS - 1)) * WORDS;
        const block = this.#roomAt(this.#length >>> BLOCK_BITS, start);
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
    if (id === '' || !readUuid(id)) return this.at(position) === id;
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
    const first = block[start] ?? 0;
    const second = block[start + 1] ?? 0;
    const third = block[start + 2] ?? 0;
    const fourth = block[start + 3] ?? 0;
    if ((first | second | third | fourth) === 0) return hashOfId(this.at(position));
    return hashOfWords(first, second, third, fourth);
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

/** Words that the first block has room for. */
function roomFor(start: number): number {
  let ids = IDS_FIRST;
  while (ids * WORDS <= start) ids *= 4;
  return ids * WORDS;
}

function textOf(...words: readonly [number, number, number, number]): string {
  for (let word = 0; word < WORDS; word += 1) {
    const [left, right] = FOURS_OF_WORD[word] ?? FOURS_OF_WORD[0];
    const value = words[word] ?? 0;
    writeFour(value >>> 16, left);
    writeFour(value, right);
  }
  return written.toString('latin1');
}

function writeFour(value: number, at: number): void {
  written[at] = DIGITS[(value >>> 12) & 0xf] ?? 0;
  written[at + 1] = DIGITS[(value >>> 8) & 0xf] ?? 0;
  written[at + 2] = DIGITS[(value >>> 4) & 0xf] ?? 0;
  written[at + 3] = DIGITS[value & 0xf] ?? 0;
}
