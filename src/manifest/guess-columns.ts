// Guesses which column of an unknown table is what, for a person to confirm: the guess is printed by `inspect` as a
// `columns:` block and is never acted upon. It says shapes, and repeats no cell of data.

import { decideEncoding } from './decide-encoding.js';
import { type TableRecord, tidyCell } from './formats/table-format.js';
import { TOKEN_FIELDS, type TokenField } from './raw-token.js';
import { resemblesKey, type SecretEncoding } from './secret-encoding.js';

export interface ColumnGuess {
  /** From 1. */
  readonly number: number;
  /** Its heading, when the first line certainly is one. */
  readonly heading?: string;
  /** What its cells look like. */
  readonly shape: string;
  readonly field?: TokenField;
}

export interface TableGuess {
  readonly heading: boolean;
  readonly columns: readonly ColumnGuess[];
  readonly secretEncoding?: SecretEncoding;
}

const RECORDS_LOOKED_AT = 100;

/** The shortest key in Base32: 10 bytes. */
const SHORTEST_KEY_CHARACTERS = 16;

/** Longer first cells are no names of columns. */
const LONGEST_HEADING = 40;

const isKey = (cell: string): boolean => resemblesKey(cell, SHORTEST_KEY_CHARACTERS);

/** The shapes that are looked for, the first that fits most cells of a column is taken. */
const SHAPES: readonly {
  readonly shape: string;
  readonly field?: TokenField;
  readonly fits: (cell: string) => boolean;
}[] = [
  { shape: 'shaped like secret keys', field: 'secretKey', fits: isKey },
  { shape: '30 or 60', field: 'timeInterval', fits: (cell) => cell === '30' || cell === '60' },
  { shape: 'TOTP or HOTP', field: 'kind', fits: (cell) => /^[th]otp$/i.test(cell) },
  {
    shape: 'names of hash functions',
    field: 'hashFunction',
    fits: (cell) => /^(?:hmac-?)?sha-?\d/i.test(cell),
  },
  { shape: 'one digit', field: 'digits', fits: (cell) => /^[4-9]$/.test(cell) },
  { shape: 'user principal names', field: 'user', fits: (cell) => /^[^\s@]+@[^\s@]+$/.test(cell) },
  {
    shape: 'letters and digits',
    field: 'serialNumber',
    fits: (cell) => /^[A-Za-z]{0,6}[0-9A-Fa-f]{4,}$/.test(cell),
  },
  { shape: 'text', fits: (cell) => cell !== '' },
];

/**
 * @example
 * guessColumns([{ cells: ['SN', 'Key'], line: 1 }, { cells: ['1001', 'GEZD…'], line: 2 }]);
 */
export function guessColumns(sample: readonly TableRecord[]): TableGuess {
  const rows = sample.slice(0, RECORDS_LOOKED_AT).map(({ cells }) => cells.map(tidyCell));
  const [first = [], ...rest] = rows;
  const heading = rest.length > 0 && isHeading(first, rest);
  const data = heading ? rest : rows;
  const taken = new Set<TokenField>();
  const columns = first.map((cell, index): ColumnGuess => {
    const cells = data.map((row) => row[index] ?? '').filter((text) => text !== '');
    const found = SHAPES.find(({ fits }) => cells.filter(fits).length * 2 > cells.length);
    const field = found?.field !== undefined && !taken.has(found.field) ? found.field : undefined;
    if (field !== undefined) taken.add(field);
    return {
      number: index + 1,
      ...(heading && cell !== '' ? { heading: cell } : {}),
      shape: found === undefined ? 'empty' : found.shape,
      ...(field === undefined ? {} : { field }),
    };
  });
  const key = columns.find(({ field }) => field === 'secretKey');
  const decision =
    key === undefined ? undefined : decideEncoding(data.map((row) => row[key.number - 1] ?? ''));
  return {
    heading,
    columns,
    ...(decision !== undefined && 'encoding' in decision ? { secretEncoding: decision.encoding } : {}),
  };
}

/** A first line with a key, a number or an address in it is data; and so is one that looks like those below it. */
function isHeading(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const name = (cell: string): boolean =>
    cell.length <= LONGEST_HEADING && !isKey(cell) && !/^\d+$/.test(cell) && !cell.includes('@');
  return first.every(name) && first.some((_, index) => rest.some((row) => !name(row[index] ?? '')));
}

/**
 * The block for the job file.
 *
 * @example
 * columnsBlock('tokens.csv', guessColumns(sample)); // 'manifests:\n  - path: tokens.csv\n    columns:\n …'
 */
export function columnsBlock(path: string, guess: TableGuess): string {
  const by = (field: TokenField): ColumnGuess | undefined =>
    guess.columns.find((column) => column.field === field);
  const reference = ({ number, heading }: ColumnGuess): string =>
    heading === undefined ? String(number) : JSON.stringify(heading);
  const lines = ['manifests:', `  - path: ${JSON.stringify(path)}`, '    columns:'];
  for (const field of TOKEN_FIELDS) {
    const column = by(field);
    if (column !== undefined) lines.push(`      ${field}: ${reference(column)}  # ${column.shape}`);
    else if (field === 'serialNumber' || field === 'secretKey') {
      lines.push(`      ${field}:  # which column is it?`);
    }
  }
  for (const column of guess.columns) {
    if (column.field === undefined) {
      lines.push(
        `      # column ${column.number}${column.heading === undefined ? '' : ` ${reference(column)}`}: ${column.shape}`,
      );
    }
  }
  lines.push(
    guess.secretEncoding === undefined
      ? '    secretEncoding:  # base32, hex, base64 or base32hex: ask the vendor'
      : `    secretEncoding: ${guess.secretEncoding}`,
  );
  if (by('timeInterval') === undefined) lines.push('    timeInterval:  # 30 or 60: ask the vendor');
  if (by('hashFunction') === undefined)
    lines.push('    hashFunction:  # hmacsha1 or hmacsha256: ask the vendor');
  const names = (['manufacturer', 'model'] as const).filter((field) => by(field) === undefined);
  if (names.length > 0) lines.push('    defaults:');
  for (const name of names) lines.push(`      ${name}:  # or a column above`);
  return lines.join('\n');
}
