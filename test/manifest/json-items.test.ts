import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileRefusal } from '../../src/manifest/file-refusal.js';
import { type JsonItem, JsonItemReader } from '../../src/manifest/json-items.js';

/** Reads a text that is cut at these places. */
function items(text: string, cuts: readonly number[]): readonly JsonItem[] {
  const reader = new JsonItemReader();
  const found: JsonItem[] = [];
  let from = 0;
  for (const cut of cuts.map((at) => at % (text.length + 1)).sort((one, other) => one - other)) {
    found.push(...reader.push(text.slice(from, cut)));
    from = cut;
  }
  return [...found, ...reader.push(text.slice(from)), ...reader.end()];
}

describe('JsonItemReader', () => {
  it('hands over the elements of every list as JSON.parse has them, wherever the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 })),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.constantFrom(undefined, 1),
        (list, cuts, space) => {
          const text = JSON.stringify({ a: { b: list } }, undefined, space);
          const expected = list
            // A list within a list is walked through: its own elements are handed over.
            .flatMap((value) => (Array.isArray(value) ? value.flat(10) : [value]))
            .map((value: unknown) => JSON.stringify(value));
          const read = items(text, cuts).filter(({ listed }) => listed);
          expect(read.map(({ value }) => JSON.stringify(value))).toEqual(expected);
        },
      ),
    );
  });

  it('refuses what JSON.parse refuses, and repeats nothing of it', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"SECRETKEYSECRET"',
      '1',
      'null',
      ' ',
      '\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const text = tokens.join('');
        const parsed = (() => {
          try {
            return { value: JSON.parse(text) as unknown };
          } catch {
            return undefined;
          }
        })();
        if (parsed !== undefined && typeof parsed.value === 'object' && parsed.value !== null) {
          expect(() => items(text, [])).not.toThrow();
          return;
        }
        try {
          items(text, []);
        } catch (error) {
          expect(error).toBeInstanceOf(FileRefusal);
          expect(String(error)).not.toContain('SECRETKEYSECRET');
          return;
        }
        throw new Error(`taken: ${text}`);
      }),
      { numRuns: 3_000 },
    );
  });

  it('names the line on which an element starts', () => {
    expect(items('[\n {"a":\n1},\n\n {"b":2} ]\n', []).map(({ line }) => line)).toEqual([2, 5]);
  });

  it('refuses an element without end', () => {
    const reader = new JsonItemReader();
    expect(() => {
      for (let round = 0; round < 100; round += 1) reader.push(`[{"a":"${'x'.repeat(1_000)}`);
    }).toThrow('longer than 65536 characters');
  });
});
