// A page of a list in the bytes of its answer: where each item stands, and those of its members that are wanted. An item
// becomes an object when somebody asks for it.

import { RecurringTexts } from './recurring-texts.js';

/** What there is room for at first: items of a page as Graph gives it unasked. */
const ITEMS_FIRST = 128;

const QUOTE = 0x22;
const NULL = 0x6e;
const DIGIT_9 = 0x39;
const TRUE = 0x74;
const FALSE = 0x66;

/** What a member is. `rare` is for JSON.parse: a text with a backslash or beyond ASCII. */
export type MemberKind = 'none' | 'null' | 'text' | 'number' | 'true' | 'false' | 'other' | 'rare';

export class ListedPage {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #fields: number;
  #length = 0;
  #link: string | undefined;
  /** Where each item begins and ends, one behind the other. */
  #items = new Int32Array(ITEMS_FIRST * 2);
  /** The same of each wanted member of each item; 0 where there is none. */
  #members: Int32Array<ArrayBuffer>;
  /** A bit for each member of an item that is rare. */
  #rare = new Uint32Array(ITEMS_FIRST);
  readonly #texts = new RecurringTexts();

  /** @param fields - how many members are wanted. */
  constructor(fields: number) {
    this.#fields = fields;
    this.#members = new Int32Array(ITEMS_FIRST * 2 * fields);
  }

  /** How many items there are. */
  get length(): number {
    return this.#length;
  }

  /** What stands under `@odata.nextLink`. */
  get link(): unknown {
    const link: unknown = this.#link === undefined ? undefined : JSON.parse(this.#link);
    return link;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** An item as JSON.parse gives it. */
  item(n: number): unknown {
    return JSON.parse(this.#bytes.toString('utf8', this.#items[n * 2], this.#items[n * 2 + 1]));
  }

  kind(n: number, field: number): MemberKind {
    const start = this.#members[(n * this.#fields + field) * 2] ?? 0;
    if (start === 0) return 'none';
    if (((this.#rare[n] ?? 0) & (1 << field)) !== 0) return 'rare';
    const first = this.#bytes[start] ?? 0;
    if (first === QUOTE) return 'text';
    if (first <= DIGIT_9) return 'number';
    if (first === NULL) return 'null';
    if (first === TRUE) return 'true';
    return first === FALSE ? 'false' : 'other';
  }

  /** Where a text begins, or a number. */
  startOf(n: number, field: number): number {
    const start = this.#members[(n * this.#fields + field) * 2] ?? 0;
    return this.#bytes[start] === QUOTE ? start + 1 : start;
  }

  /** Where it ends, which is behind its last byte. */
  endOf(n: number, field: number): number {
    const end = this.#members[(n * this.#fields + field) * 2 + 1] ?? 0;
    return this.#bytes[end - 1] === QUOTE ? end - 1 : end;
  }

  /** A text in ASCII, or a number. */
  text(n: number, field: number): string {
    return this.#bytes.toString('latin1', this.startOf(n, field), this.endOf(n, field));
  }

  /** One that comes again and again. */
  recurring(n: number, field: number): string {
    return this.#texts.of(this.#bytes, this.startOf(n, field), this.endOf(n, field));
  }

  /** Begins anew, with the bytes of another page. */
  clear(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#length = 0;
    this.#link = undefined;
  }

  setLink(start: number, end: number): void {
    this.#link = this.#bytes.toString('utf8', start, end);
  }

  /** Begins an item, or begins it once more. */
  begin(): void {
    if (this.#length === this.#rare.length) this.#makeRoom();
    const first = this.#length * this.#fields * 2;
    this.#members.fill(0, first, first + this.#fields * 2);
    this.#rare[this.#length] = 0;
  }

  found(field: number, start: number, end: number, isRare: boolean): void {
    const at = (this.#length * this.#fields + field) * 2;
    this.#members[at] = start;
    this.#members[at + 1] = end;
    if (isRare) this.#rare[this.#length] = (this.#rare[this.#length] ?? 0) | (1 << field);
  }

  /** Ends an item. */
  end(start: number, end: number): void {
    this.#items[this.#length * 2] = start;
    this.#items[this.#length * 2 + 1] = end;
    this.#length += 1;
  }

  #makeRoom(): void {
    this.#items = twice(this.#items);
    this.#members = twice(this.#members);
    const rare = new Uint32Array(this.#rare.length * 2);
    rare.set(this.#rare);
    this.#rare = rare;
  }
}

function twice(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
