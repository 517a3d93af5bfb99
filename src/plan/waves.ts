// Cuts the rows of a migration into waves. Pure: the same files and keys give the same waves, on which resuming
// relies. In which order the waves are carried out, and when that stops, is not decided here.

import { NumberColumn } from '../compact/number-column.js';
import { ChosenRows, MappedRows, type Rows } from '../compact/rows.js';
import type { Job } from '../job/job.js';
import type { DesiredRow } from '../manifest/row.js';

export interface Wave {
  /** As it is shown: a group, a file, or the place of the wave among the others. */
  readonly name: string;
  /** Numbered from 0 in each wave. */
  readonly rows: Rows<DesiredRow>;
}

/**
 * The waves, none of them empty. Every row is in one of them, once, in the order of the files.
 *
 * @example
 * wavesOf(rows, { by: 'size', size: 500, order: [], … }).length; // 10 for 5,000 rows
 */
export function wavesOf(
  rows: Rows<DesiredRow>,
  { by, size, order }: Pick<NonNullable<Job['waves']>, 'by' | 'size' | 'order'>,
): readonly Wave[] {
  const names = new Map<string, NumberColumn>(
    by === 'group' ? order.map((name) => [name, new NumberColumn()]) : [],
  );
  const rest = new NumberColumn();
  let position = 0;
  for (const row of rows) {
    const name = by === 'size' ? String(Math.floor(position / size) + 1) : nameOf(row, by);
    let own = name === '' ? rest : names.get(name);
    if (own === undefined) {
      own = new NumberColumn();
      names.set(name, own);
    }
    own.push(position);
    position += 1;
  }
  return [...names, ['without a group', rest] as const]
    .filter(([, own]) => own.length > 0)
    .map(([name, own]) => ({
      name,
      rows: new MappedRows(new ChosenRows(rows, own), (row, n) => ({ ...row, n })),
    }));
}

function nameOf(row: DesiredRow, by: 'group' | 'file'): string {
  return by === 'group' ? (row.group ?? '') : (row.userAddress ?? row.address).file;
}
