// Which layout a table has, by its heading and the shape of its records; never by the name of the file. Pure.

import { findMappedColumns } from './column-map.js';
import type { FileTrouble } from './file-refusal.js';
import { graphCsv } from './formats/graph-csv.js';
import type { BareLayout, HeadedLayout, LayoutColumn } from './formats/layout.js';
import { microsoftCsv } from './formats/microsoft-csv.js';
import { multiOtpCsv } from './formats/multiotp-csv.js';
import { oathCsv } from './formats/oath-csv.js';
import { phenixIdCsv } from './formats/phenixid-csv.js';
import { privacyIdeaCsv, privacyIdeaCsv2 } from './formats/privacyidea-csv.js';
import { refusedTables } from './formats/refused-tables.js';
import { safeIdCsv } from './formats/safeid-csv.js';
import { secureAuthCsv } from './formats/secureauth-csv.js';
import { serialAndKey } from './formats/serial-and-key.js';
import { type TableRecord, tidyCell } from './formats/table-format.js';
import { thalesCsv } from './formats/thales-csv.js';
import { type HeadingMatch, matchHeadings, normaliseHeading } from './headings.js';
import type { TokenColumns } from './manifest-options.js';
import { TOKEN_FIELDS, type TokenField } from './raw-token.js';
import { resemblesKey } from './secret-encoding.js';

/** In this order where two fit equally well. */
const HEADED: readonly HeadedLayout[] = [
  ...refusedTables,
  safeIdCsv,
  microsoftCsv,
  thalesCsv,
  graphCsv,
  secureAuthCsv,
  oathCsv,
];

const BARE: readonly BareLayout[] = [privacyIdeaCsv, privacyIdeaCsv2, multiOtpCsv, phenixIdCsv, serialAndKey];

/** What rejects.csv has beside the columns of the file that its rows came from. */
const REJECT_COLUMNS: readonly LayoutColumn[] = [
  { name: 'line', required: false },
  { name: 'reason', required: false },
];

/** Records that are looked at to tell layouts without a heading apart. */
const RECORDS_LOOKED_AT = 20;

export interface RecognisedTable {
  readonly layout: HeadedLayout | BareLayout;
  readonly heading: boolean;
  readonly columns: ReadonlyMap<TokenField, number>;
  /** Numbers, from 1, of named columns that the layout does not have. */
  readonly unknown: readonly number[];
}

export type TableRecognition =
  | { readonly ok: true; readonly found: RecognisedTable }
  | { readonly ok: false; readonly troubles: readonly FileTrouble[] };

/** Whether a cell is a heading in any of the layouts. */
export function knowsTokenHeading(cell: string): boolean {
  return KNOWN_HEADINGS.has(normaliseHeading(cell));
}

const KNOWN_HEADINGS: ReadonlySet<string> = new Set(
  [...HEADED.flatMap((layout) => layout.columns), ...REJECT_COLUMNS].flatMap(({ name, aliases = [] }) =>
    [name, ...aliases].map(normaliseHeading),
  ),
);

/** The layout of a table whose columns nobody named. */
export function recogniseTable(sample: readonly TableRecord[]): TableRecognition {
  const [first] = sample;
  const header = first?.cells.map(tidyCell) ?? [];
  let best: { readonly layout: HeadedLayout; readonly match: HeadingMatch & { ok: true } } | undefined;
  for (const layout of HEADED) {
    const match = matchHeadings(header, [...layout.columns, ...REJECT_COLUMNS], expectedOf(layout));
    if (match.ok && match.columns.size > (best?.match.columns.size ?? 0)) best = { layout, match };
  }
  if (best === undefined) {
    const bare = recogniseBare(sample);
    if (bare !== undefined) return { ok: true, found: bare };
    if (listsVipIds(sample)) return { ok: false, troubles: [{ ...line(first), message: VIP_IDS }] };
    const match = matchHeadings(
      header,
      [...microsoftCsv.columns, ...REJECT_COLUMNS],
      expectedOf(microsoftCsv),
    );
    return { ok: false, troubles: match.ok ? [] : match.problems.map((one) => ({ ...line(first), ...one })) };
  }
  const { layout, match } = best;
  if (layout.refusal !== undefined)
    return { ok: false, troubles: [{ ...line(first), message: layout.refusal }] };
  const columns = new Map<TokenField, number>();
  for (const { name, field } of layout.columns) {
    const index = match.columns.get(name);
    if (index !== undefined && field !== undefined) columns.set(field, index);
  }
  const algorithm = match.columns.get('algorithm');
  if (algorithm !== undefined) placeAlgorithm(columns, algorithm, sample);
  return { ok: true, found: { layout, heading: true, columns, unknown: match.unknown } };
}

/** The layout of a table whose columns the job names. */
export function mapTable(map: TokenColumns, sample: readonly TableRecord[]): TableRecognition {
  const [first] = sample;
  const mapped = findMappedColumns(map, first?.cells.map(tidyCell) ?? [], TOKEN_FIELDS);
  if (!mapped.ok) return { ok: false, troubles: mapped.problems.map((one) => ({ ...line(first), ...one })) };
  const layout = { name: 'column-map', title: 'CSV with the columns that the job names', columns: [] };
  return { ok: true, found: { layout, heading: mapped.heading, columns: mapped.columns, unknown: [] } };
}

function recogniseBare(sample: readonly TableRecord[]): RecognisedTable | undefined {
  const records = sample
    .map(({ cells }) => cells.map(tidyCell))
    .filter(([first = '']) => !first.startsWith('#'));
  const looked = records.slice(0, RECORDS_LOOKED_AT);
  if (looked.length === 0) return undefined;
  const layout = BARE.find(
    ({ matches }) => looked.filter((cells) => matches(cells)).length * 2 > looked.length,
  );
  if (layout === undefined) return undefined;
  // Columns that may be there, and are in no record, are none.
  const width = records.reduce((most, cells) => Math.max(most, cells.length), 0);
  const columns = new Map([...layout.columns].filter(([, index]) => index < width));
  return { layout, heading: false, columns, unknown: [] };
}

/** Four letters or digits and eight digits, as `VSST12345678` (formats.md, section 10). */
const VIP_ID = /^[A-Z]{3}[A-Z0-9]\d{8}$/;

const VIP_IDS =
  'the file has no secret keys, and its serial numbers are shaped like credential ids of Symantec VIP, whose keys stay with Broadcom: such tokens cannot be moved, order others; a list of who holds which token belongs to assignments';

function listsVipIds(sample: readonly TableRecord[]): boolean {
  const records = sample.slice(0, RECORDS_LOOKED_AT).map(({ cells }) => cells.map(tidyCell));
  const withId = records.filter((cells) => cells.some((cell) => VIP_ID.test(cell)));
  return withId.length * 2 > records.length && !records.flat().some((cell) => resemblesKey(cell, 16));
}

/** `algorithm` is the kind of the token in some files and the hash function in others. */
function placeAlgorithm(
  columns: Map<TokenField, number>,
  index: number,
  sample: readonly TableRecord[],
): void {
  const isHash = sample.slice(1).some(({ cells }) => /sha/i.test(cells[index] ?? ''));
  const field = isHash ? 'hashFunction' : 'kind';
  if (!columns.has(field)) columns.set(field, index);
}

function expectedOf(layout: HeadedLayout): string {
  return layout.columns.map(({ name }) => name).join(',');
}

function line(record: TableRecord | undefined): { readonly line: number } {
  return { line: record?.line ?? 1 };
}
