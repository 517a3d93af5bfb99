// Texts of a few characters that come again and again, as models and states do: one that was met before is not made
// again. Pure, but for what it remembers.

/** Texts that are remembered; a power of two. One takes the place of another now and then. */
const PLACES = 64;

/** Longer ones are made anew each time. */
const BYTES_MAX = 40;

const FACTOR = 31;

export class RecurringTexts {
  readonly #texts: string[] = Array.from({ length: PLACES }, () => '');

  /** The text of bytes in ASCII. */
  of(bytes: Buffer, start: number, end: number): string {
    if (end - start > BYTES_MAX) return bytes.toString('latin1', start, end);
    let hash = 0;
    for (let i = start; i < end; i += 1) hash = (Math.imul(hash, FACTOR) + (bytes[i] ?? 0)) | 0;
    const place = hash & (PLACES - 1);
    const known = this.#texts[place] ?? '';
    if (isSame(known, bytes, start, end)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#texts[place] = text;
    return text;
  }
}

function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
