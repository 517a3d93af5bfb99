// One file and the formats that it may have → its rows, some at a time, and what there is to say about the file.
// Nothing is held but the first records, by which the format is recognised.

import { contentRefusal, FileRefusal } from './file-refusal.js';
import type { FormatDescription, Table, TableFormat, TableRecord } from './formats/table-format.js';
import { openBytes } from './read-bytes.js';
import { readCsv } from './read-csv.js';
import { decodeText, peekText } from './read-text.js';
import type { InvalidRow } from './row.js';
import { findSeparator, type Separator } from './separator.js';
import { ManifestDecoder } from './text-decoder.js';

/** The columns and the encoding of the keys are decided by so many records. */
const SAMPLE_RECORDS = 500;

/** What is known of a file once its last row was read. */
export interface FileSummary {
  readonly sha256: string;
  /** Rows that were handed over. */
  readonly rows: number;
  readonly remarks: readonly string[];
  readonly description: FormatDescription;
  readonly textEncoding: string;
  readonly separator?: Separator;
}

/** One file, to be read once from start to end. */
export class FileReading<Row> {
  readonly #path: string;
  readonly #name: string;
  readonly #format: TableFormat<Row>;
  readonly #signal: AbortSignal | undefined;
  #summary: FileSummary | undefined;

  /**
   * @param path - where the file is.
   * @param name - what the file is called in addresses and messages.
   */
  constructor(path: string, name: string, format: TableFormat<Row>, signal?: AbortSignal) {
    this.#path = path;
    this.#name = name;
    this.#format = format;
    this.#signal = signal;
  }

  /** Known once `rows` has come to its end. */
  get summary(): FileSummary | undefined {
    return this.#summary;
  }

  /**
   * The rows of the file in order, some at a time: one for every record below the heading.
   *
   * @throws {FileRefusal} when the file cannot be used as a whole.
   */
  async *rows(): AsyncGenerator<readonly (Row | InvalidRow)[]> {
    const file = openBytes(this.#path, this.#signal);
    const decoder = new ManifestDecoder();
    const { head, texts } = await peekText(decodeText(file.pieces, decoder));
    const separator = findSeparator(head, this.#format.knowsHeading);
    let table: Table<Row> | undefined;
    let sample: TableRecord[] = [];
    let count = 0;
    const rowsOf = (records: readonly TableRecord[], opened: Table<Row>): (Row | InvalidRow)[] => {
      const rows: (Row | InvalidRow)[] = [];
      for (const { cells, line } of records) {
        const row = opened.read(cells, { file: this.#name, line });
        if (row !== undefined) rows.push(row);
      }
      count += rows.length;
      return rows;
    };
    const open = (): (Row | InvalidRow)[] => {
      table = this.#open(sample);
      const records = sample.slice(table.skip);
      sample = [];
      return rowsOf(records, table);
    };

    try {
      for await (const records of readCsv(texts, separator)) {
        this.#signal?.throwIfAborted();
        if (table !== undefined) {
          yield rowsOf(records, table);
          continue;
        }
        sample.push(...records);
        if (sample.length >= SAMPLE_RECORDS) yield open();
      }
    } catch (error) {
      // A heading that is wrong explains a broken quote, and not the other way round.
      if (table === undefined && sample.length > 0 && error instanceof FileRefusal) this.#open(sample);
      throw error;
    }
    if (table === undefined) {
      if (sample.length === 0) throw contentRefusal('the file is empty');
      yield open();
    }
    if (table === undefined) return;
    if (count === 0) {
      throw contentRefusal(
        table.skip === 1 ? 'the file has a heading and no rows below it' : 'the file has no rows',
        1,
      );
    }
    this.#summary = {
      sha256: file.sha256(),
      rows: count,
      remarks: [...decoder.remarks(), ...table.remarks()],
      description: table.description,
      textEncoding: decoder.encoding,
      separator,
    };
  }

  #open(sample: readonly TableRecord[]): Table<Row> {
    const opened = this.#format.open(sample);
    if (!opened.ok) throw new FileRefusal('input-invalid', opened.troubles);
    return opened.table;
  }
}

/** The first records of a file that is a table; `undefined` when it is none. */
export async function readSample<Row>(
  path: string,
  format: TableFormat<Row>,
  signal?: AbortSignal,
): Promise<readonly TableRecord[] | undefined> {
  const sample: TableRecord[] = [];
  try {
    const { head, texts } = await peekText(decodeText(openBytes(path, signal).pieces));
    for await (const records of readCsv(texts, findSeparator(head, format.knowsHeading))) {
      sample.push(...records);
      if (sample.length >= SAMPLE_RECORDS) break;
    }
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error;
  }
  return sample.length === 0 ? undefined : sample;
}
