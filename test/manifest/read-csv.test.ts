import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FileRefusal } from '../../src/manifest/file-refusal.js';
import { openBytes, whyUnreadable } from '../../src/manifest/read-bytes.js';
import { readCsv } from '../../src/manifest/read-csv.js';
import { decodeText } from '../../src/manifest/read-text.js';

const folder = mkdtempSync(join(tmpdir(), 'oathbatch-read-csv-'));
const file = join(folder, 'file.csv');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function records(): Promise<{ readonly cells: readonly string[]; readonly line: number }[]> {
  const read: { readonly cells: readonly string[]; readonly line: number }[] = [];
  for await (const batch of readCsv(decodeText(openBytes(file).pieces), ',')) read.push(...batch);
  return read;
}

/** Cells with everything that needs quotes, and without the characters that a CSV text cannot carry. */
const cell = fc.string({ unit: fc.constantFrom(...'a0-"\',;= \tü€', '\n', '𝄞') }).map((text) => `x${text}x`);

describe('readCsv', () => {
  it('gives back every cell that a CSV writer wrote, with the line on which its record starts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        async (rows, lineEnd, lastLineEnd) => {
          const text = stringify(rows, { record_delimiter: lineEnd, quoted_match: /\n/ });
          writeFileSync(file, lastLineEnd ? text : text.slice(0, -lineEnd.length));
          let line = 1;
          const expected = rows.map((cells) => {
            const start = line;
            line += 1 + (cells.join('').match(/\n/g)?.length ?? 0);
            return { cells, line: start };
          });
          expect(await records()).toEqual(expected);
        },
      ),
    );
  });

  it('cuts a text without quotes, and one whose quotes come late, exactly as csv-parse cuts all of it', async () => {
    // Blanks of every kind, lines that are empty or blank, and too many or too few cells.
    const rough = fc.string({
      unit: fc.constantFrom(...'ab0', ' ', '\t', '\u00a0', '\u2003', '\u3000', 'é', "'"),
    });
    const line = fc.array(rough, { maxLength: 5 }).map((cells) => cells.join(','));
    const late = fc.constantFrom('', '"a,b",c\n', '"x\ny",z\nq,r\n', 'a,"b""c"\n');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), late, fc.nat(40), async (lines, end, cut) => {
        const text = `${lines.map((one) => `${one}\n`).join('')}${end}${lines[0] ?? 'last'}`;
        const expected: { cells: string[]; line: number }[] = [];
        let start = 1;
        parse(text, {
          record_delimiter: '\n',
          trim: true,
          relax_column_count: true,
          on_record: (cells: string[], { lines: last }) => {
            if (cells.some((one) => one.trim() !== '')) expected.push({ cells, line: start });
            start = last + 1;
            return null;
          },
        });
        const read: unknown[] = [];
        async function* pieces(): AsyncGenerator<string> {
          yield text.slice(0, cut);
          yield text.slice(cut);
        }
        for await (const batch of readCsv(pieces(), ',')) read.push(...batch);
        expect(read).toEqual(expected);
      }),
    );
  });

  it('hashes the bytes of the file, byte order mark and all', async () => {
    const bytes = Buffer.from('\ufeffa,b\r\n1,2\r\n');
    writeFileSync(file, bytes);
    const { pieces, sha256 } = openBytes(file);
    for await (const piece of pieces) expect(piece.byteLength).toBe(bytes.byteLength);
    expect(sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('hands over the records before a broken quote, and none behind it', async () => {
    const good = Array.from({ length: 3_000 }, (_, index) => `${index},good`).join('\n');
    writeFileSync(file, `${good}\n"broken"x,1\n1,behind\n`);
    const seen: number[] = [];
    const thrown: unknown = await (async () => {
      for await (const batch of readCsv(decodeText(openBytes(file).pieces), ',')) {
        for (const { line } of batch) seen.push(line);
      }
    })().catch((error: unknown) => error);
    expect(seen.length).toBe(3_000);
    expect(thrown instanceof FileRefusal && thrown.troubles[0]?.line).toBe(3_001);
  });

  it('stops when it is told to', async () => {
    writeFileSync(file, 'a,b\n');
    const { pieces } = openBytes(file, AbortSignal.abort());
    await expect(readCsv(decodeText(pieces), ',').next()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['ENOENT', 'there is no such file'],
    ['EISDIR', 'this is a directory; name the file in it'],
    ['EACCES', 'this account may not read the file'],
    ['EPERM', 'this account may not read the file'],
    ['EIO', 'the file cannot be read (EIO)'],
  ])('explains %s', (code, sentence) => {
    expect(whyUnreadable(code)).toBe(sentence);
  });
});
