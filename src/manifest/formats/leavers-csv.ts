// A list of users who leave, as a directory or a personnel system exports it. Other columns are not read.

import { type ColumnMap, findMappedColumns } from '../column-map.js';
import { columnNames, inColumn } from '../column-names.js';
import { matchHeadings, normaliseHeading } from '../headings.js';
import type { LeaverRow } from '../row.js';
import { resemblesKey } from '../secret-encoding.js';
import { namesUser, USER_MALFORMED } from '../user-name.js';
import { USER_HEADINGS } from './assignments-csv.js';
import { type Table, type TableFormat, tidyCell, wrongCellCount } from './table-format.js';

const FIELDS = ['user'] as const;

export type LeaverColumns = ColumnMap<'user'>;

const KNOWN: ReadonlySet<string> = new Set(USER_HEADINGS.map(normaliseHeading));

const RULES = [{ name: 'user', aliases: USER_HEADINGS, required: true }];

/**
 * The layout, ready to look at the first records.
 *
 * @example
 * leaversCsv().open([{ cells: ['user', 'last day'], line: 1 }]);
 */
export function leaversCsv(columns?: LeaverColumns): TableFormat<LeaverRow> {
  return {
    knowsHeading: (cell) => KNOWN.has(normaliseHeading(cell)),
    open([first]) {
      const header = first?.cells.map(tidyCell) ?? [];
      const found =
        columns === undefined
          ? matchHeadings(header, RULES, 'user')
          : findMappedColumns(columns, header, FIELDS);
      if (!found.ok) {
        const line = first?.line ?? 1;
        return { ok: false, troubles: found.problems.map((problem) => ({ line, ...problem })) };
      }
      const heading = 'heading' in found ? found.heading : true;
      return { ok: true, table: leaverTable(found.columns.get('user') ?? -1, heading, header) };
    },
  };
}

function leaverTable(column: number, heading: boolean, first: readonly string[]): Table<LeaverRow> {
  const name = columnNames(new Map([['user', column]]), heading ? first : undefined).get('user');
  return {
    description: {
      format: 'leavers-csv',
      title: 'a list of users who leave',
      heading,
      columns: [{ number: column + 1, field: 'user' }],
    },
    skip: heading ? 1 : 0,
    read(cells, address) {
      const miscounted = wrongCellCount(cells, first.length, address);
      if (miscounted !== undefined) return miscounted;
      const user = tidyCell(cells[column] ?? '');
      if (user === '') {
        return { address, ...inColumn({ reason: 'user-missing', detail: 'the user is empty' }, name) };
      }
      if (namesUser(user)) return { address, user };
      const shown = resemblesKey(user) ? {} : { user };
      return { address, ...inColumn({ reason: 'user-malformed', detail: USER_MALFORMED }, name), ...shown };
    },
    remarks: () => [],
  };
}
