// Texts of a few different characters, packed into as many bits each as tell those apart: secret keys in Base32 take
// five eighths of the room.

/** A character that is not of the alphabet. */
const NONE = 0xff;

/** Most characters that are read at once. */
export const CHARACTERS_MAX = 127;

/** Where a text is put together. */
const unpacked = Buffer.alloc(CHARACTERS_MAX);

export class Alphabet {
  readonly #bits: number;
  /** The number of each character, by its code. */
  readonly #numbers = new Uint8Array(128).fill(NONE);
  readonly #characters: Buffer;

  /** @param characters - in ASCII, 32 at most. */
  constructor(characters: string) {
    this.#bits = Math.ceil(Math.log2(characters.length));
    this.#characters = Buffer.from(characters, 'latin1');
    for (const [number, code] of this.#characters.entries()) this.#numbers[code] = number;
  }

  /** Whether a text is of these characters alone. */
  covers(text: string): boolean {
    for (let i = 0; i < text.length; i += 1) {
      if ((this.#numbers[text.charCodeAt(i)] ?? NONE) === NONE) return false;
    }
    return true;
  }

  /** How many bytes so many characters take. */
  bytesOf(characters: number): number {
    return Math.ceil((characters * this.#bits) / 8);
  }

  /** Writes a text that it covers. */
  write(text: string, block: Buffer, start: number): void {
    const width = this.#bits;
    let [at, waiting, bits] = [start, 0, 0];
    for (let i = 0; i < text.length; i += 1) {
      waiting = ((waiting << width) | (this.#numbers[text.charCodeAt(i)] ?? 0)) & 0xffff;
      bits += width;
      if (bits < 8) continue;
      bits -= 8;
      block[at] = (waiting >>> bits) & 0xff;
      at += 1;
    }
    if (bits > 0) block[at] = (waiting << (8 - bits)) & 0xff;
  }

  /** Whether what was written there is this text, of as many characters. */
  isAt(block: Buffer, start: number, text: string): boolean {
    const { length } = text;
    const width = this.#bits;
    let [at, waiting, bits] = [start, 0, 0];
    for (let i = 0; i < length; i += 1) {
      if (bits < width) {
        waiting = ((waiting << 8) | (block[at] ?? 0)) & 0xffff;
        at += 1;
        bits += 8;
      }
      bits -= width;
      const number = (waiting >>> bits) & ((1 << width) - 1);
      if (number !== this.#numbers[text.charCodeAt(i)]) return false;
    }
    return true;
  }

  /** Reads so many characters. */
  read(block: Buffer, start: number, characters: number): string {
    const width = this.#bits;
    const codes = this.#characters;
    let [at, waiting, bits] = [start, 0, 0];
    for (let i = 0; i < characters; i += 1) {
      if (bits < width) {
        waiting = ((waiting << 8) | (block[at] ?? 0)) & 0xffff;
        at += 1;
        bits += 8;
      }
      bits -= width;
      unpacked[i] = codes[(waiting >>> bits) & ((1 << width) - 1)] ?? 0;
    }
    return unpacked.toString('latin1', 0, characters);
  }
}

/** https://www.rfc-editor.org/rfc/rfc4648#section-6 */
export const BASE32 = new Alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
