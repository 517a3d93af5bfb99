// Says in which column of a table a trouble stands: by its heading, or by its number where there is none. Pure.

import type { Invalidity } from './row.js';
import { resemblesKey } from './secret-encoding.js';

/** What sentences call the columns of a table. */
export type ColumnNames<Field extends string> = ReadonlyMap<Field, string>;

/** A heading that is longer is called by its number. */
const LONGEST_NAME = 40;

/**
 * What the columns of a table are called. A heading that may be a misplaced key is not repeated.
 *
 * @param columns - index from 0, by field.
 * @param heading - the first record; `undefined` when it is data.
 *
 * @example
 * columnNames(new Map([['secretKey', 2]]), ['upn', 'serial', 'Key']); // Map { 'secretKey' => "column 'Key'" }
 * columnNames(new Map([['secretKey', 2]]), undefined);                // Map { 'secretKey' => 'column 3' }
 */
export function columnNames<Field extends string>(
  columns: ReadonlyMap<Field, number>,
  heading: readonly string[] | undefined,
): ColumnNames<Field> {
  return new Map([...columns].map(([field, index]) => [field, nameOf(index, heading?.[index])]));
}

function nameOf(index: number, heading = ''): string {
  const shown = heading !== '' && heading.length <= LONGEST_NAME && !/\p{Cc}/u.test(heading);
  return shown && !resemblesKey(heading) ? `column '${heading}'` : `column ${index + 1}`;
}

/**
 * The trouble with its column; as it was when the table has no such column.
 *
 * @example
 * inColumn({ reason: 'model-missing', detail: 'the model is empty' }, "column 'model'").detail;
 * // "column 'model': the model is empty"
 */
export function inColumn<Trouble extends Invalidity>(trouble: Trouble, column: string | undefined): Trouble {
  return column === undefined ? trouble : { ...trouble, detail: `${column}: ${trouble.detail}` };
}
