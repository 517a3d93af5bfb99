// A column of texts, kept as bytes one behind the other: a million of them are one block of memory instead of a
// million objects, which the garbage collector would have to visit each time.

/** Bytes and texts that there is room for at first. */
const BYTES_FIRST = 4_096;
const TEXTS_FIRST = 256;

/** Shorter texts are written byte by byte, which costs less than a call of Buffer's. */
const SHORT = 64;

export class TextColumn {
  #isAscii = true;
  #bytes = Buffer.allocUnsafe(BYTES_FIRST);
  /** Where each text ends; it begins where the one before ends. */
  #ends = new Uint32Array(TEXTS_FIRST);
  #length = 0;

  /** How many texts there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a text, and answers its position. */
  push(text: string): number {
    const start = this.#startOf(this.#length);
    // A UTF-16 unit takes three bytes at most.
    if (start + text.length * 3 > this.#bytes.length) this.#grow(start, text.length * 3);
    const end = start + this.#write(text, start);
    if (this.#length === this.#ends.length) this.#ends = longer(this.#ends);
    this.#ends[this.#length] = end;
    this.#length += 1;
    return this.#length - 1;
  }

  /** The text at a position; empty where there is none. */
  at(position: number): string {
    const encoding = this.#isAscii ? 'latin1' : 'utf8';
    return this.#bytes.toString(encoding, this.#startOf(position), this.#endOf(position));
  }

  /** Whether the text at a position is this one. */
  is(position: number, text: string): boolean {
    const start = this.#startOf(position);
    const bytes = this.#endOf(position) - start;
    if (bytes < text.length) return false;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      // What is not ASCII has more bytes than units: it is compared as a text.
      if (unit > 0x7f) return this.at(position) === text;
      if (unit !== this.#bytes[start + i]) return false;
    }
    return bytes === text.length;
  }

  /** @returns how many bytes it takes. */
  #write(text: string, start: number): number {
    const { length } = text;
    const bytes = this.#bytes;
    if (length <= SHORT) {
      let i = 0;
      for (; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        bytes[start + i] = unit;
      }
      if (i === length) return length;
    }
    const written = bytes.write(text, start, 'utf8');
    if (written !== length) this.#isAscii = false;
    return written;
  }

  #startOf(position: number): number {
    return position === 0 ? 0 : (this.#ends[position - 1] ?? 0);
  }

  #endOf(position: number): number {
    return position < this.#length ? (this.#ends[position] ?? 0) : this.#startOf(position);
  }

  #grow(used: number, more: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(roomAfter(this.#bytes.length), used + more));
    this.#bytes.copy(bytes, 0, 0, used);
    this.#bytes = bytes;
  }
}

/** Large columns grow by a quarter: what they have too much lies idle for the whole run. */
export function roomAfter(room: number): number {
  return room < LARGE ? room * 2 : room + Math.ceil(room / 4);
}

const LARGE = 65_536;

/** The same numbers with more room behind them. */
export function longer(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(roomAfter(numbers.length));
  more.set(numbers);
  return more;
}
