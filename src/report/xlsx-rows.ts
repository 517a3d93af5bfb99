// Rows of a sheet as XML: Office Open XML, ECMA-376 part 1, 18.3.1. Every text is a cell of the type text, so that a serial
// number keeps its zeros and nothing is ever a formula. A batch at a time, so that a million rows never stand in memory
// as text. Pure.

import type { CsvLine } from './csv-text.js';
import { spelledOut, visible } from './hidden-characters.js';

/** https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
const CELL_LENGTH_MAX = 32_767;

/** Lines to a chunk: about 60 kB of text, as csv-text.ts. */
const LINES_PER_CHUNK = 60;

/** Neither XML nor a spreadsheet reads anything into it. */
const PLAIN = /^(?!.*_x)[\w.:/@ ,;()-]*$/;

/** What a spreadsheet may drop from a text without a word, though XML holds some of it. */
const DROPPED = /[\uFFFD\p{Noncharacter_Code_Point}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The rows below a heading, in chunks that are to be written one after the other. */
export function* rowsXml(lines: Iterable<CsvLine>): Generator<string, void> {
  let text = '';
  // The heading is row 1.
  let number = 2;
  for (const line of lines) {
    text += `<row r="${number}">`;
    for (const [column, value] of line.entries()) text += cellXml(`${columnName(column)}${number}`, value);
    text += '</row>';
    number += 1;
    if (number % LINES_PER_CHUNK !== 0) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function cellXml(place: string, value: string | number): string {
  if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
  if (value === '') return '';
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${cellText(value)}</t></is></c>`;
}

function cellText(text: string): string {
  if (PLAIN.test(text) && text.length <= CELL_LENGTH_MAX) return text;
  // What it leaves XML can hold: no control character, and no half of a pair of surrogates.
  const shown = visible(text).replace(DROPPED, spelledOut);
  const cut = shown.length <= CELL_LENGTH_MAX ? shown : `${cutAt(shown, CELL_LENGTH_MAX - 1)}…`;
  return literal(cut).replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** Spreadsheets take _x0041_ in a text for the character A (ECMA-376 part 1, 22.9.2.19): its first _ is written so itself. */
function literal(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

/** No pair of surrogates is split. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

const LETTERS = 26;

/**
 * A, B, … Z, AA, …
 *
 * @example
 * columnName(26); // 'AA'
 */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % LETTERS));
  return column < LETTERS ? letter : `${columnName(Math.floor(column / LETTERS) - 1)}${letter}`;
}
