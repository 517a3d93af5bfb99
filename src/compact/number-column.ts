// A column of whole numbers from 0 to 4,294,967,295, which takes one, two or four bytes for each, as the largest of
// them needs; and a column of texts of which there are few different ones.

import { roomAfter } from './room.js';

type Numbers = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

const NUMBERS_FIRST = 256;

/** The largest number that one and two bytes hold. */
const BYTE_MAX = 0xff;
const TWO_BYTES_MAX = 0xffff;
const FOUR_BYTES_MAX = 0xffff_ffff;

/** A column for another thread. */
export interface NumberColumnMessage {
  readonly numbers: Numbers;
  readonly length: number;
}

export class NumberColumn {
  /** None as long as all numbers are 0, as in a column in which one of few texts stands all the time. */
  #numbers: Numbers = new Uint8Array(0);
  #max = BYTE_MAX;
  #length = 0;

  static fromMessage({ numbers, length }: NumberColumnMessage): NumberColumn {
    const column = new NumberColumn();
    column.#numbers = numbers;
    column.#max = maxIn(numbers);
    column.#length = length;
    return column;
  }

  /** For another thread, to which the memory goes: the column is of no use afterwards. */
  toMessage(): NumberColumnMessage {
    return { numbers: this.#numbers, length: this.#length };
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (value !== 0 || this.#numbers.length > 0) this.#write(this.#length, value);
    this.#length += 1;
  }

  /** Puts a number where one is already. */
  set(position: number, value: number): void {
    if (position >= this.#length || (value === 0 && this.#numbers.length === 0)) return;
    this.#write(position, value);
  }

  /** Puts a number anywhere; what is left out before it is 0. */
  put(position: number, value: number): void {
    while (this.#length < position) this.push(0);
    if (position === this.#length) this.push(value);
    else this.set(position, value);
  }

  /** The number at a position; 0 where there is none. */
  at(position: number): number {
    return position >= 0 && position < this.#length ? (this.#numbers[position] ?? 0) : 0;
  }

  #write(position: number, value: number): void {
    if (value > this.#max) this.#widen(value);
    if (position >= this.#numbers.length) this.#resize(roomFor(position, this.#numbers.length));
    this.#numbers[position] = value;
  }

  #widen(value: number): void {
    this.#max = value <= TWO_BYTES_MAX ? TWO_BYTES_MAX : FOUR_BYTES_MAX;
    this.#resize(this.#numbers.length);
  }

  #resize(room: number): void {
    const wider =
      this.#max === BYTE_MAX
        ? new Uint8Array(room)
        : this.#max === TWO_BYTES_MAX
          ? new Uint16Array(room)
          : new Uint32Array(room);
    wider.set(this.#numbers);
    this.#numbers = wider;
  }
}

/** The largest number that there is room for. */
function maxIn(numbers: Numbers): number {
  if (numbers instanceof Uint8Array) return BYTE_MAX;
  return numbers instanceof Uint16Array ? TWO_BYTES_MAX : FOUR_BYTES_MAX;
}

/** A power of two that is more than a position. */
function roomFor(position: number, room: number): number {
  return position < room ? room : roomFor(position, room === 0 ? NUMBERS_FIRST : roomAfter(room));
}

/** Different texts, each with a number that counts from 0. */
export class TextCodes {
  readonly #codeOf = new Map<string, number>();
  readonly #texts: string[] = [];
  /** The last one, because the same text often comes many times over. */
  #last = '';
  #lastCode = -1;

  codeOf(text: string): number {
    if (this.#lastCode < 0 || text !== this.#last) {
      this.#lastCode = this.#codeFor(text);
      this.#last = text;
    }
    return this.#lastCode;
  }

  /** The texts by their numbers. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Empty for a number that no text has. */
  textOf(code: number): string {
    return this.#texts[code] ?? '';
  }

  #codeFor(text: string): number {
    const known = this.#codeOf.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#codeOf.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }
}

/** A column for another thread. */
export interface RepeatingTextColumnMessage {
  readonly codes: NumberColumnMessage;
  readonly texts: readonly string[];
}

/** Texts that repeat, as models do: each different one is kept once. */
export class RepeatingTextColumn {
  #codes = new NumberColumn();
  readonly #texts = new TextCodes();

  static fromMessage({ codes, texts }: RepeatingTextColumnMessage): RepeatingTextColumn {
    const column = new RepeatingTextColumn();
    column.#codes = NumberColumn.fromMessage(codes);
    for (const text of texts) column.#texts.codeOf(text);
    return column;
  }

  /** For another thread, to which the memory goes: the column is of no use afterwards. */
  toMessage(): RepeatingTextColumnMessage {
    return { codes: this.#codes.toMessage(), texts: this.#texts.texts };
  }

  push(text: string): void {
    this.#codes.push(this.#texts.codeOf(text));
  }

  at(position: number): string {
    return this.#texts.textOf(this.#codes.at(position));
  }

  /** Whether the text at a position is this one. */
  is(position: number, text: string): boolean {
    return this.at(position) === text;
  }
}
