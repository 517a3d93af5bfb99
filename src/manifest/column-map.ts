// The column map of a job: which column of a file is what, for files that no layout knows. Pure.

import { type HeadingProblem, normaliseHeading } from './headings.js';

/** A column by the name in its heading, or by its number from 1. */
export type ColumnReference = string | number;

export type ColumnMap<Field extends string> = { readonly [Key in Field]?: ColumnReference | undefined };

export type MappedColumns<Field extends string> =
  | { readonly ok: true; readonly heading: boolean; readonly columns: ReadonlyMap<Field, number> }
  | { readonly ok: false; readonly problems: readonly HeadingProblem[] };

/**
 * Finds the columns that a map names. A map with a name in it says that the file has a heading; one with numbers
 * only says that it has none.
 *
 * @param first - the first record of the file.
 *
 * @example
 * findMappedColumns({ serialNumber: 'SN', user: 2 }, ['SN', 'Holder'], ['serialNumber', 'user']);
 * // { ok: true, heading: true, columns: Map { 'serialNumber' => 0, 'user' => 1 } }
 */
export function findMappedColumns<Field extends string>(
  map: ColumnMap<Field>,
  first: readonly string[],
  fields: readonly Field[],
): MappedColumns<Field> {
  const names = first.map(normaliseHeading);
  const columns = new Map<Field, number>();
  const problems: HeadingProblem[] = [];
  let heading = false;
  for (const field of fields) {
    const reference = map[field];
    if (reference === undefined) continue;
    if (typeof reference === 'string') heading = true;
    const found = indexOf(reference, names);
    if (typeof found === 'number') columns.set(field, found);
    else problems.push({ key: `columns.${field}`, message: found.trouble });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, heading, columns };
}

function indexOf(
  reference: ColumnReference,
  names: readonly string[],
): number | { readonly trouble: string } {
  if (typeof reference === 'number') {
    return reference <= names.length
      ? reference - 1
      : { trouble: `the file has ${names.length} columns; there is no column ${reference}` };
  }
  const name = normaliseHeading(reference);
  const index = names.indexOf(name);
  if (index === -1) return { trouble: `the heading has no column '${reference}'` };
  const again = names.indexOf(name, index + 1);
  return again === -1
    ? index
    : {
        trouble: `columns ${index + 1} and ${again + 1} are both called '${reference}'; name one by its number`,
      };
}
