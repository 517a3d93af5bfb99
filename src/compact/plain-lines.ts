// Lines that are put together as bytes, out of columns, without making texts of what stands there. They hold plain
// texts alone, which every format that we write takes as they are; whoever meets another writes that line another way.

import { invariant } from '../errors.js';
import { BYTES_PER_UNIT_MAX, withRoom } from './room.js';
import { UUID_LENGTH, writeUuid } from './uuid.js';

/** The longest part of a line in bytes: almost all have less than 64. */
const PART_MAX = 256;

/** Room for a line: more parts than any has. */
const LINE_MAX = 32 * PART_MAX;

const ZERO = 0x30;

/**
 * Of each byte: 0 when no plain text has it, else 1, and 2 when it may be the first. Plain are the letters and digits of
 * ASCII and some signs. Neither JSON nor CSV quotes them (RFC 8259, section 7; RFC 4180, section 2), and no spreadsheet
 * takes a text that begins with one of the 2 for a formula.
 */
const PLAIN = new Uint8Array(256);
const MAY_BE_FIRST = 2;
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/')) {
  PLAIN[byte] = MAY_BE_FIRST;
}
for (const byte of Buffer.from('@-')) PLAIN[byte] = 1;

/**
 * Puts lines together, one part behind the other.
 *
 * @example
 * lines.begin();
 * lines.text(user);
 * lines.fixed(COMMA);
 * lines.number(7);
 * lines.fixed(LINE_END);
 * if (!lines.end()) lines.line(quoted(user, 7));
 * await write(lines.take());
 */
export class PlainLines {
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the next lines are written, while those are used that were taken. */
  #other: Buffer = Buffer.alloc(0);
  #used = 0;
  /** Where the line begins that is being put together, and whether all of it is plain. */
  #start = 0;
  #isPlain = true;

  /** Begins a line. */
  begin(): void {
    this.#bytes = withRoom(this.#bytes, this.#used, LINE_MAX);
    this.#start = this.#used;
    this.#isPlain = true;
  }

  /** Adds what stands between the parts, or a part of which it is known how it is written. */
  fixed(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length > PART_MAX) {
      this.#isPlain = false;
      return;
    }
    const [to, used] = [this.#bytes, this.#used];
    for (let i = 0; i < length; i += 1) to[used + i] = bytes[i] ?? 0;
    this.#used = used + length;
  }

  /** Adds a whole number from 0 on. */
  number(value: number): void {
    let end = this.#used + 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end += 1;
    let rest = value;
    for (let at = end - 1; at >= this.#used; at -= 1) {
      this.#bytes[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#used = end;
  }

  /** Adds a text. */
  text(text: string): void {
    const { length } = text;
    if (length > PART_MAX) {
      this.#isPlain = false;
      return;
    }
    const [to, used] = [this.#bytes, this.#used];
    let isPlain = length === 0 || PLAIN[text.charCodeAt(0)] === MAY_BE_FIRST;
    for (let i = 0; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      if ((PLAIN[unit] ?? 0) === 0) isPlain = false;
      to[used + i] = unit;
    }
    this.#used = used + length;
    if (!isPlain) this.#isPlain = false;
  }

  /** Adds a text that stands in ASCII among other bytes. */
  ascii(from: Uint8Array, start: number, length: number): void {
    if (length > PART_MAX) {
      this.#isPlain = false;
      return;
    }
    const [to, used] = [this.#bytes, this.#used];
    let isPlain = length === 0 || PLAIN[from[start] ?? 0] === MAY_BE_FIRST;
    for (let i = 0; i < length; i += 1) {
      const byte = from[start + i] ?? 0;
      if (PLAIN[byte] === 0) isPlain = false;
      to[used + i] = byte;
    }
    this.#used = used + length;
    if (!isPlain) this.#isPlain = false;
  }

  /** Adds a UUID: four words, from a place among others on. */
  uuid(words: Uint32Array, first: number): void {
    writeUuid(words, first, this.#bytes, this.#used);
    this.#used += UUID_LENGTH;
  }

  /** Ends the line. @returns whether all of it was plain; if not, there is nothing of it. */
  end(): boolean {
    invariant(this.#used <= this.#bytes.length, 'a line has more parts than there is room for');
    if (!this.#isPlain) this.#used = this.#start;
    return this.#isPlain;
  }

  /** Adds a whole line, with its end, that was written another way. */
  line(text: string): void {
    this.#bytes = withRoom(this.#bytes, this.#used, text.length * BYTES_PER_UNIT_MAX);
    this.#used += this.#bytes.write(text, this.#used, 'utf8');
  }

  /** The lines since the last time, in UTF-8; the bytes stay what they are until the next ones are taken. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#used);
    [this.#bytes, this.#other] = [this.#other, this.#bytes];
    this.#used = 0;
    return taken;
  }
}

/** Texts that repeat, as the bytes that lines have for them: each is made once. */
export class FixedTexts {
  readonly #made = new Map<string, Uint8Array>();
  readonly #textFor: (text: string) => string;

  /** @param textFor - how a text is written. There must be few different ones. */
  constructor(textFor: (text: string) => string) {
    this.#textFor = textFor;
  }

  bytesOf(text: string): Uint8Array {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.from(this.#textFor(text));
    this.#made.set(text, bytes);
    return bytes;
  }
}
