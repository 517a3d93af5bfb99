// Bytes of a file → text with \n line ends, chunk by chunk. UTF-8, and UTF-16 with a byte order mark, as Excel's
// "Unicode text" has it (formats.md, section 14, rule 2). Anything else is refused, and never guessed.

import { TextDecoder } from 'node:util';
import { contentRefusal } from './file-refusal.js';
import { recogniseForeignFile, SIGNATURE_BYTES } from './file-signature.js';

const REPLACEMENT_CHARACTER = '\ufffd';

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
  #decoder: TextDecoder | undefined;
  #encoding = 'UTF-8';
  #head: Uint8Array = new Uint8Array(0);
  #pendingReturn = false;
  #line = 1;

  /** @throws {FileRefusal} `input-invalid` when the bytes are not text, or not text in a known encoding. */
  push(bytes: Uint8Array): string {
    if (this.#decoder !== undefined) return this.#decode(this.#decoder, bytes, true);
    this.#head = Buffer.concat([this.#head, bytes]);
    return this.#head.byteLength < SIGNATURE_BYTES ? '' : this.#start(true);
  }

  /** What was held back; to be called once, after the last chunk. */
  end(): string {
    if (this.#decoder !== undefined) return this.#decode(this.#decoder, new Uint8Array(0), false);
    if (this.#head.byteLength === 0) throw contentRefusal('the file is empty');
    return this.#start(false);
  }

  /** How the text is encoded, once the beginning was seen. */
  get encoding(): string {
    return this.#encoding;
  }

  /** Things worth a look about the text. */
  remarks(): readonly string[] {
    return [];
  }

  #start(more: boolean): string {
    const [first, second] = this.#head;
    const foreign = recogniseForeignFile(this.#head);
    if (foreign !== undefined) throw contentRefusal(foreign);
    if (first === 0xff && second === 0xfe) this.#encoding = 'UTF-16LE';
    else if (first === 0xfe && second === 0xff) this.#encoding = 'UTF-16BE';
    // The decoder takes the byte order mark off.
    this.#decoder = new TextDecoder(this.#encoding);
    return this.#decode(this.#decoder, this.#head, more);
  }

  #decode(decoder: TextDecoder, bytes: Uint8Array, more: boolean): string {
    const decoded = decoder.decode(bytes, { stream: more });
    const text = this.#unifyLineEnds(decoded, more);
    const bad = text.search(/[\0\ufffd]/);
    this.#line += lineEnds(bad === -1 ? text : text.slice(0, bad));
    if (bad === -1) return text;
    throw contentRefusal(
      text.charAt(bad) === REPLACEMENT_CHARACTER
        ? `the text is not ${this.#encoding}, or an earlier conversion damaged it; save it as 'CSV UTF-8'`
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

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
