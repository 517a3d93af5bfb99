// One file and one layout → the file's rows, and what there is to say about the file.

import { contentRefusal, FileRefusal } from './file-refusal.js';
import type { CsvFormat, RecordReader } from './formats/csv-format.js';
import { readCsv } from './read-csv.js';
import type { InvalidRow } from './row.js';

export interface ReadRows<Row> {
  /** One for every record below the heading, in order. */
  readonly rows: readonly (Row | InvalidRow)[];
  readonly sha256: string;
  readonly remarks: readonly string[];
}

/**
 * Reads a whole file.
 *
 * @param path - where the file is.
 * @param name - what the file is called in addresses and messages.
 * @throws {FileRefusal} when the file cannot be used as a whole.
 */
export async function readRows<Row>(
  path: string,
  name: string,
  format: CsvFormat<Row>,
  signal?: AbortSignal,
): Promise<ReadRows<Row>> {
  const rows: (Row | InvalidRow)[] = [];
  const file: { reader?: RecordReader<Row> } = {};
  const sha256 = await readCsv(
    path,
    (cells, line) => {
      if (file.reader !== undefined) {
        rows.push(file.reader.read(cells, { file: name, line }));
        return;
      }
      const opened = format.open(cells);
      if (!opened.ok) {
        throw new FileRefusal(
          'input-invalid',
          opened.problems.map((problem) => ({ line, ...problem })),
        );
      }
      file.reader = opened.reader;
    },
    signal,
  );
  if (file.reader === undefined) throw contentRefusal('the file is empty');
  if (rows.length === 0) throw contentRefusal('the file has a heading and no rows below it', 1);
  return { rows, sha256, remarks: file.reader.remarks() };
}
