// A list of serial number → user: written by hand, or exported from the system that is being left
// (formats.md, section 13). Other columns are not read.

import { type ColumnMap, findMappedColumns } from '../column-map.js';
import { columnNames, inColumn } from '../column-names.js';
import { type HeadingRule, matchHeadings, normaliseHeading } from '../headings.js';
import type { AssignmentRow, Invalidity, InvalidRow, RowAddress } from '../row.js';
import { resemblesKey } from '../secret-encoding.js';
import { checkSerialNumber } from '../serial-number.js';
import { namesUser, USER_MALFORMED } from '../user-name.js';
import { needsNoUser, readWish, WISH_FIELDS, WISH_RULES } from './row-wish.js';
import { type Table, type TableFormat, tidyCell, wrongCellCount } from './table-format.js';

/** What an assignments list tells. */
export const ASSIGNMENT_FIELDS = ['serialNumber', 'user', ...WISH_FIELDS] as const;

export type AssignmentField = (typeof ASSIGNMENT_FIELDS)[number];

export type AssignmentColumns = ColumnMap<AssignmentField>;

/** The headings that are taken, in any case, with spaces, `_` and `-` ignored. */
const SERIAL_NUMBER_HEADINGS = [
  'serial number',
  'serial',
  'serial no',
  'token serial',
  'token serial number',
] as const;

export const USER_HEADINGS = [
  'user',
  'upn',
  'user principal name',
  'username',
  'login name',
  'user id',
  'object id',
  'user object id',
  'assigned to',
] as const;

const RULES: readonly HeadingRule[] = [
  { name: 'serial number', aliases: SERIAL_NUMBER_HEADINGS, required: true },
  { name: 'user', aliases: USER_HEADINGS, required: true },
  ...WISH_RULES,
];

const KNOWN: ReadonlySet<string> = new Set(
  [...SERIAL_NUMBER_HEADINGS, ...USER_HEADINGS].map(normaliseHeading),
);

/**
 * The layout, ready to look at the first records.
 *
 * @example
 * assignmentsCsv().open([{ cells: ['serial number', 'user'], line: 1 }]);
 */
export function assignmentsCsv(columns?: AssignmentColumns): TableFormat<AssignmentRow> {
  return {
    knowsHeading: (cell) => KNOWN.has(normaliseHeading(cell)),
    open([first]) {
      const header = first?.cells.map(tidyCell) ?? [];
      const line = first?.line ?? 1;
      if (columns !== undefined) {
        const mapped = findMappedColumns(columns, header, ASSIGNMENT_FIELDS);
        if (!mapped.ok) {
          return { ok: false, troubles: mapped.problems.map((problem) => ({ line, ...problem })) };
        }
        return { ok: true, table: assignmentTable(mapped.columns, mapped.heading, header) };
      }
      const match = matchHeadings(header, RULES, 'serial number,user');
      if (!match.ok) return { ok: false, troubles: match.problems.map((problem) => ({ line, ...problem })) };
      const found = new Map(
        ASSIGNMENT_FIELDS.flatMap((field) => {
          const index = match.columns.get(field === 'serialNumber' ? 'serial number' : field);
          return index === undefined ? [] : [[field, index] as const];
        }),
      );
      return { ok: true, table: assignmentTable(found, true, header) };
    },
  };
}

function assignmentTable(
  columns: ReadonlyMap<AssignmentField, number>,
  heading: boolean,
  first: readonly string[],
): Table<AssignmentRow> {
  const names = columnNames(columns, heading ? first : undefined);
  const asksForMore = WISH_FIELDS.some((field) => columns.has(field));
  return {
    description: {
      format: 'assignments-csv',
      title: 'a list of serial numbers and users',
      heading,
      columns: [...columns].map(([field, index]) => ({ number: index + 1, field })),
    },
    skip: heading ? 1 : 0,
    read(cells, address) {
      const miscounted = wrongCellCount(cells, first.length, address);
      if (miscounted !== undefined) return miscounted;
      const cell = (field: AssignmentField): string => tidyCell(cells[columns.get(field) ?? -1] ?? '');
      const serialNumber = cell('serialNumber');
      const user = cell('user');
      if (!asksForMore && user !== '' && checkSerialNumber(serialNumber) === undefined && namesUser(user)) {
        return { address, serialNumber, user };
      }

      const troubles: Invalidity[] = [];
      const add = (field: AssignmentField, trouble: Invalidity): void => {
        troubles.push(inColumn(trouble, names.get(field)));
      };
      const serial = checkSerialNumber(serialNumber);
      if (serial !== undefined) add('serialNumber', serial);
      const { wish, troubles: unread } = readWish(cell);
      if (user === '' && !needsNoUser(wish)) {
        add('user', { reason: 'user-missing', detail: 'the user is empty' });
      } else if (user !== '' && !namesUser(user)) {
        add('user', { reason: 'user-malformed', detail: USER_MALFORMED });
      }
      for (const { field, trouble } of unread) add(field, trouble);

      const [worst] = troubles;
      if (worst === undefined) {
        return {
          ...{ address, serialNumber },
          ...(user === '' ? {} : { user }),
          ...(Object.keys(wish).length === 0 ? {} : { wish }),
        };
      }
      const detail = troubles.map((trouble) => trouble.detail).join('; ');
      return refused(address, worst.reason, detail, serial?.showSerial === false ? '' : serialNumber, user);
    },
    remarks: () => [],
  };
}

function refused(
  address: RowAddress,
  reason: Invalidity['reason'],
  detail: string,
  serialNumber: string,
  user: string,
): InvalidRow {
  return {
    address,
    reason,
    detail,
    ...(serialNumber === '' ? {} : { serialNumber }),
    ...(user === '' || resemblesKey(user) ? {} : { user }),
  };
}
