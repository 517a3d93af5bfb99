// Pieces of text → whole lines with their numbers, in bounded memory.

import { contentRefusal } from './file-refusal.js';

/** No line of a file that is read line by line comes near it. */
const MAX_LINE_CHARACTERS = 65_536;

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * @example
 * const lines = new LineReader();
 * lines.push('one\ntw'); // [{ text: 'one', line: 1 }]
 * lines.end();           // [{ text: 'tw', line: 2 }]
 */
export class LineReader {
  #rest = '';
  #line = 1;

  push(text: string): readonly TextLine[] {
    const parts = `${this.#rest}${text}`.split('\n');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > MAX_LINE_CHARACTERS) {
      throw contentRefusal(`the line is longer than ${MAX_LINE_CHARACTERS} characters`, this.#line);
    }
    return parts.map((part) => this.#numbered(part));
  }

  end(): readonly TextLine[] {
    if (this.#rest === '') return [];
    const last = this.#numbered(this.#rest);
    this.#rest = '';
    return [last];
  }

  #numbered(text: string): TextLine {
    const line = { text, line: this.#line };
    this.#line += 1;
    return line;
  }
}
