// What every format made of records and cells offers: it looks at the first records once, then turns record after
// record into rows. It knows nothing of files, streams or time.

import type { FileTrouble } from '../file-refusal.js';
import type { InvalidRow, RowAddress } from '../row.js';
import type { SecretEncoding } from '../secret-encoding.js';

/** A record, and the line on which it starts (1-based). */
export interface TableRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A column as it was recognised. The name of an unknown one is not repeated: it may be a cell of data. */
export interface ColumnDescription {
  /** From 1. */
  readonly number: number;
  readonly field?: string;
}

/** What was recognised, for a person who asks. */
export interface FormatDescription {
  /** A short name that stays the same. */
  readonly format: string;
  readonly title: string;
  readonly heading?: boolean;
  readonly columns?: readonly ColumnDescription[];
  readonly secretEncoding?: { readonly encoding: SecretEncoding; readonly why: string };
}

/** A recognised table. */
export interface Table<Row> {
  readonly description: FormatDescription;
  /** How many of the first records are no data: the heading. */
  readonly skip: 0 | 1;
  /** `undefined` for a record that is a comment. */
  read(cells: readonly string[], address: RowAddress): Row | InvalidRow | undefined;
  /** Things worth a look about the file as a whole, once its last record was read. */
  remarks(): readonly string[];
}

export type OpenedTable<Row> =
  | { readonly ok: true; readonly table: Table<Row> }
  | { readonly ok: false; readonly troubles: readonly FileTrouble[] };

export interface TableFormat<Row> {
  /** Looks at the first records of a file: how they are to be read, or what is wrong with them. */
  open(sample: readonly TableRecord[]): OpenedTable<Row>;
  /** Whether a cell is the name of a column in this kind of file; the separator is found by it. */
  readonly knowsHeading: (cell: string) => boolean;
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

/** Quotation marks that word processors put in place of `"`. */
const CURLY_QUOTED = /^[“”„‟«»‘’](.*)[“”„‟«»‘’]$/su;

/** What a spreadsheet writes to keep a number as it is: `="00123"`. */
const TEXT_FORMULA = /^="([^"]*)"$/;

/** A cell without what surrounds it and is certainly not part of it. */
export function tidyCell(cell: string): string {
  const text = cell.trim();
  const first = text.charCodeAt(0);
  // A quick look first: a million rows pass here.
  if (first === 0x3d) return TEXT_FORMULA.exec(text)?.[1]?.trim() ?? text;
  if (first < 0xab) return text;
  return CURLY_QUOTED.exec(text)?.[1]?.trim() ?? text;
}
