// Refused rows as they stood in their file, with two columns more, ready to be mended and fed in again. Tables with
// a heading, and those whose columns the job numbers, keep their layout; everything else is written with headings
// that are read again. Pure.

import type { DocumentToken } from './formats/document-format.js';
import { type Table, type TableFormat, tidyCell } from './formats/table-format.js';
import { openTokenDocument } from './formats/token-document.js';
import type { ManifestOptions } from './manifest-options.js';
import type { RawToken, TokenField } from './raw-token.js';
import type { FileFormats } from './read-rows.js';
import { keyOfBytes, readKey, resemblesKey } from './secret-encoding.js';

/** What a cell is left out for. */
export interface RejectOptions {
  readonly keepSecrets: boolean;
  readonly keepUsers: boolean;
}

/** Why a row was refused, by its position among the rows of its file and its line; `undefined` when it was not. */
export type WhyRefused = (position: number, line: number) => string | undefined;

/** A refused row in the columns of its layout. */
export interface Reject {
  readonly cells: readonly string[];
}

/** The layout in which the rejects of a file are written. */
export interface RejectLayout {
  heading: readonly string[] | undefined;
}

/** The columns that `rejects.csv` has beside those of the file. */
const MORE_COLUMNS = ['line', 'reason'] as const;

/** The layout of rows whose file is no table, or has no heading: its names are known to the reader. */
const OWN_COLUMNS: readonly (readonly [TokenField, string])[] = [
  ['user', 'upn'],
  ['serialNumber', 'serial number'],
  ['secretKey', 'secret key'],
  ['timeInterval', 'time interval'],
  ['hashFunction', 'hash function'],
  ['digits', 'digits'],
  ['kind', 'type'],
  ['manufacturer', 'manufacturer'],
  ['model', 'model'],
];

/** Cells that are a secret, or a person's. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['secretKey', 'code']);

/** The shortest key in Base32: 10 bytes. */
const SHORTEST_KEY_CHARACTERS = 16;

/**
 * A table whose rows are the rejects of another: the others are passed over.
 *
 * @param layout - is told its heading when the table is opened.
 */
export function rejectsOfTable<Row>(
  format: TableFormat<Row>,
  why: WhyRefused,
  options: RejectOptions,
  layout: RejectLayout,
): TableFormat<Reject> {
  return {
    knowsHeading: format.knowsHeading,
    open(sample) {
      const opened = format.open(sample);
      if (!opened.ok) return opened;
      const { table } = opened;
      const first = sample[0]?.cells.map(tidyCell) ?? [];
      const { heading, format: name, columns = [] } = table.description;
      const keepsLayout = heading === true || name === 'column-map';
      if (heading === true)
        layout.heading = [...first, ...MORE_COLUMNS.filter((one) => !first.includes(one))];
      else if (!keepsLayout) layout.heading = [...OWN_COLUMNS.map(([, title]) => title), ...MORE_COLUMNS];
      const fields = new Map(columns.map(({ number, field }) => [number - 1, field ?? '']));
      const cellsOf = keepsLayout
        ? (cells: readonly string[], line: number, reason: string) =>
            inLayout(cells, fields, heading === true ? first : [], [String(line), reason], options)
        : (cells: readonly string[], line: number, reason: string) => [
            ...OWN_COLUMNS.map(([field]) => {
              const index = columns.find((column) => column.field === field)?.number ?? 0;
              return shownCell(cells[index - 1] ?? '', field, options);
            }),
            String(line),
            reason,
          ];
      return { ok: true, table: rejectTable(table, why, cellsOf) };
    },
  };
}

function rejectTable<Row>(
  table: Table<Row>,
  why: WhyRefused,
  cellsOf: (cells: readonly string[], line: number, reason: string) => readonly string[],
): Table<Reject> {
  let position = -1;
  return {
    description: table.description,
    skip: table.skip,
    read(cells, address) {
      if (table.read(cells, address) === undefined) return undefined;
      position += 1;
      const reason = why(position, address.line);
      return reason === undefined ? undefined : { cells: cellsOf(cells, address.line, reason) };
    },
    remarks: () => [],
  };
}

/** The cells of a row with line and reason; a file of rejects that is read again has these columns already. */
function inLayout(
  cells: readonly string[],
  fields: ReadonlyMap<number, string>,
  heading: readonly string[],
  [line, reason]: readonly [string, string],
  options: RejectOptions,
): readonly string[] {
  const shown = cells.map((cell, index) => {
    if (heading[index] === 'line') return line;
    if (heading[index] === 'reason') return reason;
    return shownCell(cell, fields.get(index) ?? '', options);
  });
  const more = [
    ['line', line],
    ['reason', reason],
  ] as const;
  return [...shown, ...more.filter(([name]) => !heading.includes(name)).map(([, cell]) => cell)];
}

function shownCell(cell: string, field: string, options: RejectOptions): string {
  if (!options.keepUsers && (field === 'user' || cell.includes('@'))) return '';
  if (options.keepSecrets) return cell;
  // In a row that was refused a key may stand in any column.
  return SECRET_FIELDS.has(field) || resemblesKey(tidyCell(cell), SHORTEST_KEY_CHARACTERS) ? '' : cell;
}

/** The rejects of a document, in a layout of their own. */
export function rejectsOfDocument(
  options: ManifestOptions,
  why: WhyRefused,
  shown: RejectOptions,
  layout: RejectLayout,
): NonNullable<FileFormats<Reject>['document']> {
  return (head) => {
    const document = openTokenDocument(head, options);
    if (document === undefined) return undefined;
    layout.heading = [...OWN_COLUMNS.map(([, title]) => title), ...MORE_COLUMNS];
    let position = -1;
    const take = (tokens: readonly DocumentToken[]): readonly Reject[] =>
      tokens.flatMap(({ raw, line }) => {
        position += 1;
        const reason = why(position, line);
        if (reason === undefined) return [];
        const cells = OWN_COLUMNS.map(([field]) => shownCell(textOf(raw, field), field, shown));
        return [{ cells: [...cells, String(line), reason] }];
      });
    return {
      description: document.description,
      push: (text) => take(document.reader.push(text)),
      end: () => take(document.reader.end()),
      remarks: () => [],
    };
  };
}

/** A key in Base32, whatever the document had it in; one that cannot be read is left out. */
function textOf(raw: RawToken, field: TokenField): string {
  if (field === 'kind') return /totp$/i.test(raw.kind ?? '') ? 'TOTP' : (raw.kind ?? '');
  if (field !== 'secretKey') return raw[field] ?? '';
  const { secretKey } = raw;
  const key =
    typeof secretKey === 'string' ? readKey(secretKey, raw.encoding ?? 'base32') : keyOfBytes(secretKey);
  return 'bytes' in key ? key.secretKey.reveal() : '';
}
