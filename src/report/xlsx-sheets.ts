// The sheets of report.xlsx: summary, rows, findings. Pure; xlsx-rows.ts makes their cells, write-xlsx.ts a file of them.

import { TOKENS_CSV_COLUMNS, tokenLines } from './audit-csv.js';
import { isAudit } from './audit-model.js';
import type { CsvLine } from './csv-text.js';
import { FINDINGS_CSV_COLUMNS, findingCells } from './findings-csv.js';
import { headline } from './headline.js';
import type { ReportInput } from './model.js';
import { ROWS_CSV_COLUMNS, rowLines } from './rows-csv.js';
import { FINDING_ORDER, VERDICT_ORDER } from './words.js';

/** Rows of a sheet below its heading: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
const SHEET_ROWS_MAX = 1_048_575;

export interface XlsxSheet {
  readonly name: string;
  readonly columns: readonly string[];
  /** What is below the heading, made as it is read: once, and sheet after sheet. */
  readonly lines: Iterable<CsvLine>;
}

/** A table as a sheet, or as several when one cannot hold it. */
function tableSheets(
  name: string,
  columns: readonly string[],
  lines: Iterable<CsvLine>,
  count: number,
): XlsxSheet[] {
  const rest = lines[Symbol.iterator]();
  return Array.from({ length: Math.max(1, Math.ceil(count / SHEET_ROWS_MAX)) }, (_, before) => ({
    name: before === 0 ? name : `${name} ${before + 1}`,
    columns,
    lines: nextOf(rest, SHEET_ROWS_MAX),
  }));
}

function* nextOf<Item>(items: Iterator<Item>, most: number): Generator<Item, void> {
  for (let count = 0; count < most; count += 1) {
    const next = items.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** Names and values, as summary.json has them. */
function summaryLines(input: ReportInput): readonly CsvLine[] {
  const { summary } = input;
  const { pace } = summary;
  return [
    ['result', headline(input).sentence],
    ['run', summary.runId],
    ['job', summary.job],
    ['kind', summary.kind],
    ['graph', summary.graph],
    ['started_at', summary.startedAt],
    ['ended_at', summary.endedAt],
    ['exit_code', summary.exitCode],
    ['rows', summary.rows],
    ...VERDICT_ORDER.map((verdict) => [verdict, summary.verdicts[verdict]] as const),
    ['already', summary.already],
    ...FINDING_ORDER.map((kind) => [`finding ${kind}`, summary.findings[kind]] as const),
    ['requests', summary.requests],
    ['writes', summary.writes],
    ['throttled', summary.throttled],
    ['accepted_per_second', pace.acceptedPerSecond],
    ['gate_seconds', pace.gateSeconds],
    ['least_seconds', pace.leastSeconds ?? ''],
    ['ratio_to_least', pace.ratioToLeast ?? ''],
    ['tool', summary.tool],
    ...summary.inputs.map(({ role, path, sha256 }) => [`${role} sha256`, `${path} ${sha256}`] as const),
  ];
}

/** The sheets, in their order. */
export function xlsxSheets(input: ReportInput): readonly XlsxSheet[] {
  const { rows, findings } = input;
  const summary = summaryLines(input);
  return [
    ...(isAudit(input)
      ? tableSheets('Tokens', TOKENS_CSV_COLUMNS, tokenLines(input), rows.length)
      : tableSheets('Rows', ROWS_CSV_COLUMNS, rowLines(rows), rows.length)),
    ...tableSheets('Findings', FINDINGS_CSV_COLUMNS, findings.map(findingCells), findings.length),
    ...tableSheets('Summary', ['name', 'value'], summary, summary.length),
  ];
}
