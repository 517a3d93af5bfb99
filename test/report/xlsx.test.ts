// report.xlsx, opened by LibreOffice and compared cell by cell with what the report says.

import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FINDINGS_CSV_COLUMNS, findingCells } from '../../src/report/findings-csv.js';
import { visible } from '../../src/report/hidden-characters.js';
import type { ReportInput } from '../../src/report/model.js';
import { ROWS_CSV_COLUMNS, rowCells } from '../../src/report/rows-csv.js';
import { xlsxChunks } from '../../src/report/write-xlsx.js';
import { columnName, rowsXml } from '../../src/report/xlsx-rows.js';
import { xlsxSheets } from '../../src/report/xlsx-sheets.js';
import { HOSTILE } from './hostile.js';
import { cellsOf } from './libreoffice.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

const xlsxBytes = async (input: ReportInput): Promise<Buffer> =>
  Buffer.concat([...(await xlsxChunks(input))]);

/** What each entry of an archive's directory begins with. */
const HEADER = Buffer.from([0x50, 0x4b, 0x01, 0x02]);

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
      // The headers of the archive: APPNOTE.TXT of the ZIP format, 4.3.12; its first day is 1 January 1980, 00:00.
      const times: number[] = [];
      for (let from = east.indexOf(HEADER); from >= 0; from = east.indexOf(HEADER, from + 1)) {
        times.push(east.readUInt32LE(from + 12));
      }
      expect(times.length).toBeGreaterThan(8);
      expect(new Set(times)).toEqual(new Set([0x00_21_00_00]));
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
    const sheet = Buffer.from(files['xl/worksheets/sheet1.xml'] ?? []).toString('utf8');
    const [, ...rows] = sheet.split('<row ');
    // The headings are texts that the library keeps apart.
    const kinds = rows.slice(1).flatMap((row) => [...row.matchAll(/<c r="[A-Z]+\d+"([^>]*)>(<[a-z]+>)/g)]);
    expect(kinds.length).toBeGreaterThan(rows.length * 5);
    expect(new Set(kinds.map(([, type, value]) => `${type} ${value}`))).toEqual(
      new Set([' <v>', ' t="inlineStr" <is>']),
    );
  });

  it('cuts a text that no cell can hold, and says that it did', async () => {
    const details = [`${'x'.repeat(32_765)}👍${'y'.repeat(100)}`, 'z'.repeat(32_768), 'z'.repeat(32_767)];
    const input = reportOf(details.map((detail, n) => sampleRow({ n, detail })));
    const [rows = []] = cellsOf(await xlsxBytes(input), ['Rows']);
    expect(rows.slice(1).map((row) => row[ROWS_CSV_COLUMNS.indexOf('detail')])).toEqual([
      `${'x'.repeat(32_765)}…`,
      `${'z'.repeat(32_766)}…`,
      'z'.repeat(32_767),
    ]);
  });

  it('has no sheet that is too long: the rest goes on in another', () => {
    const row = sampleRow();
    const rows = Array.from({ length: 1_048_576 }, (_, n) =>
      n === 1_048_575 ? sampleRow({ line: 77 }) : row,
    );
    const [first, second, third] = xlsxSheets({ ...reportOf([row]), rows });
    expect([first?.name, second?.name, third?.name]).toEqual(['Rows', 'Rows 2', 'Findings']);
    let count = 0;
    for (const _ of first?.lines ?? []) count += 1;
    expect(count).toBe(1_048_575);
    const rest = [...(second?.lines ?? [])];
    expect(rest.map((line) => line[ROWS_CSV_COLUMNS.indexOf('line')])).toEqual([77]);
  });

  it('goes on in another sheet in the file as well, and is made as it is written', async () => {
    const rows = reportOf([sampleRow()]).rows;
    let asked = 0;
    const counted = new Proxy(rows, {
      get(target, key) {
        if (key === 'length') return 1_048_576;
        if (key !== Symbol.iterator) return Reflect.get(target, key) as unknown;
        return function* () {
          for (; asked < 30_000; asked += 1) yield sampleRow({ n: asked, detail: String(asked * 7_919) });
        };
      },
    });
    const chunks = (await xlsxChunks({ ...reportOf([sampleRow()]), rows: counted }))[Symbol.iterator]();
    const made: Uint8Array[] = [];
    let askedAtFirst = 0;
    for (let next = chunks.next(); next.done !== true; next = chunks.next()) {
      if (next.value.length > 1_000 && askedAtFirst === 0) askedAtFirst = asked;
      made.push(next.value);
    }
    expect(askedAtFirst).toBeGreaterThan(0);
    expect(askedAtFirst).toBeLessThan(10_000);
    const files = unzipSync(Buffer.concat(made));
    expect(Object.keys(files).filter((name) => name.startsWith('xl/worksheets/sheet'))).toHaveLength(4);
    const rowsOf = (name: string): number =>
      Buffer.from(files[name] ?? [])
        .toString('utf8')
        .split('<row ').length - 1;
    expect([1, 2].map((n) => rowsOf(`xl/worksheets/sheet${n}.xml`))).toEqual([30_001, 1]);
  });
});

describe('the rows of a sheet', () => {
  it('stand one behind the other, below the heading, in chunks', () => {
    const lines = Array.from({ length: 130 }, (_, n) => [n, `text ${n}`, '']);
    const chunks = [...rowsXml(lines)];
    expect(chunks.length).toBeGreaterThan(1);
    const numbers = [...chunks.join('').matchAll(/<row r="(\d+)"><c r="A\1"><v>(\d+)<\/v>/g)];
    expect(numbers.map(([, row, value]) => [Number(row), Number(value)])).toEqual(
      Array.from({ length: 130 }, (_, n) => [n + 2, n]),
    );
    expect(chunks.join('')).not.toContain('r="C');
  });

  it('write what XML would read something into', () => {
    expect([...rowsXml([['a<b>&"c"', '_x0041_']])].join('')).toBe(
      '<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">a&lt;b&gt;&amp;"c"</t></is></c>' +
        '<c r="B2" t="inlineStr"><is><t xml:space="preserve">_x005F_x0041_</t></is></c></row>',
    );
  });

  it('name their columns as a spreadsheet does', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});
