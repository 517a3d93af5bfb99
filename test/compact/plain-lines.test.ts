// Lines put together as bytes: what is plain stands there as it was given, and of other lines there is nothing.

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdColumn } from '../../src/compact/id-column.js';
import { FixedTexts, PlainLines } from '../../src/compact/plain-lines.js';
import { TextColumn } from '../../src/compact/text-column.js';
import { BugError } from '../../src/errors.js';

/** Plain: neither JSON nor CSV quotes it, and it does not begin as a formula may. */
const PLAIN = /^(?:[A-Za-z0-9_.:/][A-Za-z0-9_.:/@-]*)?$/;

const usual = fc.stringMatching(/^[A-Za-z0-9_.:/@-]{0,40}$/);
const any = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom('=1+1', '-1', '@x', 'ab', ' ', 'a b', 'ä', '\u0000', 'x'.repeat(256), 'x'.repeat(257)),
);
const text = fc.oneof({ arbitrary: usual, weight: 9 }, { arbitrary: any, weight: 1 });
const part = fc.oneof(
  fc.record({ kind: fc.constant('text'), value: text }),
  fc.record({ kind: fc.constant('column'), value: text }),
  fc.record({ kind: fc.constant('fixed'), value: text }),
  fc.record({ kind: fc.constant('id'), value: fc.oneof(fc.uuid(), text) }),
  fc.record({ kind: fc.constant('number'), value: fc.nat({ max: 0xffff_ffff }).map(String) }),
);
type Part = typeof part extends fc.Arbitrary<infer Value> ? Value : never;

function add(lines: PlainLines, { kind, value }: Part): void {
  const [texts, ids] = [new TextColumn(), new IdColumn()];
  if (kind === 'text') lines.text(value);
  if (kind === 'fixed') lines.fixed(Buffer.from(value));
  if (kind === 'number') lines.number(Number(value));
  if (kind === 'column') texts.write(texts.push(value), lines);
  if (kind === 'id') ids.write(ids.push(value), lines);
}

function isPlain({ kind, value }: Part): boolean {
  return kind === 'fixed' ? Buffer.from(value).length <= 256 : value.length <= 256 && PLAIN.test(value);
}

describe('lines put together as bytes', () => {
  it('hold what was added, and nothing of a line in which anything is not plain', () => {
    let kept = 0;
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 8 }), (drawn) => {
        const lines = new PlainLines();
        let expected = '';
        for (const parts of drawn) {
          lines.begin();
          for (const one of parts) add(lines, one);
          const isWhole = parts.every(isPlain);
          expect(lines.end()).toBe(isWhole);
          const whole = parts.map(({ value }) => value).join('');
          if (!isWhole) lines.line(whole);
          expected += isWhole ? whole : Buffer.from(whole).toString();
          if (isWhole) kept += 1;
        }
        expect(Buffer.from(lines.take()).toString()).toBe(expected);
      }),
    );
    expect(kept).toBeGreaterThan(100);
  });

  it('are of plain texts that JSON and CSV write as they are', () => {
    for (let code = 0; code < 0x180; code += 1) {
      for (const value of [String.fromCharCode(code), `a${String.fromCharCode(code)}`]) {
        const lines = new PlainLines();
        lines.begin();
        lines.text(value);
        if (!lines.end()) continue;
        expect(Buffer.from(lines.take()).toString()).toBe(value);
        expect(JSON.stringify(value)).toBe(`"${value}"`);
        expect(parse(`${value},${value}`)).toEqual([[value, value]]);
        expect(value).not.toMatch(/^[=+\-@\s]/);
      }
    }
  });

  it('stay what they are while the next ones are put together, and find room for more', () => {
    const lines = new PlainLines();
    let before: { readonly bytes: Uint8Array; readonly text: string } | undefined;
    for (let round = 0; round < 6; round += 1) {
      let expected = '';
      for (let n = 0; n < 20_000 * (round % 3); n += 1) {
        lines.begin();
        lines.number(n);
        lines.fixed(Buffer.from(` of ${round};`));
        expect(lines.end()).toBe(true);
        expected += `${n} of ${round};`;
      }
      lines.line(`${'ä€😀'.repeat(round * 10_000)}\n`);
      expected += `${'ä€😀'.repeat(round * 10_000)}\n`;
      if (before !== undefined) expect(Buffer.from(before.bytes).toString() === before.text).toBe(true);
      before = { bytes: lines.take(), text: expected };
      expect(Buffer.from(before.bytes).toString() === expected).toBe(true);
    }
    expect(lines.take()).toHaveLength(0);
  });
});

describe('a line with more parts than any has', () => {
  it('is a mistake of the program', () => {
    const lines = new PlainLines();
    lines.begin();
    for (let part = 0; part < 300; part += 1) lines.fixed(Buffer.alloc(256));
    expect(() => lines.end()).toThrow(BugError);
  });
});

describe('texts that repeat', () => {
  it('are made once', () => {
    const made: string[] = [];
    const texts = new FixedTexts((one) => {
      made.push(one);
      return `<${one}>`;
    });
    for (const one of ['a', 'ä', 'a', 'ä'])
      expect(Buffer.from(texts.bytesOf(one)).toString()).toBe(`<${one}>`);
    expect(made).toEqual(['a', 'ä']);
  });
});
