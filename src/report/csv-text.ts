// Lines of cells as CSV: RFC 4180 (comma, CRLF, UTF-8 without a byte order mark), with nothing in it that a
// spreadsheet would run. A batch at a time, so that a million rows never stand in memory as text.

import { type Options, stringify } from 'csv-stringify/sync';

export type CsvLine = readonly (string | number)[];

/** Lines to a chunk: about 50 kB of text. V8 keeps texts of more than 128 kB apart, and frees them late. */
export const LINES_PER_CHUNK = 250;

/**
 * A spreadsheet runs a cell that begins like a formula; an apostrophe in front makes it text
 * (https://owasp.org/www-community/attacks/CSV_Injection). csv-stringify's `escape_formulas` sees to a
 * first character of `= + - @`, tab, CR and the full-width signs. This pattern is what it leaves: a line
 * feed, and signs behind white space or invisible characters, which some spreadsheets skip.
 */
const HIDDEN_FORMULA = /^(?:\n|[\s\p{Cf}]+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

const OPTIONS: Options = {
  record_delimiter: 'windows',
  // Without this a lone CR or LF inside a cell would stand unquoted beside CRLF line ends.
  quote_record_delimiter: true,
  escape_formulas: true,
  cast: { string: (text) => (HIDDEN_FORMULA.test(text) ? `'${text}` : text) },
};

/** The text, heading first, in chunks that are to be written one after the other. */
export function* csvText(
  heading: readonly string[],
  lines: Iterable<CsvLine>,
): Generator<string, void, undefined> {
  const writer = new CsvLines(heading.length);
  let text = writer.text(heading);
  let count = 1;
  for (const line of lines) {
    text += writer.text(line);
    count += 1;
    if (count < LINES_PER_CHUNK) continue;
    yield text;
    text = '';
    count = 0;
  }
  if (count > 0) yield text;
}

/** What ends a line behind a cell that is followed by an empty one. */
const EMPTY_CELL = ',\r\n';

/** A cell in which nothing asks for quotes, and which does not begin as a formula may. */
const PLAIN = String.raw`(?:[\w.:/](?:[\w.:/@ -]*[\w.:/@-])?)?`;

/** Lines of so many cells, each with its end. */
export class CsvLines {
  readonly #count: number;
  /** Plain cells put together: with a comma in one of them there would be more. */
  readonly #plain: RegExp;

  constructor(count: number) {
    this.#count = count;
    this.#plain = new RegExp(`^${PLAIN}(?:,${PLAIN}){${count - 1}}$`);
  }

  /** A cell as it stands among others. */
  cell(text: string): string {
    return stringify([[text, '']], OPTIONS).slice(0, -EMPTY_CELL.length);
  }

  /** Almost all lines are plain, and are put together in a tenth of the time. */
  text(cells: CsvLine): string {
    // A line of one empty cell would be no line.
    if (cells.length < 2 || cells.length !== this.#count) return stringify([cells], OPTIONS);
    const text = cells.join(',');
    return this.#plain.test(text) ? `${text}\r\n` : stringify([cells], OPTIONS);
  }
}
