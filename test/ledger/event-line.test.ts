// A line of a run's chain as it stands in the file.

import { describe, expect, it } from 'vitest';
import { decodeEffect, decodeEventLine, eventLine } from '../../src/ledger/event-line.js';
import { ACTION_STATES } from '../../src/ledger/ledger.js';

const HASH = 'ab'.repeat(32);
const FIELDS: readonly (string | number)[] = [
  7,
  1,
  'settled',
  '2026-01-05T08:00:02.000Z',
  'ours',
  'theirs',
  201,
  'done',
  '',
];

describe('a line of the chain', () => {
  it.each(['', 'a\ttab', 'two\nlines', 'Größe "x" \u2028', '\\t'])('holds any detail: %j', (detail) => {
    const fields = [...FIELDS.slice(0, -1), detail];
    const effect = { state: 'refused', counts: false, deviceId: 'd\t1', reason: 'held\nby' } as const;
    const line = eventLine(HASH, JSON.stringify(fields), effect);
    expect(line).not.toContain('\n');
    expect(decodeEventLine(line, 3)).toEqual({
      ...{ seq: 3, n: 7, step: 1, event: 'settled', at: '2026-01-05T08:00:02.000Z', clientRequestId: 'ours' },
      ...{ requestId: 'theirs', status: 201, outcome: 'done', detail, hash: HASH },
    });
    expect(decodeEffect(line)).toEqual(effect);
  });

  it.each(ACTION_STATES)('says what state its action has: %s', (state) => {
    const effect = { state, counts: true, deviceId: '', reason: '' };
    expect(decodeEffect(eventLine(HASH, JSON.stringify(FIELDS), effect))).toEqual(effect);
  });

  it('says nothing of an action when it is none of a request that was settled', () => {
    expect(decodeEffect(eventLine(HASH, JSON.stringify(FIELDS)))).toBeUndefined();
  });

  it('is none without a hash', () => {
    expect(() => eventLine('', '[]')).toThrow('without a hash');
  });

  it.each([
    ['no JSON', '['],
    ['no list', '{"n":0}'],
    ['too few fields', JSON.stringify(FIELDS.slice(0, -1))],
    ['too many', JSON.stringify([...FIELDS, ''])],
    ...FIELDS.map((field, i) => [
      `another kind of field ${i}`,
      JSON.stringify(FIELDS.with(i, typeof field === 'number' ? 'x' : 0)),
    ]),
  ])('with %s is damaged, and its number is told', (_what, fields) => {
    expect(() => decodeEventLine(`${HASH}${fields}`, 12)).toThrow('line 12 of the chain is damaged');
  });

  it.each(['', '[', '{}', '["done",1,""]', '["lost",1,"",""]', '["done","1","",""]', '["done",1,"","",0]'])(
    'with %j behind the tab is damaged',
    (effect) => {
      const line = `${HASH}${JSON.stringify(FIELDS)}\t${effect}`;
      expect(() => decodeEffect(line)).toThrow('of its action is damaged');
      expect(decodeEventLine(line, 1).n).toBe(7);
    },
  );
});
