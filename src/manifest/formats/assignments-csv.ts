// A list of serial number → user: written by hand, or exported from the system that is being left
// (formats.md, section 13). Other columns are not read.

import { type HeadingRule, matchHeadings } from '../headings.js';
import type { AssignmentRow, Invalidity, InvalidRow, RowAddress } from '../row.js';
import { resemblesKey } from '../secret-encoding.js';
import { checkSerialNumber } from '../serial-number.js';
import { namesUser, USER_MALFORMED } from '../user-name.js';
import { type CsvFormat, type RecordReader, wrongCellCount } from './csv-format.js';

/** The headings that are taken, in any case, with spaces, `_` and `-` ignored. */
const SERIAL_NUMBER_HEADINGS = [
  'serial number',
  'serial',
  'serial no',
  'token serial',
  'token serial number',
] as const;

const USER_HEADINGS = [
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
];

/**
 * The layout, ready to look at a heading.
 *
 * @example
 * assignmentsCsv().open(['serial number', 'user']);
 */
export function assignmentsCsv(): CsvFormat<AssignmentRow> {
  return {
    open(header) {
      const match = matchHeadings(header, RULES, 'serial number,user');
      if (!match.ok) return match;
      const serialColumn = match.columns.get('serial number') ?? -1;
      const userColumn = match.columns.get('user') ?? -1;
      return { ok: true, reader: assignmentReader(serialColumn, userColumn, header.length) };
    },
  };
}

function assignmentReader(
  serialColumn: number,
  userColumn: number,
  width: number,
): RecordReader<AssignmentRow> {
  return {
    read(cells, address) {
      const miscounted = wrongCellCount(cells, width, address);
      if (miscounted !== undefined) return miscounted;
      const serialNumber = (cells[serialColumn] ?? '').trim();
      const user = (cells[userColumn] ?? '').trim();

      const serial = checkSerialNumber(serialNumber);
      const troubles: Invalidity[] = serial === undefined ? [] : [serial];
      if (user === '') troubles.push({ reason: 'user-missing', detail: 'the user is empty' });
      else if (!namesUser(user)) troubles.push({ reason: 'user-malformed', detail: USER_MALFORMED });

      const [first] = troubles;
      if (first === undefined) return { address, serialNumber, user };
      const detail = troubles.map((trouble) => trouble.detail).join('; ');
      return refused(address, first.reason, detail, serial?.showSerial === false ? '' : serialNumber, user);
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
