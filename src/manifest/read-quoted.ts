// The records of a CSV text with quotes, as csv-parse cuts them. It takes over where a text stops to be plain.

import { CsvError, Parser } from 'csv-parse';
import { contentRefusal, type FileRefusal } from './file-refusal.js';
import type { TableRecord } from './formats/table-format.js';
import type { Separator } from './separator.js';

/** No row of a manifest comes near it; a quote that is never closed does. The parser's default is no limit. */
const MAX_RECORD_BYTES = 65_536;

/** Takes a text piece by piece. */
export class QuotedRecords {
  readonly #parser: Parser;
  #line: number;
  #records: TableRecord[] = [];

  /** @param line - the line on which the text begins. */
  constructor(separator: Separator, line: number) {
    this.#line = line;
    this.#parser = new Parser({
      delimiter: separator,
      record_delimiter: '\n',
      trim: true,
      max_record_size: MAX_RECORD_BYTES,
      // The layouts count the cells themselves. The parser's own option to skip a bad record is not used:
      // after a bad quote it swallows the rest of the file without a word (packages.md, section 1a).
      relax_column_count: true,
      // Records are taken here and not from the stream's end, where an error drops the records before it.
      // `lines` is the last line of the record, so that the next one starts on the line after it.
      on_record: (all: string[], { lines }) => {
        const start = this.#line;
        this.#line = line + lines;
        // Several blanks between two columns are one separator.
        const cells = separator === ' ' ? all.filter((cell) => cell !== '') : all;
        if (cells.some((cell) => cell !== '' && cell.trim() !== '')) {
          this.#records.push({ cells, line: start });
        }
        return null;
      },
    });
    // Errors are taken from the callbacks below.
    this.#parser.on('error', () => undefined);
    this.#parser.resume();
  }

  push(text: string): AsyncGenerator<readonly TableRecord[]> {
    return this.#fed((done) => this.#parser.write(text, done));
  }

  end(): AsyncGenerator<readonly TableRecord[]> {
    return this.#fed((done) => this.#parser.end(done));
  }

  close(): void {
    this.#parser.destroy();
  }

  /** The records of a piece, and then what is wrong with it. */
  async *#fed(
    feed: (done: (error?: Error | null) => void) => unknown,
  ): AsyncGenerator<readonly TableRecord[]> {
    const failure = await fed(feed);
    const records = this.#records;
    this.#records = [];
    yield records;
    if (failure !== undefined) throw refusalFor(failure, this.#line);
  }
}

/** What a stream has to say of a piece, once it has taken it. */
function fed(feed: (done: (error?: Error | null) => void) => unknown): Promise<Error | undefined> {
  return new Promise((resolve) => {
    feed((error) => resolve(error ?? undefined));
  });
}

/** The parser's own messages are dropped: they repeat the cell, which may be a secret. */
function refusalFor(error: Error, recordLine: number): FileRefusal | Error {
  return error instanceof CsvError
    ? contentRefusal(QUOTE_TROUBLE[error.code] ?? 'the row is not CSV', recordLine)
    : error;
}

const QUOTE_TROUBLE: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE:
    'in the row that starts here a quoted cell goes on after its closing quote; write a quote inside quotes twice',
  INVALID_OPENING_QUOTE:
    'in the row that starts here a quote stands in the middle of a cell; put the whole cell in quotes',
  CSV_QUOTE_NOT_CLOSED: 'in the row that starts here a quote is opened and never closed',
  CSV_MAX_RECORD_SIZE: `the row that starts here is longer than ${MAX_RECORD_BYTES} bytes; is a quote never closed?`,
};
