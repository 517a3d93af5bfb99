// Columns and indexes outside the heap of objects: what goes in comes out, whatever it is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberColumn, RepeatingTextColumn } from '../src/compact/number-column.js';
import { TextColumn } from '../src/compact/text-column.js';
import { TextIndex } from '../src/compact/text-index.js';

/** Any text that UTF-8 can hold: no half of a pair of surrogates. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const texts = fc.array(text, { maxLength: 700 });

describe('a column of texts', () => {
  it('gives back every text, and knows it from every other', () => {
    fc.assert(
      fc.property(texts, text, (all, other) => {
        const column = new TextColumn();
        expect(all.map((one) => column.push(one))).toEqual(all.map((_, i) => i));
        expect(all.map((_, i) => column.at(i))).toEqual(all);
        expect(all.every((one, i) => column.is(i, one))).toBe(true);
        expect(all.map((_, i) => column.is(i, other))).toEqual(all.map((one) => one === other));
        expect([column.length, column.at(all.length)]).toEqual([all.length, '']);
      }),
      { numRuns: 60 },
    );
  });

  it('holds a text that is longer than all before it', () => {
    const column = new TextColumn();
    const long = 'ä€😀'.repeat(10_000);
    for (const one of ['a', long, '', 'b']) column.push(one);
    expect([0, 1, 2, 3].map((i) => column.at(i))).toEqual(['a', long, '', 'b']);
  });
});

describe('an index of texts', () => {
  it('is what a Map from each text to its first position is', () => {
    fc.assert(
      fc.property(texts, text, (all, other) => {
        const index = new TextIndex();
        const map = new Map<string, number>();
        for (const one of all) {
          if (!map.has(one)) map.set(one, map.size);
          expect(index.add(one)).toBe(map.get(one));
        }
        expect(index.length).toBe(map.size);
        for (const [one, position] of map)
          expect([index.find(one), index.at(position)]).toEqual([position, one]);
        expect(index.find(other)).toBe(map.get(other) ?? -1);
      }),
      { numRuns: 60 },
    );
  });

  it('finds each of many serial numbers in a row', () => {
    const index = new TextIndex();
    for (let i = 0; i < 50_000; i += 1) index.add(`2408${String(i).padStart(8, '0')}`);
    for (let i = 0; i < 50_000; i += 997) expect(index.find(`2408${String(i).padStart(8, '0')}`)).toBe(i);
    expect(index.find('240800050000')).toBe(-1);
  });
});

describe('columns of numbers and of texts that repeat', () => {
  it('give back what was put in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4_294_967_295 }), { maxLength: 600 }), (all) => {
        const column = new NumberColumn();
        for (const one of all) column.push(one);
        expect(all.map((_, i) => column.at(i))).toEqual(all);
        expect(column.at(all.length)).toBe(0);
        column.set(all.length, 7);
        expect(column.at(all.length)).toBe(0);
      }),
    );
    const repeating = new RepeatingTextColumn();
    const words = Array.from({ length: 1_000 }, (_, i) => `model ${i % 7}`);
    for (const word of words) repeating.push(word);
    expect(words.map((_, i) => repeating.at(i))).toEqual(words);
  });
});
