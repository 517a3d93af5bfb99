// Distinct texts, each with a position that counts from 0: a Map from text to number that takes a fifth of the
// memory of one, and no time of the garbage collector.

import type { PlainLines } from './plain-lines.js';
import { hashOfAscii, hashOfText, PositionIndex, type PositionIndexMessage } from './position-index.js';
import { Succession } from './succession.js';
import { TextColumn, type TextColumnMessage } from './text-column.js';

/** An index for another thread. */
export interface TextIndexMessage {
  readonly texts: TextColumnMessage;
  readonly index: PositionIndexMessage;
}

export class TextIndex {
  #texts = new TextColumn();
  #index = new PositionIndex((position) => this.#texts.hashAt(position));
  /** The text that was told last: whoever is told one often asks where it is. */
  #lastText: string | undefined;
  #lastPosition = -1;
  readonly #order = new Succession();

  static fromMessage({ texts, index }: TextIndexMessage): TextIndex {
    const own = new TextIndex();
    own.#texts = TextColumn.fromMessage(texts);
    own.#index = PositionIndex.fromMessage(index, (position) => own.#texts.hashAt(position));
    return own;
  }

  /** For another thread, to which the memory goes: the index is of no use afterwards. */
  toMessage(): TextIndexMessage {
    return { texts: this.#texts.toMessage(), index: this.#index.toMessage() };
  }

  get length(): number {
    return this.#texts.length;
  }

  at(position: number): string {
    const text = this.#texts.at(position);
    if (position >= 0 && position < this.length) {
      this.#lastText = text;
      this.#lastPosition = position;
    }
    return text;
  }

  /** Adds the text at a position to a line. */
  write(position: number, to: PlainLines): void {
    this.#texts.write(position, to);
  }

  /** Where a text is; -1 when it is not there. */
  find(text: string): number {
    if (text === this.#lastText) return this.#lastPosition;
    const { guess } = this.#order;
    const isNext = guess >= 0 && guess < this.length && this.#texts.is(guess, text);
    const position = isNext ? guess : this.#find(text, hashOfText(text));
    if (position >= 0) this.#order.found(position);
    return position;
  }

  /** The same of a text in ASCII. */
  findAscii(bytes: Uint8Array, start: number, end: number): number {
    const { guess } = this.#order;
    const isNext = guess >= 0 && guess < this.length && this.#texts.isAscii(guess, bytes, start, end);
    const position = isNext
      ? guess
      : this.#index.find(hashOfAscii(bytes, start, end), (at) => this.#texts.isAscii(at, bytes, start, end));
    if (position >= 0) this.#order.found(position);
    return position;
  }

  /** Where a text is; it is added when it is not there. */
  add(text: string): number {
    const known = this.find(text);
    if (known >= 0) return known;
    const position = this.#texts.push(text);
    this.#index.add(hashOfText(text), position);
    return position;
  }

  /** Gives up what only adding takes, once most has been added. */
  settle(): void {
    this.#index.settle();
  }

  #find(text: string, hash: number): number {
    return this.#index.find(hash, (position) => this.#texts.is(position, text));
  }
}
