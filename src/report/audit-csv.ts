// tokens.csv: one line for each token of the tenant, in the order of the serial numbers. It does not touch the disk.

import type { FindingKind, RowVerdict } from '../reconcile/verdict.js';
import { findingsByToken } from './audit-model.js';
import { type CsvLine, csvText } from './csv-text.js';
import type { ReportInput } from './model.js';

type Cell = (row: RowVerdict, findings: readonly FindingKind[]) => string | number;

/** The columns, in their order. They are an interface: scripts read them (docs/audit.md). */
const CELLS: Readonly<Record<string, Cell>> = {
  serial_number: ({ serialNumber }) => serialNumber,
  device_id: ({ deviceId }) => deviceId,
  status: ({ token }) => token?.status ?? '',
  user: ({ user }) => user,
  user_id: ({ userId }) => userId,
  account: ({ token }) => token?.account ?? '',
  guest: ({ token }) => String(token?.guest ?? false),
  tokens_of_user: ({ token }) => token?.heldByUser ?? 0,
  last_used: ({ token }) => token?.lastUsed ?? '',
  not_activated_since: ({ token }) => token?.waitingSince ?? '',
  manufacturer: ({ token }) => token?.manufacturer ?? '',
  model: ({ token }) => token?.model ?? '',
  time_interval: ({ token }) => token?.timeInterval ?? '',
  hash_function: ({ token }) => token?.hashFunction ?? '',
  findings: (_row, findings) => findings.join(' '),
  file: ({ file }) => file,
  line: ({ line }) => (line === 0 ? '' : line),
};

export const TOKENS_CSV_COLUMNS: readonly string[] = Object.keys(CELLS);

/** The cells of every token, a line at a time. */
export function* tokenLines(input: ReportInput): Generator<CsvLine, void, undefined> {
  const kinds = findingsByToken(input);
  const cells = Object.values(CELLS);
  for (const row of input.rows) yield cells.map((cell) => cell(row, kinds.get(row.deviceId) ?? []));
}

/** The text of tokens.csv, heading first, in chunks that are to be written one after the other. */
export function tokensCsv(input: ReportInput): Generator<string, void, undefined> {
  return csvText(TOKENS_CSV_COLUMNS, tokenLines(input));
}
