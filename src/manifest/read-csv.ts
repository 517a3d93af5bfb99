// The edge between the disk and the layouts: reads one CSV file from start to end in bounded memory, with the
// line on which every record starts and the hash of the bytes. What a record means is not known here.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, Parser } from 'csv-parse';
import { contentRefusal, FileRefusal } from './file-refusal.js';
import { ManifestDecoder } from './text-decoder.js';

/** The separator of cells. Other separators will be told by the heading. */
const SEPARATOR = ',';

/** No row of a manifest comes near it; a quote that is never closed does. The parser's default is no limit. */
const MAX_RECORD_BYTES = 65_536;

/** A record, and the line on which it starts (1-based). */
export type OnRecord = (cells: readonly string[], line: number) => void;

/**
 * Reads a CSV file and calls `onRecord` for every record in order, the heading among them. Lines whose cells are
 * all empty are passed over. Cells are trimmed outside quotes only.
 *
 * @returns SHA-256 of the file's bytes, in hexadecimal.
 * @throws {FileRefusal} `input-unreadable` when the file cannot be read; `input-invalid` when it is not CSV text;
 *   and whatever `onRecord` throws.
 *
 * @example
 * const sha256 = await readCsv('samples/tokens.csv', (cells, line) => console.log(line, cells.length));
 */
export async function readCsv(path: string, onRecord: OnRecord, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  let line = 1;
  const parser = new Parser({
    delimiter: SEPARATOR,
    record_delimiter: '\n',
    trim: true,
    max_record_size: MAX_RECORD_BYTES,
    // The layouts count the cells themselves. The parser's own option to skip a bad record is not used:
    // after a bad quote it swallows the rest of the file without a word (packages.md, section 1a).
    relax_column_count: true,
    // Records are taken here and not from the stream's end, where an error drops the records before it.
    // `lines` is the last line of the record, so that the next one starts on the line after it.
    on_record: (cells: string[], { lines }) => {
      const start = line;
      line = lines + 1;
      if (cells.some((cell) => cell.trim() !== '')) onRecord(cells, start);
      return null;
    },
  });
  parser.resume();

  async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new ManifestDecoder();
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield decoder.push(chunk);
    }
    yield decoder.end();
  }

  try {
    await pipeline(createReadStream(path), decode, parser, signal === undefined ? {} : { signal });
  } catch (error) {
    throw refusalFor(error, line);
  }
  return hash.digest('hex');
}

/** The parser's own messages are dropped: they repeat the cell, which may be a secret. */
function refusalFor(error: unknown, recordLine: number): unknown {
  if (error instanceof CsvError) {
    return contentRefusal(QUOTE_TROUBLE[error.code] ?? 'the row is not CSV', recordLine);
  }
  if (error instanceof Error && 'code' in error && 'syscall' in error) {
    return new FileRefusal('input-unreadable', [{ message: whyUnreadable(String(error.code)) }]);
  }
  return error;
}

const QUOTE_TROUBLE: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE:
    'in the row that starts here a quoted cell goes on after its closing quote; write a quote inside quotes twice',
  INVALID_OPENING_QUOTE:
    'in the row that starts here a quote stands in the middle of a cell; put the whole cell in quotes',
  CSV_QUOTE_NOT_CLOSED: 'in the row that starts here a quote is opened and never closed',
  CSV_MAX_RECORD_SIZE: `the row that starts here is longer than ${MAX_RECORD_BYTES} bytes; is a quote never closed?`,
};

/** What a system error says about a file that cannot be opened. The codes are those of errno(3). */
export function whyUnreadable(code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EISDIR':
      return 'this is a directory; name the file in it';
    case 'EACCES':
    case 'EPERM':
      return 'this account may not read the file';
    default:
      return `the file cannot be read (${code})`;
  }
}
