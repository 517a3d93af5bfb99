// Tables of tokens: finds the layout, the encoding of the keys and what the file leaves out, then reads records.

import { type ColumnNames, columnNames } from '../column-names.js';
import { decideEncoding, type EncodingDecision } from '../decide-encoding.js';
import type { FileTrouble } from '../file-refusal.js';
import type { ManifestOptions } from '../manifest-options.js';
import type { RawToken, TokenField } from '../raw-token.js';
import { TOKEN_FIELDS } from '../raw-token.js';
import { knowsTokenHeading, mapTable, type RecognisedTable, recogniseTable } from '../recognise-table.js';
import type { TokenRow } from '../row.js';
import { TokenCheck } from '../token-check.js';
import type { BareLayout } from './layout.js';
import { type Table, type TableFormat, type TableRecord, tidyCell, wrongCellCount } from './table-format.js';

/**
 * The tables that can be manifests, ready to look at the first records of one.
 *
 * @example
 * const opened = tokenTable({}).open([{ cells: ['serial number', 'secret key', …], line: 1 }, …]);
 * if (opened.ok) opened.table.read(['1234567', …], { file: 'tokens.csv', line: 2 });
 */
export function tokenTable(options: ManifestOptions): TableFormat<TokenRow> {
  return {
    knowsHeading: knowsTokenHeading,
    open(sample) {
      const recognised =
        options.columns === undefined ? recogniseTable(sample) : mapTable(options.columns, sample);
      if (!recognised.ok) return recognised;
      const { found } = recognised;
      const troubles: FileTrouble[] = [...whatIsLeftOut(found, options, sample[0]?.line ?? 1)];
      const decision = encodingOf(found, options, sample);
      if ('question' in decision && sample.length > (found.heading ? 1 : 0)) {
        troubles.push({ key: 'secretEncoding', message: decision.question });
      }
      if (troubles.length > 0) return { ok: false, troubles };
      return { ok: true, table: openTable(found, decision, options, sample[0]?.cells ?? []) };
    },
  };
}

/** What neither the file nor its layout nor the job says of any token. */
function whatIsLeftOut(
  { layout, columns, heading }: RecognisedTable,
  { hashFunction, timeInterval, defaults = {} }: ManifestOptions,
  line: number,
): readonly FileTrouble[] {
  const { implied = {} } = layout;
  const said = (field: TokenField, job: unknown, layoutSays: unknown): boolean =>
    columns.has(field) || job !== undefined || (layoutSays !== undefined && layoutSays !== false);
  const missing: { readonly what: string; readonly key: string }[] = [];
  if (!said('timeInterval', timeInterval, implied.timeInterval)) {
    missing.push({ what: 'time interval', key: 'timeInterval: 30 or 60' });
  }
  if (!said('hashFunction', hashFunction, implied.hashFunction ?? implied.hashByKeyLength)) {
    missing.push({ what: 'hash function', key: 'hashFunction: hmacsha1 or hmacsha256' });
  }
  if (!said('manufacturer', defaults.manufacturer, undefined)) {
    missing.push({ what: 'manufacturer', key: 'defaults.manufacturer' });
  }
  if (!said('model', defaults.model, undefined)) missing.push({ what: 'model', key: 'defaults.model' });
  if (missing.length === 0) return [];
  const names = missing.map(({ what }) => `'${what}'`).join(', ');
  const keys = missing.map(({ key }) => key).join(', ');
  return [
    {
      line,
      message: `${heading ? 'the heading has no column' : `this is ${layout.title}, which does not say`} ${names}; ${heading ? 'add it, or say it' : 'say it'} for this manifest in the job file (${keys})`,
    },
  ];
}

function encodingOf(
  { layout, columns, heading }: RecognisedTable,
  options: ManifestOptions,
  sample: readonly TableRecord[],
): EncodingDecision {
  if (options.secretEncoding !== undefined) {
    return { encoding: options.secretEncoding, why: 'the job says so' };
  }
  if (layout.encoding !== undefined) return { encoding: layout.encoding, why: 'this is what the layout has' };
  const column = columns.get('secretKey') ?? -1;
  const split = 'split' in layout ? layout.split : undefined;
  const keys = sample.slice(heading ? 1 : 0).map(({ cells }) => {
    const cell = tidyCell(cells[column] ?? '');
    return split === undefined ? cell : (cell.split(split.at)[0] ?? '');
  });
  return decideEncoding(keys, layout.usualEncoding);
}

function openTable(
  found: RecognisedTable,
  decision: EncodingDecision,
  options: ManifestOptions,
  first: readonly string[],
): Table<TokenRow> {
  const { layout, columns, heading } = found;
  const encoding = 'encoding' in decision ? decision.encoding : 'base32';
  const settings = { ...options.defaults, ...options };
  const check = new TokenCheck(settings, layout.implied ?? {}, encoding, namesOf(found, first));
  const bare: BareLayout | undefined = 'matches' in layout ? layout : undefined;
  const read = layout.read ?? reader(found);
  return {
    description: {
      format: layout.name,
      title: layout.title,
      heading,
      columns: [...columns].map(([field, index]) => ({ number: index + 1, field })),
      ...('encoding' in decision ? { secretEncoding: decision } : {}),
    },
    skip: heading ? 1 : 0,
    read(record, address) {
      if (bare?.comments === true && (record[0] ?? '').trimStart().startsWith('#')) return undefined;
      const miscounted =
        bare === undefined
          ? wrongCellCount(record, first.length, address)
          : bareCellCount(bare, record.length, address);
      if (miscounted !== undefined) return miscounted;
      return check.read(read(record.map(tidyCell)), address);
    },
    remarks() {
      const remarks = [...check.remarks()];
      if (encoding === 'hex' && layout.usualEncoding === 'base32' && options.secretEncoding === undefined) {
        remarks.push('the secret keys are read as hexadecimal, because they can be nothing else');
      }
      if (found.unknown.length > 0) {
        remarks.push(`not read, because this layout does not have them: column ${found.unknown.join(', ')}`);
      }
      return remarks;
    },
  };
}

/** What the columns are called; those that share one by the name that they share. */
function namesOf(
  { layout, columns, heading }: RecognisedTable,
  first: readonly string[],
): ColumnNames<TokenField> {
  const split = 'split' in layout ? layout.split : undefined;
  const shared = split === undefined ? undefined : columns.get(split.field);
  const into = shared === undefined ? [] : (split?.into ?? []).map((field) => [field, shared] as const);
  return columnNames(new Map([...columns, ...into]), heading ? first.map(tidyCell) : undefined);
}

function bareCellCount(
  layout: BareLayout,
  count: number,
  address: { readonly file: string; readonly line: number },
): ReturnType<typeof wrongCellCount> {
  if (layout.widths.includes(count)) return undefined;
  const detail = `this layout has ${layout.widths.join(' or ')} cells and the row ${count}`;
  return { address, reason: 'cell-count', detail };
}

/** Reads records by the columns that were found. */
function reader({ columns, layout }: RecognisedTable): (cells: readonly string[]) => RawToken {
  const split = 'split' in layout ? layout.split : undefined;
  const at = columns;
  const others = TOKEN_FIELDS.filter(
    (field) => field !== 'serialNumber' && field !== 'secretKey' && at.has(field),
  ).map((field) => ({ field, index: at.get(field) ?? -1 }));
  const serialColumn = at.get('serialNumber') ?? -1;
  const keyColumn = at.get('secretKey') ?? -1;
  return (cells) => {
    const raw: { -readonly [Key in keyof RawToken]: RawToken[Key] } = {
      serialNumber: cells[serialColumn] ?? '',
      secretKey: cells[keyColumn] ?? '',
    };
    for (const { field, index } of others) {
      const cell = cells[index];
      if (cell !== undefined && field !== 'serialNumber' && field !== 'secretKey') raw[field] = cell;
    }
    if (split === undefined) return raw;
    const [secretKey = '', serialNumber = ''] = (cells[keyColumn] ?? '').split(split.at);
    return { ...raw, secretKey, serialNumber };
  };
}
