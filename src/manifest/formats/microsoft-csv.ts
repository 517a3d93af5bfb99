// Microsoft's CSV layout, which every vendor can deliver (formats.md, sections 1, 3 and 4):
//   upn,serial number,secret key,time interval,manufacturer,model
// Columns come in any order; the upn column may be missing (Deepnet). It has no column for the hash function.

import { invariant } from '../../errors.js';
import { type HeadingRule, matchHeadings } from '../headings.js';
import type { HashFunction, Invalidity, InvalidRow, RowAddress, TimeInterval, TokenRow } from '../row.js';
import { readBase32Key, resemblesKey } from '../secret-encoding.js';
import { checkSerialNumber } from '../serial-number.js';
import { namesUser, USER_MALFORMED } from '../user-name.js';
import { type CsvFormat, type RecordReader, wrongCellCount } from './csv-format.js';

const LAYOUT = 'upn,serial number,secret key,time interval,manufacturer,model';

const RULES: readonly HeadingRule[] = [
  { name: 'upn', required: false },
  { name: 'serial number', required: true },
  { name: 'secret key', required: true },
  { name: 'time interval', required: true },
  { name: 'manufacturer', required: true },
  { name: 'model', required: true },
];

/** A SHA-256 token has a key of this length, and so may a SHA-1 token (formats.md, section 14, rule 6). */
const SHA256_KEY_BYTES = 32;
const SHA1_KEY_BYTES = 20;

/** The shortest key in Base32: 10 bytes. */
const SHORTEST_KEY_CHARACTERS = 16;

export interface MicrosoftCsvOptions {
  /** The hash function of every token in the file, when the operator knows it. */
  readonly hashFunction?: HashFunction;
}

interface Columns {
  readonly upn: number | undefined;
  readonly serialNumber: number;
  readonly secretKey: number;
  readonly timeInterval: number;
  readonly manufacturer: number;
  readonly model: number;
  readonly width: number;
}

/**
 * The layout, ready to look at a heading.
 *
 * @example
 * const opened = microsoftCsv({}).open(['serial number', 'secret key', …]);
 * if (opened.ok) opened.reader.read(['1234567', …], { file: 'tokens.csv', line: 2 });
 */
export function microsoftCsv(options: MicrosoftCsvOptions): CsvFormat<TokenRow> {
  return {
    open(header) {
      const match = matchHeadings(header, RULES, LAYOUT);
      if (!match.ok) return match;
      const at = (name: string): number => match.columns.get(name) ?? -1;
      const columns: Columns = {
        upn: match.columns.get('upn'),
        serialNumber: at('serial number'),
        secretKey: at('secret key'),
        timeInterval: at('time interval'),
        manufacturer: at('manufacturer'),
        model: at('model'),
        width: header.length,
      };
      return { ok: true, reader: tokenReader(columns, match.unknown, options) };
    },
  };
}

function tokenReader(
  columns: Columns,
  unknownColumns: readonly number[],
  options: MicrosoftCsvOptions,
): RecordReader<TokenRow> {
  const hashFunction = options.hashFunction ?? 'hmacsha1';
  const intern = interner();
  let longKeys = 0;
  let oddKeys = 0;
  const serialLengths = new Set<number>();

  return {
    read(cells, address) {
      const miscounted = wrongCellCount(cells, columns.width, address);
      if (miscounted !== undefined) return miscounted;
      const cell = (column: number): string => (cells[column] ?? '').trim();

      const serialNumber = cell(columns.serialNumber);
      const upn = columns.upn === undefined ? '' : cell(columns.upn);
      const user = upn.toLowerCase() === 'upn' ? '' : upn;
      const manufacturer = singleLine(cell(columns.manufacturer));
      const model = singleLine(cell(columns.model));

      const serial = checkSerialNumber(serialNumber);
      const key = readBase32Key(cell(columns.secretKey));
      const interval = readTimeInterval(cell(columns.timeInterval));
      const troubles: Invalidity[] = [];
      if (serial !== undefined) troubles.push(serial);
      if ('reason' in key) troubles.push(key);
      if (typeof interval === 'object') troubles.push(interval);
      if (manufacturer === '') troubles.push(missing('manufacturer-missing', 'the manufacturer is empty'));
      if (model === '') troubles.push(missing('model-missing', 'the model is empty'));
      if (user !== '' && !namesUser(user))
        troubles.push({ reason: 'user-malformed', detail: USER_MALFORMED });
      if (troubles.length > 0 || 'reason' in key || typeof interval === 'object') {
        // Beside a refused key, a serial number may be that key: columns do get swapped.
        const isKey = 'reason' in key && resemblesKey(serialNumber, SHORTEST_KEY_CHARACTERS);
        return refused(address, troubles, (serial?.showSerial ?? !isKey) ? serialNumber : '', user);
      }

      if (/^\d+$/.test(serialNumber)) serialLengths.add(serialNumber.length);
      if (key.bytes === SHA256_KEY_BYTES) longKeys += 1;
      else if (key.bytes !== SHA1_KEY_BYTES) oddKeys += 1;
      return {
        address,
        serialNumber,
        ...(user === '' ? {} : { user }),
        token: {
          secretKey: key.secretKey,
          timeIntervalInSeconds: interval,
          hashFunction,
          manufacturer: intern(manufacturer),
          model: intern(model),
        },
      };
    },

    remarks() {
      const remarks: string[] = [];
      if (longKeys > 0 && options.hashFunction === undefined) {
        remarks.push(
          `keys of ${SHA256_KEY_BYTES} bytes: ${longKeys}; the file does not say the hash function; SHA-1 is taken; ` +
            'set hashFunction: hmacsha256 for this manifest in the job file if these are SHA-256 tokens',
        );
      }
      if (oddKeys > 0) {
        remarks.push(
          `keys of another length than ${SHA1_KEY_BYTES} or ${SHA256_KEY_BYTES} bytes, which is what vendors make: ${oddKeys}`,
        );
      }
      if (serialLengths.size > 1) {
        const lengths = [...serialLengths].sort((one, other) => one - other).join(', ');
        remarks.push(
          `serial numbers have different lengths (${lengths} digits); a spreadsheet may have dropped leading zeros`,
        );
      }
      if (unknownColumns.length > 0) {
        remarks.push(`not read, because this layout does not have them: column ${unknownColumns.join(', ')}`);
      }
      return remarks;
    },
  };
}

/** The row with everything that is wrong with it: the first trouble is its reason. */
function refused(
  address: RowAddress,
  troubles: readonly Invalidity[],
  serialNumber: string,
  user: string,
): InvalidRow {
  const [first] = troubles;
  invariant(first !== undefined, 'a row was refused without a reason');
  return {
    address,
    reason: first.reason,
    detail: troubles.map((trouble) => trouble.detail).join('; '),
    ...(serialNumber === '' ? {} : { serialNumber }),
    ...(user === '' || resemblesKey(user, SHORTEST_KEY_CHARACTERS) ? {} : { user }),
  };
}

function missing(reason: Invalidity['reason'], detail: string): Invalidity {
  return { reason, detail };
}

function readTimeInterval(cell: string): TimeInterval | Invalidity {
  if (cell === '30') return 30;
  if (cell === '60') return 60;
  if (cell === '') return { reason: 'interval-missing', detail: 'the time interval is empty' };
  // A long cell may be a misplaced secret, and is not repeated.
  const shown = /^\d{1,4}$/.test(cell) ? `${cell} seconds` : 'not a number of seconds';
  return {
    reason: 'interval-unsupported',
    detail: `the time interval is ${shown}; Microsoft Entra takes 30 or 60`,
  };
}

/** A quoted cell may hold line breaks; a name in the tenant does not. */
function singleLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, ' ');
}

/** A million rows share a few names: each is kept once. */
function interner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    if (known.size < 1_000) known.set(text, text);
    return text;
  };
}
