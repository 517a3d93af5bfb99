// Columns against plain arrays: what was put in comes out, across the ends of blocks too.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alphabet, BASE32 } from '../../src/compact/alphabet.js';
import { IdColumn } from '../../src/compact/id-column.js';
import { IdIndex, idColumn } from '../../src/compact/id-index.js';
import { InstantColumn } from '../../src/compact/instant-column.js';
import { MakeColumn } from '../../src/compact/make-column.js';
import { NumberColumn, RepeatingTextColumn } from '../../src/compact/number-column.js';
import { hashOfText, PositionIndex } from '../../src/compact/position-index.js';
import { RisingColumn } from '../../src/compact/rising-column.js';
import { TextColumn } from '../../src/compact/text-column.js';
import { isUuid } from '../../src/compact/uuid.js';

/** Bytes of a block of texts, and ids of a block. */
const BLOCK_BYTES = 262_144;
const BLOCK_IDS = 16_384;

describe('a column of makes', () => {
  const make = fc.record({
    timeIntervalInSeconds: fc.constantFrom(30, 60, undefined),
    hashFunction: fc.constantFrom('', 'hmacsha1', 'hmacsha256'),
    manufacturer: fc.constantFrom('', 'Contoso', 'a b'),
    model: fc.constantFrom('', 'C100', 'b C100'),
  });

  it('gives back every make, and each different one as the same object, however many there are', () => {
    fc.assert(
      fc.property(fc.array(make, { maxLength: 80, size: 'max' }), (makes) => {
        const column = new MakeColumn();
        for (const one of makes) column.push(one);
        expect(makes.map((_, position) => column.at(position))).toEqual(makes);
        const different = new Set(makes.map((one) => JSON.stringify(Object.values(one))));
        expect(new Set(makes.map((_, position) => column.at(position))).size).toBe(different.size);
      }),
    );
  });

  it('may have places without one', () => {
    const column = new MakeColumn();
    column.skip();
    expect(column.at(0)).toBeUndefined();
    const one = {
      timeIntervalInSeconds: 30,
      hashFunction: 'hmacsha1',
      manufacturer: 'Contoso',
      model: 'C100',
    };
    column.push(one);
    expect(column.at(1)).toEqual(one);
  });
});

describe('a column of texts', () => {
  it('gives back every text, and tells it from others', () => {
    const alphabet = fc.constantFrom(undefined, new Alphabet('0123456789'), BASE32);
    const piece = fc.oneof(
      fc.stringMatching(/^[0-9]{0,135}$/),
      fc.stringMatching(/^[A-Z2-7]{0,135}$/),
      fc.string({ maxLength: 80 }),
      fc.constantFrom('', 'ü', '𝄞', 'x'.repeat(65), 'é'.repeat(70)),
      fc.nat(BLOCK_BYTES).map((length) => 'y'.repeat(length)),
      fc.constantFrom(BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1).map((length) => 'z'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 50 }), alphabet, (texts, packed) => {
        const column = new TextColumn(packed);
        for (const [position, text] of texts.entries()) expect(column.push(text)).toBe(position);
        expect(column.length).toBe(texts.length);
        for (const [position, text] of texts.entries()) {
          expect(column.at(position)).toBe(text);
          expect(column.is(position, text)).toBe(true);
          for (const other of [`${text}.`, `${text}0`, text.replace(/.$/u, '7').replace(/^7$/u, '')]) {
            expect(column.is(position, other)).toBe(other === text);
          }
        }
        expect(texts.map((_, i) => column.hashAt(i))).toEqual(texts.map(hashOfText));
        const inBytes = new TextColumn(packed);
        for (const text of texts) {
          const bytes = Buffer.from(`<${text}>`, 'latin1');
          if (IS_ASCII.test(text)) inBytes.pushAscii(bytes, 1, 1 + text.length);
          else inBytes.push(text);
        }
        for (const [position, text] of texts.entries()) {
          expect(inBytes.at(position)).toBe(text);
          for (const other of [text, `${text}.`, text.replace(/.$/u, '7')]) {
            const bytes = Buffer.from(`<${other}>`, 'latin1');
            if (IS_ASCII.test(other)) {
              expect(inBytes.isAscii(position, bytes, 1, 1 + other.length)).toBe(other === text);
            }
          }
        }
        expect(column.at(texts.length)).toBe('');
        expect(column.is(texts.length, 'x')).toBe(false);
      }),
    );
  });

  it('has none of them any more when they are overwritten, packed, written out or long', () => {
    for (const alphabet of [undefined, BASE32]) {
      const column = new TextColumn(alphabet);
      const texts = [
        'GEZDGNBV',
        'größe',
        'A'.repeat(3),
        'LONG'.repeat(99),
        ...Array<string>(9_000).fill('GEZDGNBVGY3TQOJQ'),
      ];
      for (const text of texts) column.push(text);
      // Looked at before, and one after the other.
      expect(texts.map((_, position) => column.at(position))).toEqual(texts);
      column.erase();
      for (const [position, text] of texts.entries()) {
        // In base32 nothing but nought is written with the first letter alone.
        expect(column.at(position) === text && !/^A*$/.test(text)).toBe(false);
      }
    }
  });

  it('has none of a group any more that was looked at before they are overwritten', () => {
    const column = new TextColumn();
    const texts = ['first', 'second', 'third'];
    for (const text of texts) column.push(text);
    expect([column.at(0), column.at(1)]).toEqual(['first', 'second']);
    column.erase();
    expect(texts.filter((text, position) => column.at(position) === text)).toEqual([]);
  });

  it('grows while it is looked at', () => {
    const column = new TextColumn();
    for (let n = 0; n < 100; n += 1) {
      column.push(`text ${n}`);
      const seen = Array.from({ length: n + 1 }, (_, position) => column.at(position));
      expect(seen).toEqual(seen.map((_, position) => `text ${position}`));
    }
  });

  it('goes on behind a block that is full to its last byte', () => {
    const column = new TextColumn();
    const long = 'a'.repeat(64);
    const count = BLOCK_BYTES / long.length + 3;
    const inBytes = new TextColumn();
    for (let i = 0; i < count; i += 1) column.push(i % 2 === 0 ? long : long.toUpperCase());
    for (let i = 0; i < count; i += 1) inBytes.pushAscii(Buffer.from(column.at(i)), 0, long.length);
    for (let i = 0; i < count; i += 1) expect(inBytes.at(i)).toBe(column.at(i));
    for (let i = 0; i < count; i += 1) expect(column.at(i)).toBe(i % 2 === 0 ? long : long.toUpperCase());
  });
});

describe('a column that was sent to another thread', () => {
  const sent = <Message>(message: Message): Message => structuredClone(message);

  it('holds what it held, and goes on', () => {
    const number = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 70_000 }), fc.nat({ max: 0xffff_ffff }));
    const numbers = fc.array(number, { maxLength: 300 });
    const make = fc.record({
      timeIntervalInSeconds: fc.constantFrom(30, 60),
      hashFunction: fc.constantFrom('hmacsha1', 'hmacsha256'),
      manufacturer: fc.constantFrom('Contoso', 'ä'),
      model: fc.nat({ max: 12 }).map(String),
    });
    fc.assert(
      fc.property(numbers, numbers, fc.array(make), fc.array(make), (before, after, makes, more) => {
        const values = [...before, ...after];
        const texts = values.map((value) => `${value % 9 === 0 ? 'ü'.repeat(value % 200) : value}`);
        let column = new NumberColumn();
        let rising = new RisingColumn();
        let text = new TextColumn();
        let repeating = new RepeatingTextColumn();
        for (const [n, value] of values.entries()) {
          if (n === before.length) {
            column = NumberColumn.fromMessage(sent(column.toMessage()));
            rising = RisingColumn.fromMessage(sent(rising.toMessage()));
            text = TextColumn.fromMessage(sent(text.toMessage()));
            repeating = RepeatingTextColumn.fromMessage(sent(repeating.toMessage()));
          }
          column.push(value);
          rising.push(value);
          text.push(texts[n] ?? '');
          repeating.push(texts[n] ?? '');
        }
        expect(values.map((_, n) => [column.at(n), rising.at(n), text.at(n), repeating.at(n)])).toEqual(
          values.map((value, n) => [value, value, texts[n], texts[n]]),
        );
        let made = new MakeColumn();
        for (const own of makes) made.push(own);
        made = MakeColumn.fromMessage(sent(made.toMessage()));
        for (const own of more) made.push(own);
        expect([...makes, ...more].map((_, n) => made.at(n))).toEqual([...makes, ...more]);
      }),
    );
  });
});

const IS_ASCII = /^[\0-\x7f]*$/;

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

const idOf = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('an index of ids', () => {
  const id = fc.oneof(
    fc.nat(40).map(idOf),
    fc.constantFrom('other', 'OTHER', '00000000-0000-0000-0000-000000000000'),
  );

  it('is a Map from each id to its first position, let go of or not', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 90 }), (steps) => {
        const index = new IdIndex();
        const map = new Map<string, number>();
        for (const [one, isLetGo] of steps) {
          expect(index.find(one)).toBe(map.get(one) ?? -1);
          if (!map.has(one)) map.set(one, map.size);
          expect(index.add(one)).toBe(map.get(one));
          if (isLetGo) index.settle();
        }
        const inBytes = new IdIndex();
        for (const [one, isLetGo] of steps) {
          expect(isUuid(one) ? inBytes.addUuidAt(Buffer.from(`<${one}>`), 1) : inBytes.add(one)).toBe(
            map.get(one),
          );
          if (isLetGo) inBytes.settle();
        }
        expect(Array.from({ length: index.length }, (_, i) => index.at(i))).toEqual([...map.keys()]);
      }),
    );
  });

  it('finds each of very many after it was let go of, and goes on', () => {
    const index = new IdIndex();
    const count = 20_000;
    for (let n = 0; n < count; n += 1) index.add(idOf(n));
    index.settle();
    for (let n = 0; n < count * 2; n += 1) expect(index.add(idOf(n))).toBe(n);
    expect([index.find(idOf(count * 2)), index.length]).toEqual([-1, count * 2]);
  });

  it('is what a column refers to; what is not in it, the column keeps', () => {
    const index = new IdIndex();
    for (const one of [idOf(1), idOf(2)]) index.add(one);
    const ids = [idOf(2), '', idOf(3), idOf(1)];
    for (const column of [idColumn(index), idColumn()]) {
      for (const one of ids) column.push(one);
      expect([column.length, ...ids.map((_, i) => column.at(i)), column.at(9)]).toEqual([4, ...ids, '']);
    }
    expect(index.length).toBe(2);
  });
});

it.each<readonly [string, boolean]>([
  [idOf(7), true],
  ['ABCDEF00-0000-4000-8000-000000000000', false],
  ['00000000-0000-0000-0000-000000000000', false],
  ['1000000000004000800000000000000000000', false],
  ['person.1@contoso.example', false],
])('takes %s for an id or not', (text, is) => {
  expect(isUuid(text)).toBe(is);
});

describe('an index of positions', () => {
  it('finds those that were added, with gaps between them, after it has settled too', () => {
    const words = Array.from({ length: 6_000 }, (_, n) => `word ${n}`);
    const index = new PositionIndex((position) => hashOfText(words[position] ?? ''));
    const find = (word: string): number => index.find(hashOfText(word), (at) => words[at] === word);
    for (let n = 0; n < words.length; n += 3) {
      index.add(hashOfText(words[n] ?? ''), n);
      if (n === 300) index.settle();
    }
    expect(words.map(find)).toEqual(words.map((_, n) => (n % 3 === 0 ? n : -1)));
    expect(index.length).toBe(2_000);
  });

  it('uses again what another one has given up, and finds nothing of that one', () => {
    const many = 200_000;
    const hashAt = (position: number): number => hashOfText(String(position));
    const first = new PositionIndex(hashAt, many);
    for (let n = 0; n < many; n += 1) first.add(hashAt(n), n);
    first.release();
    const second = new PositionIndex(hashAt, many);
    second.add(hashAt(7), 7);
    const found = (index: PositionIndex, n: number): number => index.find(hashAt(n), (at) => at === n);
    expect([found(second, 7), found(second, 8), found(first, 8), first.length]).toEqual([7, -1, -1, 0]);
  });

  it('takes many more than were expected, and asks once for the hashes of those', () => {
    const expected = 700;
    let asked = 0;
    const hashAt = (position: number): number => hashOfText(String(position));
    const index = new PositionIndex((position) => {
      asked += 1;
      return hashAt(position);
    }, expected);
    const many = 40_000;
    for (let n = 0; n < many; n += 1) index.add(hashAt(n), n);
    const find = (n: number): number => index.find(hashAt(n), (at) => at === n);
    for (let n = 0; n < many; n += 1) expect(find(n)).toBe(n);
    expect([find(many), index.length]).toEqual([-1, many]);
    // Room is made in powers of two.
    expect(asked).toBeLessThan(expected * 2);
    expect(asked).toBeGreaterThan(0);
  });

  it('keeps apart values of one hash', () => {
    const index = new PositionIndex(() => 7);
    for (let n = 0; n < 900; n += 1) index.add(7, n);
    expect([0, 1, 500, 899, 900].map((n) => index.find(7, (at) => at === n))).toEqual([0, 1, 500, 899, -1]);
  });
});

describe('columns of numbers that rise, and of points in time', () => {
  it('give back the lines of a file, wherever somebody looks', () => {
    const steps = fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: -3, max: 4 })),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(fc.nat(9), steps, fc.array(fc.nat(70)), (first, rises, looks) => {
        const column = new RisingColumn();
        let line = first + 10 * rises.length;
        const lines = rises.map((rise) => {
          line += rise;
          return line;
        });
        for (const one of lines) column.push(one);
        expect(lines.map((_, i) => column.at(i))).toEqual(lines);
        expect(looks.map((i) => column.at(i))).toEqual(looks.map((i) => lines[i] ?? 0));
        expect([column.length, column.at(-1)]).toEqual([lines.length, 0]);
      }),
    );
  });

  it('give back a time in whatever form it came', () => {
    const texts = [
      ...['2026-01-05T08:00:00Z', '2026-01-05T08:00:00.123Z', '2026-01-05T09:00:00+01:00', '', 'never'],
      ...['1970-01-01T00:00:00Z', '2106-02-07T06:28:13Z', '2106-02-07T06:28:14Z', '2106-02-07T06:28:15Z'],
      ...['1969-12-31T23:59:59Z', '2026-02-30T00:00:00Z', '+012026-01-05T08:00:00Z', '2026-01-05'],
    ];
    const column = new InstantColumn();
    for (const [i, text] of texts.entries()) column.put(i * 2, text);
    expect(texts.map((_, i) => column.at(i * 2))).toEqual(texts);
    expect([column.at(1), column.at(texts.length * 2)]).toEqual(['', '']);
  });

  it('take a number anywhere', () => {
    const column = new NumberColumn();
    column.put(3, 70_000);
    column.put(1, 300);
    expect([column.length, ...[0, 1, 2, 3, 4, -1].map((i) => column.at(i))]).toEqual([
      4, 0, 300, 0, 70_000, 0, 0,
    ]);
  });
});
