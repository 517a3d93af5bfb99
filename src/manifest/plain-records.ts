// Cuts the records of a CSV text without quotes: a line is a record, and a separator ends a cell. Most manifests are
// such texts, and cutting them so costs a tenth of what a parser costs. Whatever has a quote is left to the parser.

import type { TableRecord } from './formats/table-format.js';
import type { Separator } from './separator.js';

const QUOTE = '"';

/** Longer lines are left to the parser, which knows how long a record may be. */
const LINE_CHARACTERS_MAX = 16_384;

/** Takes a text piece by piece, as far as it is plain. */
export class PlainRecords {
  readonly #separator: Separator;
  #rest = '';
  #line = 1;
  #isPlain = true;

  constructor(separator: Separator) {
    this.#separator = separator;
  }

  /** Whether the text has been plain so far. When it is not, `rest` begins with the record that is not. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** What was not cut as yet. */
  get rest(): string {
    return this.#rest;
  }

  /** The line on which the rest begins. */
  get line(): number {
    return this.#line;
  }

  /** The records that end in this piece. To be called no more once the text is not plain. */
  push(piece: string): readonly TableRecord[] {
    const text = this.#rest === '' ? piece : this.#rest + piece;
    const quote = text.indexOf(QUOTE);
    const records: TableRecord[] = [];
    let start = 0;
    for (;;) {
      const end = text.indexOf('\n', start);
      if (end < 0 || (quote >= 0 && end > quote)) break;
      if (end - start > LINE_CHARACTERS_MAX) break;
      this.#add(text.slice(start, end), records);
      start = end + 1;
    }
    this.#rest = text.slice(start);
    this.#isPlain = quote < 0 && this.#rest.length <= LINE_CHARACTERS_MAX;
    return records;
  }

  /** The last record, when no line end stands behind it. */
  end(): readonly TableRecord[] {
    const records: TableRecord[] = [];
    if (this.#rest !== '') this.#add(this.#rest, records);
    this.#rest = '';
    return records;
  }

  #add(text: string, records: TableRecord[]): void {
    const line = this.#line;
    this.#line += 1;
    const all = text.split(this.#separator);
    let isEmpty = true;
    for (let i = 0; i < all.length; i += 1) {
      const cell = trimmed(all[i] ?? '');
      if (cell !== '') isEmpty = false;
      all[i] = cell;
    }
    if (isEmpty) return;
    records.push({ cells: this.#separator === ' ' ? all.filter((cell) => cell !== '') : all, line });
  }
}

const SPACE = 0x20;
const LAST_OF_ASCII = 0x7e;

/** A quick look first: few cells have anything around them. */
function trimmed(cell: string): string {
  if (cell === '') return cell;
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(cell.length - 1);
  const isBare = first > SPACE && first <= LAST_OF_ASCII && last > SPACE && last <= LAST_OF_ASCII;
  return isBare ? cell : cell.trim();
}
