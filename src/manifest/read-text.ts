// Bytes → text: decodes piece by piece, and shows the beginning of the text before the rest is read.

import { ManifestDecoder } from './text-decoder.js';

/** A beginning of a text, and the whole of it. */
export interface PeekedText {
  /** At least `HEAD_CHARACTERS` of the text, or all of it. */
  readonly head: string;
  /** The whole text, from its first character. */
  readonly texts: AsyncIterable<string>;
}

/** Formats and separators are told apart by so much of a file. */
const HEAD_CHARACTERS = 16_384;

/** @throws {FileRefusal} `input-invalid` when the bytes are not text. */
export async function* decodeText(
  pieces: AsyncIterable<Uint8Array>,
  decoder = new ManifestDecoder(),
): AsyncGenerator<string> {
  for await (const piece of pieces) yield decoder.push(piece);
  yield decoder.end();
}

/**
 * @example
 * const { head, texts } = await peekText(decodeText(file.pieces));
 */
export async function peekText(texts: AsyncGenerator<string>): Promise<PeekedText> {
  let head = '';
  while (head.length < HEAD_CHARACTERS) {
    const next = await texts.next();
    if (next.done === true) break;
    head += next.value;
  }
  const held = head;
  async function* whole(): AsyncGenerator<string> {
    if (held !== '') yield held;
    yield* texts;
  }
  return { head, texts: whole() };
}
