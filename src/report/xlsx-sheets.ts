// The sheets of report.xlsx: summary, rows, findings. Every text is a cell of the type text, so that a serial
// number keeps its zeros and nothing is ever a formula. Pure; write-xlsx.ts makes a file of them.

import type { Cell, Sheet } from 'write-excel-file/node';
import { TOKENS_CSV_COLUMNS, tokenLines } from './audit-csv.js';
import { isAudit } from './audit-model.js';
import { FINDINGS_CSV_COLUMNS, findingCells } from './findings-csv.js';
import { headline } from './headline.js';
import { spelledOut, visible } from './hidden-characters.js';
import type { ReportInput } from './model.js';
import { ROWS_CSV_COLUMNS, rowCells } from './rows-csv.js';
import { FINDING_ORDER, VERDICT_ORDER } from './words.js';

/** https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
const CELL_LENGTH_MAX = 32_767;
/** Rows of a sheet below its heading, from the same page. */
const SHEET_ROWS_MAX = 1_048_575;

const COLUMN_WIDTHS: Readonly<Record<string, number>> = {
  file: 34,
  line: 8,
  serial_number: 20,
  user: 34,
  verdict: 14,
  reason: 20,
  detail: 60,
  next_step: 60,
  finding: 22,
  attempts: 9,
  already: 9,
};
const COLUMN_WIDTH = 38;

/** Spreadsheets take _x0041_ in a text for the character A (ECMA-376 part 1, 22.9.2.19): its first _ is written so itself. */
function literal(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

/** What the library would drop from a text without a word, though XML may hold some of it. */
const DROPPED = /[\uFFFD\p{Noncharacter_Code_Point}]/gu;

function textCell(text: string): Cell {
  if (text === '') return null;
  const shown = visible(text).replace(DROPPED, spelledOut);
  const cut = shown.length <= CELL_LENGTH_MAX ? shown : `${cutAt(shown, CELL_LENGTH_MAX - 1)}…`;
  return { type: String, value: literal(cut) };
}

/** No pair of surrogates is split. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function cell(value: string | number): Cell {
  return typeof value === 'number' ? { type: Number, value } : textCell(value);
}

function heading(names: readonly string[]): Cell[] {
  return names.map((value) => ({ type: String, value, fontWeight: 'bold' }));
}

type Lines = readonly (readonly (string | number)[])[];

/** A table as a sheet, or as several when one cannot hold it. */
function tableSheets(name: string, columns: readonly string[], lines: Lines): Sheet<never>[] {
  const sheets: Sheet<never>[] = [];
  for (let start = 0; start === 0 || start < lines.length; start += SHEET_ROWS_MAX) {
    const part = lines.slice(start, start + SHEET_ROWS_MAX);
    sheets.push({
      sheet: start === 0 ? name : `${name} ${sheets.length + 1}`,
      stickyRowsCount: 1,
      columns: columns.map((column) => ({ width: COLUMN_WIDTHS[column] ?? COLUMN_WIDTH })),
      data: [heading(columns), ...part.map((line) => line.map(cell))],
    });
  }
  return sheets;
}

/** Names and values, as summary.json has them. */
function summaryLines(input: ReportInput): Lines {
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
export function xlsxSheets(input: ReportInput): readonly Sheet<never>[] {
  return [
    ...(isAudit(input)
      ? tableSheets('Tokens', TOKENS_CSV_COLUMNS, [...tokenLines(input)])
      : tableSheets('Rows', ROWS_CSV_COLUMNS, input.rows.map(rowCells))),
    ...tableSheets('Findings', FINDINGS_CSV_COLUMNS, input.findings.map(findingCells)),
    ...tableSheets('Summary', ['name', 'value'], summaryLines(input)),
  ];
}
