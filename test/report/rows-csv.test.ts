// What rows.csv promises to the scripts and the spreadsheets that read it.

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RowVerdict } from '../../src/reconcile/verdict.js';
import { ROWS_CSV_COLUMNS, rowsCsv } from '../../src/report/rows-csv.js';
import { textIn } from './chunks.js';
import { sampleReport, sampleRow } from './sample-report.js';

function textOf(rows: Iterable<RowVerdict>): string {
  return textIn(rowsCsv(rows));
}

function cellsOf(rows: Iterable<RowVerdict>): readonly (readonly string[])[] {
  const records: string[][] = parse(textOf(rows), { record_delimiter: '\r\n' });
  return records;
}

/** The cell of the `user` column, when the user of the only row is `user`. */
function userCell(user: string): string | undefined {
  return cellsOf([sampleRow({ user })])[1]?.[3];
}

describe('rows.csv', () => {
  it('has exactly the columns that scripts rely on, in their order', () => {
    expect(ROWS_CSV_COLUMNS.join(',')).toBe(
      'file,line,serial_number,user,verdict,reason,detail,device_id,user_id,attempts,already,next_step,client_request_id,request_id,assigned_since',
    );
    expect(textOf([])).toBe(`${ROWS_CSV_COLUMNS.join(',')}\r\n`);
  });

  it('puts every value of a row under its heading', () => {
    const row = sampleRow({
      verdict: 'conflict',
      already: true,
      reason: 'held-by-another',
      detail: 'D.',
      next: 'N.',
    });
    expect(textOf([row]).split('\r\n')[1]).toBe(
      `tokens.csv,2,2308374621,amelie.abel@contoso.com,conflict,held-by-another,D.,${row.deviceId},${row.userId},1,true,N.,${row.clientRequestId},${row.requestId},`,
    );
  });

  it('says since when a token waits for its holder, in the last column', () => {
    const since = '2026-11-01T22:00:00.000Z';
    expect(cellsOf([sampleRow({ verdict: 'assigned', assignedSince: since })])[1]?.at(-1)).toBe(since);
  });

  it('writes one line for each row, in the order given, and ends each with CRLF', () => {
    const { rows } = sampleReport();
    const lines = textOf(rows).split('\r\n');
    expect(lines).toHaveLength(rows.length + 2);
    expect(lines.at(-1)).toBe('');
    expect(
      cellsOf(rows)
        .slice(1)
        .map((cells) => `${cells[0]}:${cells[1]}`),
    ).toEqual(rows.map((row) => `${row.file}:${row.line}`));
  });

  it('begins without a byte order mark', () => {
    expect(textOf([]).charCodeAt(0)).toBe('f'.charCodeAt(0));
  });

  it('quotes delimiters, quotes and line ends, and nothing else', () => {
    expect(textOf([sampleRow({ user: 'plain' })])).not.toContain('"');
    for (const user of ['a,b', 'a"b', 'a\r\nb', 'a\nb', 'a\rb', '"', ',']) {
      expect(userCell(user)).toBe(user);
      expect(textOf([sampleRow({ user })])).toContain(`"${user.replaceAll('"', '""')}"`);
    }
  });

  it('keeps emoji, right-to-left marks and a name of 10,000 characters as they are', () => {
    for (const user of ['👩‍👩‍👧 tøken', '\u202Eevil\u202C', 'x'.repeat(10_000), 'مرحبا'])
      expect(userCell(user)).toBe(user);
  });

  it('makes chunks as it reads the rows, and never holds the whole text', () => {
    let read = 0;
    function* many(): Generator<RowVerdict> {
      for (let n = 0; n < 2_500; n += 1) {
        read += 1;
        yield sampleRow({ n, line: n + 2 });
      }
    }
    const chunks = rowsCsv(many());
    const first = chunks.next();
    expect(read).toBeLessThanOrEqual(250);
    const rest = [...chunks];
    expect(rest).toHaveLength(10);
    expect(textIn([first.value ?? '', ...rest]).split('\r\n')).toHaveLength(2_502);
  });
});

describe('a cell that a spreadsheet would run', () => {
  const dangerous: Readonly<Record<string, string>> = {
    equals: '=HYPERLINK("http://example.test","x")',
    plus: '+49301234567',
    'at sign': '@SUM(1)',
    'a minus that is text': '-2+3',
    'a number that is text': '-5',
    tab: '\t=1',
    'carriage return': '\r=1',
    'line feed': '\n=1',
    'full-width equals': '\uFF1D1',
    'full-width plus': '\uFF0B1',
    'full-width minus': '\uFF0D1',
    'full-width at sign': '\uFF20x',
    'spaces first': '  =1',
    'a no-break space first': '\u00A0=1',
    'a zero-width space first': '\u200B=1',
    'a direction mark first': '\u200F=1',
    'a byte order mark first': '\uFEFF=1',
    'spaces and a full-width sign': ' \uFF1D1',
  };

  it.each(Object.entries(dangerous))('is defused by an apostrophe: %s', (_name, text) => {
    expect(userCell(text)).toBe(`'${text}`);
  });

  it.each(['amelie=abel', 'a -b', ' plain', "'=1", '1-2', '$1', '日本'])(
    'is not seen where there is none: %s',
    (text) => {
      expect(userCell(text)).toBe(text);
    },
  );

  it('is not made of the numbers that the program writes itself', () => {
    expect(cellsOf([sampleRow({ line: 7, attempts: 0 })])[1]?.slice(0, 2)).toEqual(['tokens.csv', '7']);
    expect(cellsOf([sampleRow({ attempts: 0 })])[1]?.[9]).toBe('0');
  });

  it('is defused in every column that holds text of others', () => {
    const evil = '=1+1';
    const row = sampleRow({
      file: evil,
      serialNumber: evil,
      user: evil,
      reason: evil,
      detail: evil,
      next: evil,
      deviceId: evil,
      userId: evil,
      clientRequestId: evil,
      requestId: evil,
    });
    expect(cellsOf([row])[1]?.filter((cell) => cell.includes(evil))).toEqual(
      Array.from({ length: 10 }, () => `'${evil}`),
    );
  });

  it('never gets through, and no text is lost, whatever is drawn', () => {
    const pieces = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      ' ',
      '"',
      ',',
      "'",
      '\uFF1D',
      '\u200B',
      'a',
      '1',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          const cell = userCell(text) ?? '';
          expect([text, `'${text}`]).toContain(cell);
          expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u);
          expect(cell).not.toMatch(/^[\t\r\n]/);
        },
      ),
    );
  });
});
