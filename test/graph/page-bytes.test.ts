// A page of a list, read from its bytes: it says what JSON.parse says of the same text, or leaves it to that.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BugError } from '../../src/errors.js';
import { ListedPage } from '../../src/graph/listed-page.js';
import { PageBytes } from '../../src/graph/page-bytes.js';

const FIELDS = ['id', 'name', 'count', 'is', 'holder', 'holder.id'];

type Members = Readonly<Record<string, unknown>>;

const text = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9@._-]{0,12}$/),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom('a"b', 'a\\b', 'ä', '\u2028', '😀', '{', '],'),
);
const usual = fc.record({
  id: fc.uuid(),
  name: fc.stringMatching(/^[a-z]{0,8}$/),
  count: fc.nat(),
  is: fc.boolean(),
  holder: fc.option(fc.record({ id: fc.uuid(), displayName: text }), { nil: null }),
  other: fc.constantFrom(null, 'x', 0, -7, [], [1, 'b'], {}, { deep: [{ a: null }] }),
});
const odd = fc.dictionary(
  fc.constantFrom(...FIELDS, 'Id', 'other', 'kéy', 'a"b', '__proto__'),
  fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue()),
  { noNullPrototype: true },
);
const item: fc.Arbitrary<Members> = fc.oneof(
  { arbitrary: usual, weight: 6 },
  { arbitrary: odd, weight: 1 },
  { arbitrary: fc.tuple(usual, odd).map(([one, other]) => ({ ...one, ...other })), weight: 1 },
);
const page = fc.record(
  {
    '@odata.context': text,
    '@odata.nextLink': fc.oneof(fc.webUrl(), fc.constantFrom(null, 7, 'a"b', 'ä')),
    value: fc.array(item, { maxLength: 12 }),
    '@odata.count': fc.nat(),
  },
  { requiredKeys: ['value'], noNullPrototype: true },
);

/** What is made of a text that arrives in pieces; bytes of another answer may still lie there. */
function read(json: string, cuts: readonly number[] = [], bytes = new PageBytes(FIELDS)): unknown {
  const whole = Buffer.from(json, 'utf8');
  bytes.clear();
  let start = 0;
  for (const cut of [...cuts.map((part) => Math.floor(part * whole.length)), whole.length].toSorted(
    byNumber,
  )) {
    bytes.add(whole.subarray(start, cut));
    start = cut;
  }
  return bytes.read()?.value;
}

const byNumber = (one: number, other: number): number => one - other;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A page with everything that can be had of it; anything else as it is. */
function whole(value: unknown): unknown {
  if (!(value instanceof ListedPage)) return value;
  const items = Array.from({ length: value.length }, (_, n) => value.item(n));
  return value.link === undefined ? { value: items } : { '@odata.nextLink': value.link, value: items };
}

/** The same of what JSON.parse has made. */
function wanted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('value' in value)) return value;
  return '@odata.nextLink' in value
    ? { '@odata.nextLink': value['@odata.nextLink'], value: value.value }
    : { value: value.value };
}

/** What a field of an item is, by what JSON.parse says. */
function kindOf(own: unknown, field: string): readonly unknown[] {
  const [outer = '', inner] = field.split('.');
  const value = memberOf(own, outer);
  const found = inner === undefined ? value : memberOf(value, inner);
  if (found === undefined) return ['none'];
  if (found === null) return ['null'];
  if (typeof found === 'boolean') return [String(found)];
  if (typeof found === 'number') return ['number', String(found)];
  return typeof found === 'string' ? ['text', found] : ['other'];
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function shownKind(listed: ListedPage, n: number, field: number): readonly unknown[] {
  const kind = listed.kind(n, field);
  if (kind !== 'text' && kind !== 'number') return [kind];
  expect(listed.recurring(n, field)).toBe(listed.text(n, field));
  return [kind, listed.text(n, field)];
}

/** Pages that were read from their bytes, and that were left to JSON.parse. */
const seen = { listed: 0, left: 0 };

function expectSame(json: string, value: unknown): void {
  if (!(value instanceof ListedPage)) {
    seen.left += 1;
    expect(value).toEqual(parsed(json));
    return;
  }
  seen.listed += 1;
  expect(whole(value)).toEqual(wanted(parsed(json)));
  for (let n = 0; n < value.length; n += 1) {
    FIELDS.forEach((field, place) => {
      const shown = shownKind(value, n, place);
      if (shown[0] !== 'rare') expect(shown).toEqual(kindOf(value.item(n), field));
    });
  }
}

describe('a page of a list in its bytes', () => {
  it('says what JSON.parse says of it, in whatever pieces it arrives, whatever was in the memory before', () => {
    const bytes = new PageBytes(FIELDS);
    fc.assert(
      fc.property(
        page,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
        (drawn, cuts) => {
          const json = JSON.stringify(drawn);
          expectSame(json, read(json, cuts, bytes));
        },
      ),
      { numRuns: 1_000 },
    );
    expect(seen.listed).toBeGreaterThan(300);
    expect(seen.left).toBeGreaterThan(10);
  });

  it('says it of damaged text as well, which is mostly no JSON', () => {
    const bytes = new PageBytes(FIELDS);
    const damage = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      cut: fc.nat({ max: 3 }),
      put: fc.constantFrom(
        '',
        '"',
        ',',
        ':',
        '{',
        '}',
        '[',
        ']',
        '\\',
        '0',
        '-',
        ' ',
        'null',
        '\t',
        '.5',
        '\\u00',
        'e1',
        'é',
      ),
    });
    fc.assert(
      fc.property(page, damage, (drawn, { at, cut, put }) => {
        const json = JSON.stringify(drawn);
        const from = Math.floor(at * json.length);
        const damaged = `${json.slice(0, from)}${put}${json.slice(from + cut)}`;
        read(json, [], bytes);
        // A half of a pair of surrogates is not to be had in UTF-8.
        if (Buffer.from(damaged).toString() === damaged) expectSame(damaged, read(damaged, [], bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never takes what an answer before has left behind for its own end', () => {
    const bytes = new PageBytes(FIELDS);
    const json = JSON.stringify({
      value: [
        { id: 'a', name: 'b' },
        { id: 'c', name: 'd' },
      ],
    });
    for (let length = 0; length < json.length; length += 1) {
      read(json, [], bytes);
      expect(read(json.slice(0, length), [], bytes)).toBe(length === 0 ? null : undefined);
    }
  });

  it('is read from the bytes as services write it, and its texts beyond ASCII are marked', () => {
    const value = read(
      '{"@odata.nextLink":"https://a.test/\\u0026b","value":[{"id":"x","name":"ä"},{"name":"y"}]}',
    );
    if (!(value instanceof ListedPage)) throw new BugError('it was left to JSON.parse');
    expect(value.link).toBe('https://a.test/&b');
    expect([0, 1].map((n) => [value.kind(n, 0), value.kind(n, 1)])).toEqual([
      ['text', 'rare'],
      ['none', 'text'],
    ]);
    expect(value.item(0)).toEqual({ id: 'x', name: 'ä' });
  });

  it('is left to JSON.parse with much in one another, which would overflow the stack', () => {
    const value = read(`{"value":[{"other":${'['.repeat(30_000)}${']'.repeat(30_000)}}]}`);
    expect(value).toHaveProperty('value.0.other.0.0');
    expect(value).not.toBeInstanceOf(ListedPage);
  });

  it('is put together from many pieces, and knows nothing of the page before', () => {
    const bytes = new PageBytes(FIELDS);
    const items = (name: string): readonly object[] =>
      Array.from({ length: 700 }, (_, n) => ({ id: `id-${n}`, name, holder: { id: name } }));
    for (const name of ['ä', 'plain']) {
      const json = JSON.stringify({ value: items(name) });
      const value = read(json, [0.2, 0.4, 0.6, 0.8], bytes);
      expectSame(json, value);
      if (!(value instanceof ListedPage)) throw new BugError('it was left to JSON.parse');
      const kind = name === 'ä' ? 'rare' : 'text';
      expect([value.kind(699, 1), value.kind(699, 5), value.kind(699, 0)]).toEqual([kind, kind, 'text']);
    }
  });

  it.each([
    ['a control character in a text', '{"value":[{"id":"a\tb"}]}'],
    ['a number that begins with 0', '{"value":[{"count":01}]}'],
    ['no number behind a sign', '{"value":[{"count":-}]}'],
    ['an escape that there is not', '{"value":[{"id":"\\x"}]}'],
    ['half an escape', '{"value":[{"id":"\\u00g0"}]}'],
    ['a word that begins like one', '{"value":[{"id":nil}]}'],
    ['more behind it', '{"value":[{"id":"a"}]}}'],
    ['a comma too many', '{"value":[{"id":"a"},]}'],
    ['no colon', '{"value":[{"id" "a"}]}'],
  ])('is no JSON with %s', (_what, json) => {
    expect(read(json)).toBeUndefined();
    expect(parsed(json)).toBeUndefined();
  });

  it.each([
    ['a key twice', '{"value":[{"id":"a","id":"b"}]}'],
    ['a list twice', '{"value":[{"id":"a"}],"value":[{"id":"b"}]}'],
    ['an object twice', '{"value":[{"holder":{"id":"a"},"holder":null}]}'],
    ['a key with a backslash', '{"value":[{"\\u0069d":"b"}]}'],
    ['a key within twice', '{"value":[{"holder":{"id":"a","id":"b"}}]}'],
    ['a key within with a backslash', '{"value":[{"holder":{"id":"a","\\u0069d":"b"}}]}'],
    ['a link twice', '{"@odata.nextLink":"a","@odata.nextLink":"b","value":[]}'],
    ['a dotted key', '{"value":[{"holder.id":"a"}]}'],
    ['blanks', '{ "value": [ { "id": "a" } ] }'],
    ['a mark before it', '\ufeff{"value":[{"id":"a"}]}'],
    ['items that are no objects', '{"value":[1,"a",null]}'],
    ['a number with a point', '{"value":[{"count":1.5}]}'],
    [
      'other members each time',
      `{"value":[${Array.from({ length: 80 }, (_, n) => `{"m${n}":${n}}`).join()}]}`,
    ],
    ['nothing', ''],
    ['no list', '{"error":{}}'],
    ['a list that is none', '{"value":{}}'],
  ])('says what JSON.parse says of %s', (_what, json) => {
    const value = read(json);
    if (value instanceof ListedPage) expectSame(json, value);
    else expect(value).toEqual(json === '' ? null : JSON.parse(json.replace('\ufeff', '')));
  });
});
