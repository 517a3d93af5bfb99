// What every CSV layout offers: it looks at the heading once, then turns record after record into rows.
// A layout knows nothing of files, streams or time.

import type { HeadingProblem } from '../headings.js';
import type { InvalidRow, RowAddress } from '../row.js';

/** Reads the records of one file, in order. */
export interface RecordReader<Row> {
  read(cells: readonly string[], address: RowAddress): Row | InvalidRow;
  /** Things worth a look about the file as a whole, once its last record was read. */
  remarks(): readonly string[];
}

export type OpenedFormat<Row> =
  | { readonly ok: true; readonly reader: RecordReader<Row> }
  | { readonly ok: false; readonly problems: readonly HeadingProblem[] };

export interface CsvFormat<Row> {
  /** Looks at the heading: the columns in it, or what is wrong with it. */
  open(header: readonly string[]): OpenedFormat<Row>;
}

/** Tells a refused row from a good one. */
export function isInvalidRow(row: object): row is InvalidRow {
  return 'reason' in row;
}

/**
 * A record with another number of cells than the heading. Nothing of it is kept: its cells may stand in the
 * wrong columns, and a secret may stand where the serial number should be.
 */
export function wrongCellCount(
  cells: readonly string[],
  expected: number,
  address: RowAddress,
): InvalidRow | undefined {
  if (cells.length === expected) return undefined;
  return {
    address,
    reason: 'cell-count',
    detail: `the heading has ${expected} cells and the row ${cells.length}`,
  };
}
