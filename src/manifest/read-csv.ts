// The edge between text and tables: cuts the text of a CSV file into records, each with the line on which it
// starts, in bounded memory. What a record means is not known here.

import { CsvError, Parser } from 'csv-parse';
import { contentRefusal, type FileRefusal } from './file-refusal.js';
import type { TableRecord } from './formats/table-format.js';
import type { Separator } from './separator.js';

/** No row of a manifest comes near it; a quote that is never closed does. The parser's default is no limit. */
const MAX_RECORD_BYTES = 65_536;

/**
 * The records of a CSV text in order, the heading among them, some at a time. Lines whose cells are all empty are
 * passed over. Cells are trimmed outside quotes only.
 *
 * @throws {FileRefusal} `input-invalid` when a quote is broken or a record has no end. The records before it have
 *   been handed over by then.
 *
 * @example
 * for await (const records of readCsv(texts, ',')) console.log(records[0]?.line, records[0]?.cells.length);
 */
export async function* readCsv(
  texts: AsyncIterable<string>,
  separator: Separator,
): AsyncGenerator<readonly TableRecord[]> {
  let line = 1;
  let records: TableRecord[] = [];
  const parser = new Parser({
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
      const start = line;
      line = lines + 1;
      // Several blanks between two columns are one separator.
      const cells = separator === ' ' ? all.filter((cell) => cell !== '') : all;
      if (cells.some((cell) => cell !== '' && cell.trim() !== '')) records.push({ cells, line: start });
      return null;
    },
  });
  // Errors are taken from the callbacks below.
  parser.on('error', () => undefined);
  parser.resume();
  const taken = (): readonly TableRecord[] => {
    const batch = records;
    records = [];
    return batch;
  };
  try {
    for await (const text of texts) {
      const failure = await fed((done) => parser.write(text, done));
      yield taken();
      if (failure !== undefined) throw refusalFor(failure, line);
    }
    const failure = await fed((done) => parser.end(done));
    yield taken();
    if (failure !== undefined) throw refusalFor(failure, line);
  } finally {
    parser.destroy();
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
