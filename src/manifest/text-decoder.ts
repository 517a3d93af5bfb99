// Bytes of a file → text with \n line ends, chunk by chunk. UTF-8; UTF-16 with a byte order mark, as Excel's
// "Unicode text" has it; Windows-1252 when the first character that is not ASCII cannot be UTF-8 (formats.md,
// section 14, rule 2). Anything else is refused, and never guessed.

import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { contentRefusal } from './file-refusal.js';
import { recogniseForeignFile, SIGNATURE_BYTES } from './file-signature.js';
import { decodeWindows1252, NO_CHARACTER } from './windows-1252.js';

/** No character of UTF-8 has more bytes. */
const LONGEST_CHARACTER = 4;

/** `ASCII` until a byte shows what it is. */
type Encoding = 'ASCII' | 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';

/**
 * Turns the chunks of one file into text.
 *
 * Line ends are made one kind here, because the CSV parser counts a `\r\n` inside quotes as two lines; and the
 * decoding is done here, because the parser knows one byte order of UTF-16 and no invalid bytes.
 *
 * @example
 * const decoder = new ManifestDecoder();
 * const text = decoder.push(chunk) + decoder.end();
 */
export class ManifestDecoder {
  #encoding: Encoding = 'ASCII';
  #decoder: TextDecoder | undefined;
  #started = false;
  /** Bytes that cannot be read yet: the beginning of the file, or of the first character that is not ASCII. */
  #held: Uint8Array = new Uint8Array(0);
  #pendingReturn = false;
  #line = 1;
  #switchedAt: number | undefined;

  /** @throws {FileRefusal} `input-invalid` when the bytes are not text, or not text in a known encoding. */
  push(bytes: Uint8Array): string {
    const all = this.#held.byteLength === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = new Uint8Array(0);
    if (!this.#started && all.byteLength < SIGNATURE_BYTES) {
      this.#held = all;
      return '';
    }
    return this.#decode(all, true);
  }

  /** What was held back; to be called once, after the last chunk. */
  end(): string {
    if (!this.#started && this.#held.byteLength === 0) throw contentRefusal('the file is empty');
    const last = this.#held;
    this.#held = new Uint8Array(0);
    return this.#decode(last, false);
  }

  /** How the text is encoded, as far as it was read. */
  get encoding(): string {
    return this.#encoding === 'ASCII' ? 'UTF-8' : this.#encoding;
  }

  /** Things worth a look about the text. */
  remarks(): readonly string[] {
    return this.#switchedAt === undefined
      ? []
      : [
          `the text is not UTF-8 and is read as Windows-1252; look at the names, the first on line ${this.#switchedAt}`,
        ];
  }

  #decode(bytes: Uint8Array, more: boolean): string {
    if (!this.#started) this.#start(bytes);
    if (this.#encoding !== 'ASCII') return this.#finished(this.#decoded(bytes, more), more);
    const at = firstBeyondAscii(bytes);
    if (at === -1) return this.#finished(latin(bytes), more);
    if (more && bytes.byteLength - at < LONGEST_CHARACTER) {
      this.#held = bytes.subarray(at);
      return this.#finished(latin(bytes.subarray(0, at)), more);
    }
    const before = this.#finished(latin(bytes.subarray(0, at)), true);
    if (startsWithUtf8(bytes.subarray(at, at + LONGEST_CHARACTER))) this.#choose('UTF-8');
    else {
      this.#encoding = 'Windows-1252';
      this.#switchedAt = this.#line;
    }
    return before + this.#finished(this.#decoded(bytes.subarray(at), more), more);
  }

  #start(bytes: Uint8Array): void {
    this.#started = true;
    const foreign = recogniseForeignFile(bytes);
    if (foreign !== undefined) throw contentRefusal(foreign);
    const [first, second, third] = bytes;
    if (first === 0xff && second === 0xfe) this.#choose('UTF-16LE');
    else if (first === 0xfe && second === 0xff) this.#choose('UTF-16BE');
    else if (first === 0xef && second === 0xbb && third === 0xbf) this.#choose('UTF-8');
  }

  /** The decoder takes the byte order mark off. */
  #choose(encoding: 'UTF-8' | 'UTF-16LE' | 'UTF-16BE'): void {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding);
  }

  #decoded(bytes: Uint8Array, more: boolean): string {
    return this.#decoder === undefined
      ? decodeWindows1252(bytes)
      : this.#decoder.decode(bytes, { stream: more });
  }

  #finished(decoded: string, more: boolean): string {
    const text = this.#unifyLineEnds(decoded, more);
    const bad = text.search(/[\0\ufffd]/);
    this.#line += lineEnds(bad === -1 ? text : text.slice(0, bad));
    if (bad === -1) return text;
    throw contentRefusal(
      text.charAt(bad) === NO_CHARACTER
        ? `the text is not ${this.encoding}, or an earlier conversion damaged it; save it as 'CSV UTF-8'`
        : "the file holds NUL bytes: it is not text, or it is UTF-16 without a byte order mark; save it as 'CSV UTF-8'",
      this.#line,
    );
  }

  #unifyLineEnds(decoded: string, more: boolean): string {
    let text = this.#pendingReturn ? `\r${decoded}` : decoded;
    this.#pendingReturn = more && text.endsWith('\r');
    if (this.#pendingReturn) text = text.slice(0, -1);
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Every byte of every file passes here: https://nodejs.org/api/buffer.html#bufferisasciiinput looks at many at once. */
function firstBeyondAscii(bytes: Uint8Array): number {
  if (isAscii(bytes)) return -1;
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) > 0x7f) return at;
  return -1;
}

/** Whether bytes begin with a whole character of UTF-8; what follows it does not matter. */
function startsWithUtf8(bytes: Uint8Array): boolean {
  return [2, 3, 4].some((length) => bytes.byteLength >= length && isUtf8(bytes.subarray(0, length)));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
