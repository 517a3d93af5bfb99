// Columns against plain arrays: what was put in comes out, across the ends of blocks too.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdColumn } from '../../src/compact/id-column.js';
import { TextColumn } from '../../src/compact/text-column.js';

/** Bytes of a block of texts, and ids of a block. */
const BLOCK_BYTES = 262_144;
const BLOCK_IDS = 16_384;

describe('a column of texts', () => {
  it('gives back every text, and tells it from others', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constantFrom('', 'ü', '𝄞', 'x'.repeat(65), 'é'.repeat(70)),
      fc.nat(BLOCK_BYTES).map((length) => 'y'.repeat(length)),
      fc.constantFrom(BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1).map((length) => 'z'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (texts) => {
        const column = new TextColumn();
        for (const [position, text] of texts.entries()) expect(column.push(text)).toBe(position);
        expect(column.length).toBe(texts.length);
        for (const [position, text] of texts.entries()) {
          expect(column.at(position)).toBe(text);
          expect(column.is(position, text)).toBe(true);
          expect(column.is(position, `${text}.`)).toBe(false);
        }
        expect(column.at(texts.length)).toBe('');
        expect(column.is(texts.length, 'x')).toBe(false);
      }),
    );
  });

  it('goes on behind a block that is full to its last byte', () => {
    const column = new TextColumn();
    const long = 'a'.repeat(64);
    const count = BLOCK_BYTES / long.length + 3;
    for (let i = 0; i < count; i += 1) column.push(i % 2 === 0 ? long : long.toUpperCase());
    for (let i = 0; i < count; i += 1) expect(column.at(i)).toBe(i % 2 === 0 ? long : long.toUpperCase());
  });
});

describe('a column of ids', () => {
  it('gives back every id, those of another form and none at all, across blocks', () => {
    const idOf = (n: number): string =>
      n % 1_000 === 7
        ? `other-${n}`
        : n % 1_000 === 9
          ? ''
          : `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const column = new IdColumn();
    const count = BLOCK_IDS * 2 + 50;
    for (let n = 0; n < count; n += 1) column.push(idOf(n));
    for (let n = 0; n < count; n += 1) {
      expect(column.at(n)).toBe(idOf(n));
      expect(column.is(n, idOf(n))).toBe(true);
      expect(column.is(n, idOf(n + 1))).toBe(false);
    }
    expect(column.at(count)).toBe('');
  });
});
