// report.xlsx, opened by LibreOffice and compared cell by cell with what the report says.

import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FINDINGS_CSV_COLUMNS, findingCells } from '../../src/report/findings-csv.js';
import { visible } from '../../src/report/hidden-characters.js';
import { ROWS_CSV_COLUMNS, rowCells } from '../../src/report/rows-csv.js';
import { xlsxBytes } from '../../src/report/write-xlsx.js';
import { xlsxSheets } from '../../src/report/xlsx-sheets.js';
import { HOSTILE } from './hostile.js';
import { cellsOf } from './libreoffice.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

/** Texts that spreadsheets like to take for something else. */
const TEMPTING: readonly string[] = [
  '0012345',
  '1e5',
  '123456789012345678901234567890',
  '2026-11-22',
  '1/2',
  'TRUE',
  '=1+1',
  '+49 30',
  '-1',
  '@SUM(A1)',
  '=HYPERLINK("http://evil.example","x")',
  "'apostrophe",
  '_x0041_',
  '__x000D_',
  '#REF!',
  '"quoted", and; more',
  '  blanks  ',
  '\uFFFD\uFFFE\u{1FFFF}',
];

function shownInCells(cells: readonly (string | number)[]): readonly string[] {
  return cells.map((cell) =>
    visible(String(cell)).replace(/[\uFFFD\uFFFE\u{1FFFF}]/gu, (character) => {
      return `⟨U+${character.codePointAt(0)?.toString(16).toUpperCase()}⟩`;
    }),
  );
}

describe('report.xlsx', () => {
  it('shows in LibreOffice every cell as the report has it', async () => {
    const input = sampleReport({ rows: 120 });
    const [rows = [], findings = [], summary = []] = cellsOf(await xlsxBytes(input), [
      'Rows',
      'Findings',
      'Summary',
    ]);
    expect(rows).toEqual([ROWS_CSV_COLUMNS, ...input.rows.map((row) => rowCells(row).map(String))]);
    expect(findings).toEqual([
      FINDINGS_CSV_COLUMNS,
      ...input.findings.map((finding) => findingCells(finding).map(String)),
    ]);
    const told = new Map(summary.map(([name = '', value = '']) => [name, value]));
    expect(told.get('rows')).toBe('120');
    expect(told.get('run')).toBe(input.summary.runId);
    expect(told.get('conflict')).toBe(String(input.summary.verdicts.conflict));
    expect(told.get('accepted_per_second')).toBe('18.64');
    expect(told.get('finding duplicate-serial')).toBe('1');
  });

  it('keeps texts texts, whatever they look like', async () => {
    const texts = [...TEMPTING, ...HOSTILE];
    const input = reportOf(
      texts.map((text, n) => sampleRow({ n, serialNumber: text, user: text, detail: text, next: text })),
    );
    const [rows = []] = cellsOf(await xlsxBytes(input), ['Rows']);
    expect(rows.slice(1)).toEqual(input.rows.map((row) => shownInCells(rowCells(row))));
  });

  it('gives the same bytes for the same report, at any time and in any time zone', async () => {
    const input = sampleReport();
    const before = process.env['TZ'];
    try {
      process.env['TZ'] = 'Pacific/Kiritimati';
      const east = await xlsxBytes(input);
      process.env['TZ'] = 'America/Los_Angeles';
      expect(Buffer.compare(await xlsxBytes(input), east)).toBe(0);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('holds no formula and no link, only texts and numbers', async () => {
    const input = reportOf([...TEMPTING, ...HOSTILE].map((text, n) => sampleRow({ n, detail: text })));
    const files = unzipSync(await xlsxBytes(input));
    for (const [name, bytes] of Object.entries(files)) {
      const text = Buffer.from(bytes).toString('utf8');
      expect(text, name).not.toMatch(/<f[ >/]|<hyperlink|TargetMode="External"/);
    }
    const types = xlsxSheets(input).flatMap(({ data }) =>
      data
        .flat()
        .map((cell) => (cell === null || typeof cell !== 'object' ? null : 'type' in cell && cell.type)),
    );
    expect(new Set(types)).toEqual(new Set([null, String, Number]));
  });

  it('cuts a text that no cell can hold, and says that it did', async () => {
    const input = reportOf([sampleRow({ detail: `${'x'.repeat(32_765)}👍${'y'.repeat(100)}` })]);
    const [rows = []] = cellsOf(await xlsxBytes(input), ['Rows']);
    expect(rows[1]?.[ROWS_CSV_COLUMNS.indexOf('detail')]).toBe(`${'x'.repeat(32_765)}…`);
  });

  it('has no sheet that is too long: the rest goes on in another', () => {
    const row = sampleRow();
    const rows = Array.from({ length: 1_048_576 }, () => row);
    const report = reportOf([row]);
    const names = xlsxSheets({ ...report, rows }).map(({ sheet, data }) => [sheet, data.length]);
    expect(names.slice(0, 2)).toEqual([
      ['Rows', 1_048_576],
      ['Rows 2', 2],
    ]);
  });
});
