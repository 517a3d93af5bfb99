// One file and the formats that it may have → its rows, some at a time, and what there is to say about the file.
// Nothing is held but the first records, by which the format is recognised.

import { contentRefusal, FileRefusal } from './file-refusal.js';
import type { FormatDescription, Table, TableFormat, TableRecord } from './formats/table-format.js';
import type { RowDocument } from './formats/token-document.js';
import { openBytes } from './read-bytes.js';
import { type Container, unpack } from './read-container.js';
import { readCsv } from './read-csv.js';
import { decodeText, type PeekedText, peekText } from './read-text.js';
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
  /** What it was packed in. */
  readonly container?: Container;
  readonly separator?: Separator;
}

/** What a file may be. */
export interface FileFormats<Row> {
  readonly table: TableFormat<Row>;
  /** The document that a file with this beginning is; `undefined` when it is a table. */
  readonly document?: (head: string, file: string) => RowDocument<Row> | undefined;
}

/** What a reader has come to when its last row was handed over. */
interface Ending {
  readonly description: FormatDescription;
  readonly remarks: readonly string[];
  readonly separator?: Separator;
}

type Rows<Row> = AsyncGenerator<readonly (Row | InvalidRow)[], Ending>;

/** One file, to be read once from start to end. */
export class FileReading<Row> {
  readonly #path: string;
  readonly #name: string;
  readonly #formats: FileFormats<Row>;
  readonly #signal: AbortSignal | undefined;
  #summary: FileSummary | undefined;

  /**
   * @param path - where the file is.
   * @param name - what the file is called in addresses and messages.
   */
  constructor(path: string, name: string, formats: FileFormats<Row>, signal?: AbortSignal) {
    this.#path = path;
    this.#name = name;
    this.#formats = formats;
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
  async *rows(): AsyncGenerator<readonly (Row | InvalidRow)[], void> {
    const file = openBytes(this.#path, this.#signal);
    const decoder = new ManifestDecoder();
    const { container, pieces } = await unpack(file.pieces);
    const peeked = await peekText(decodeText(pieces, decoder));
    if (peeked.head.trim() === '') throw contentRefusal('the file is empty');
    const document = this.#formats.document?.(peeked.head, this.#name);
    const reader = document === undefined ? this.#tableRows(peeked) : documentRows(document, peeked);
    let count = 0;
    let next = await reader.next();
    while (next.done !== true) {
      this.#signal?.throwIfAborted();
      count += next.value.length;
      yield next.value;
      next = await reader.next();
    }
    const { description, remarks, separator } = next.value;
    if (count === 0) {
      throw contentRefusal(
        description.heading === true
          ? 'the file has a heading and no rows below it'
          : `this is ${description.title} without rows`,
        1,
      );
    }
    this.#summary = {
      sha256: file.sha256(),
      rows: count,
      remarks: [...decoder.remarks(), ...remarks],
      description,
      textEncoding: decoder.encoding,
      ...(container === undefined ? {} : { container }),
      ...(separator === undefined ? {} : { separator }),
    };
  }

  async *#tableRows({ head, texts }: PeekedText): Rows<Row> {
    const separator = findSeparator(head, this.#formats.table.knowsHeading);
    let table: Table<Row> | undefined;
    let sample: TableRecord[] = [];
    try {
      for await (const records of readCsv(texts, separator)) {
        if (table !== undefined) {
          yield this.#rowsOf(records, table);
          continue;
        }
        sample.push(...records);
        if (sample.length < SAMPLE_RECORDS) continue;
        table = this.#open(sample);
        yield this.#rowsOf(sample.slice(table.skip), table);
        sample = [];
      }
    } catch (error) {
      // A heading that is wrong explains a broken quote, and not the other way round.
      if (table === undefined && sample.length > 0 && error instanceof FileRefusal) this.#open(sample);
      throw error;
    }
    if (table === undefined) {
      if (sample.length === 0) throw contentRefusal('the file is empty');
      table = this.#open(sample);
      yield this.#rowsOf(sample.slice(table.skip), table);
    }
    return { description: table.description, remarks: table.remarks(), separator };
  }

  #open(sample: readonly TableRecord[]): Table<Row> {
    const opened = this.#formats.table.open(sample);
    if (!opened.ok) throw new FileRefusal('input-invalid', opened.troubles);
    return opened.table;
  }

  #rowsOf(records: readonly TableRecord[], table: Table<Row>): readonly (Row | InvalidRow)[] {
    const rows: (Row | InvalidRow)[] = [];
    for (const { cells, line } of records) {
      const row = table.read(cells, { file: this.#name, line });
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }
}

async function* documentRows<Row>(document: RowDocument<Row>, { texts }: PeekedText): Rows<Row> {
  for await (const text of texts) yield document.push(text);
  yield document.end();
  return { description: document.description, remarks: document.remarks() };
}

/** The first records of a file that is a table; `undefined` when it is none. */
export async function readSample<Row>(
  path: string,
  format: TableFormat<Row>,
  signal?: AbortSignal,
): Promise<readonly TableRecord[] | undefined> {
  const sample: TableRecord[] = [];
  try {
    const { pieces } = await unpack(openBytes(path, signal).pieces);
    const { head, texts } = await peekText(decodeText(pieces));
    for await (const records of readCsv(texts, findSeparator(head, format.knowsHeading))) {
      sample.push(...records);
      if (sample.length >= SAMPLE_RECORDS) break;
    }
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error;
  }
  return sample.length === 0 ? undefined : sample;
}
