// Tokens, users and progress in columns: to everybody else they are the Maps that they stand in for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import { TextIndex } from '../../src/compact/text-index.js';
import { isUuid } from '../../src/compact/uuid.js';
import { serialKey, userKey } from '../../src/lookup-key.js';
import { ProgressTable } from '../../src/reconcile/progress-table.js';
import type { RowProgress } from '../../src/reconcile/reconcile.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { Device, User } from '../../src/tenant/observed.js';
import { UserTable } from '../../src/tenant/user-table.js';

const word = fc.string({ unit: 'grapheme', maxLength: 12 });
const UUIDS = ['10000000-0000-4000-8000-00000000000a', '10000000-0000-4000-8000-00000000000B'] as const;
const few = fc.constantFrom('', 'Contoso', 'Größe', 'model 7');

const device: fc.Arbitrary<Device> = fc.record({
  // So few that some meet.
  id: fc.nat({ max: 60 }).map((n) => `id-${n}`),
  serialNumber: fc.constantFrom('S1', 's1 ', 'S2', '0017', 'ß', '😀').map((text) => text),
  manufacturer: few,
  model: few,
  timeIntervalInSeconds: fc.constantFrom(30, 60, 0, undefined),
  hashFunction: few,
  status: fc.constantFrom('available', 'assigned', 'something newer'),
  assignedToId: fc.option(fc.uuid(), { nil: undefined }),
  lastUsedDateTime: fc.constantFrom(undefined, '2026-01-05T08:00:00Z'),
});

/** Everything that a Map shows of itself. */
function shown<Key, Value>(map: ReadonlyMap<Key, Value>, keys: Iterable<Key>): unknown {
  const each: unknown[] = [];
  map.forEach((value, key) => {
    each.push([key, value]);
  });
  return {
    ...{ size: map.size, each, entries: [...map], keys: [...map.keys()], values: [...map.values()] },
    asked: [...keys].map((key) => [map.has(key), map.get(key)]),
  };
}

/** A list as a Map: each id once, by serial number, in the order in which the tokens were first met. */
function listOf(devices: readonly Device[], met: readonly string[]): ReadonlyMap<string, readonly Device[]> {
  const once = new Map<string, Device>();
  for (const one of devices) if (!once.has(one.id)) once.set(one.id, one);
  const inOrder = [...new Set([...met, ...once.keys()])].flatMap((id) => once.get(id) ?? []);
  const map = new Map<string, Device[]>();
  for (const one of inOrder) {
    const key = serialKey(one.serialNumber);
    map.set(key, [...(map.get(key) ?? []), one]);
  }
  return map;
}

function tableOf(devices: readonly Device[], before?: DeviceTable): DeviceTable {
  const table = new DeviceTable(undefined, before);
  for (const one of devices) table.add(one);
  table.endList();
  return table;
}

const ASKED = ['S1', 'SS', '0017', '😀', 'absent'];
const list = fc.array(device, { maxLength: 80 });

describe('the tokens of a tenant', () => {
  it('are by serial number, each id once, in the order in which they came', () => {
    fc.assert(
      fc.property(list, (devices) => {
        expect(shown(tableOf(devices), ASKED)).toEqual(shown(listOf(devices, []), ASKED));
      }),
    );
  });

  it('are in a second list what that one says, whatever the first one said, which stays as it was', () => {
    fc.assert(
      fc.property(list, list, (first, second) => {
        const before = tableOf(first);
        const after = tableOf(second, before);
        const met = after.ids === before.ids ? first.map(({ id }) => id) : metFirst(first, second);
        expect(shown(after, ASKED)).toEqual(shown(listOf(second, met), ASKED));
        expect(shown(before, ASKED)).toEqual(shown(listOf(first, []), ASKED));
      }),
    );
  });

  it('are kept once by two lists in which nothing but who holds them has changed', () => {
    const token = (n: number, more: Partial<Device>): Device => ({
      ...{ id: `id-${n}`, serialNumber: `S${n}`, manufacturer: 'Contoso', model: 'C100' },
      ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', lastUsedDateTime: undefined },
      ...{ status: 'available', assignedToId: undefined, ...more },
    });
    const before = tableOf([token(1, {}), token(2, {})]);
    const after = tableOf([token(2, { status: 'assigned', assignedToId: 'u-ada' }), token(3, {})], before);
    expect([after.ids, after.people]).toEqual([before.ids, before.people]);
    expect(after.ids).toBe(before.ids);
    expect([...after.positions()].map((at) => after.deviceAt(at).id)).toEqual(['id-2', 'id-3']);
    expect([...before.positions()].map((at) => before.deviceAt(at).assignedToId)).toEqual([
      undefined,
      undefined,
    ]);
    const holdersOf = (table: DeviceTable): readonly string[] =>
      [0, 1, 2].map((position) => table.people.at(table.holderAt(position)));
    expect([holdersOf(after), holdersOf(before)]).toEqual([
      ['', 'u-ada', ''],
      ['', '', ''],
    ]);
    expect([0, 1, 2].map((position) => [before.isAlone(position), after.isAlone(position)])).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
    const changed = tableOf([token(2, { model: 'C200' })], before);
    expect(changed.ids).not.toBe(before.ids);
    expect([changed.get('S2')?.[0]?.model, before.get('S2')?.[0]?.model]).toEqual(['C200', 'C100']);
  });
});

/** The order of a table that has stopped to share: up to there by the first list, then as they came. */
function metFirst(first: readonly Device[], second: readonly Device[]): readonly string[] {
  const known = new Map([...listOf(first, []).values()].flat().map((one) => [one.id, one]));
  const described = ({ status, assignedToId, lastUsedDateTime, ...rest }: Device): string =>
    JSON.stringify(rest);
  const stop = second.findIndex((one) => {
    const was = known.get(one.id);
    return was !== undefined && described(was) !== described(one);
  });
  const shared = new Set(second.slice(0, stop).map(({ id }) => id));
  return first.map(({ id }) => id).filter((id) => shared.has(id));
}

function found(id: string, userPrincipalName: string): User {
  return { id, userPrincipalName, accountEnabled: false, isGuest: false };
}

describe('the users whom a job names', () => {
  it('are there from the start, and known as soon as they are found', () => {
    const name = fc.oneof(word, fc.uuid(), fc.constantFrom(...UUIDS));
    const user: fc.Arbitrary<User> = fc.record({
      ...{ id: name, userPrincipalName: word },
      accountEnabled: fc.constantFrom(true, false, undefined),
      isGuest: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(name), fc.array(fc.tuple(name, user)), fc.boolean(), (names, found, isShared) => {
        const people = new IdIndex();
        const known = new TextIndex();
        if (isShared) for (const id of UUIDS) people.add(id.toLowerCase());
        if (isShared) for (const one of names.toReversed()) known.add(userKey(one));
        const table = new UserTable(names, { people, names: known });
        // First those who are asked for by id, both in the order of what is known.
        const keys = (isShared ? names.toReversed() : names).map(userKey);
        const ids = [...(isShared ? UUIDS.map(userKey) : []), ...names.map(userKey)].filter(
          (key) => isUuid(key) && keys.includes(key),
        );
        const order = [...ids, ...keys.filter((key) => !isUuid(key))];
        const map = new Map<string, User | undefined>(order.map((key) => [key, undefined]));
        for (const [one, what] of found) {
          const key = userKey(one);
          table.found(key, what);
          if (map.has(key) && map.get(key) === undefined) map.set(key, what);
        }
        table.endLookUp();
        const asked = [...keys, ...found.map(([one]) => userKey(one))];
        expect(shown(table, asked)).toEqual(shown(map, asked));
        const places = Array.from({ length: table.people.length }, (_, at) => at);
        const idsIn = (marked: ReturnType<UserTable['peopleFound']>): ReadonlySet<string> =>
          new Set(places.filter((at) => marked.at(at) === 1).map((at) => table.people.at(at)));
        const whole = [...map.values()].filter((one) => one !== undefined);
        const off = whole.filter((one) => one.accountEnabled === false);
        expect(idsIn(table.peopleFound())).toEqual(new Set(whole.map(({ id }) => id)));
        expect(idsIn(table.peopleDisabled())).toEqual(new Set(off.map(({ id }) => id)));
        expect([...table.missing()]).toEqual(
          [...map].flatMap(([key, one]) => (one === undefined ? [key] : [])),
        );
        expect(table.isComplete).toBe([...map.values()].every((one) => one !== undefined));
      }),
      {
        // An id that is the name in the files, and a name that stands among the keys of one who was asked for by id.
        examples: [
          [['gus'], [['gus', found('gus', 'gus@x.test')]], false],
          [[UUIDS[0], 'ada'], [[UUIDS[0], found(UUIDS[0], 'ada')]], false],
        ],
      },
    );
  });
});

describe('how far the rows have come', () => {
  it('is by row, and nothing for rows that had nothing to do', () => {
    const progress: fc.Arbitrary<RowProgress> = fc.record({
      state: fc.constantFrom('pending', 'sent', 'done', 'refused', 'given-up'),
      attempts: fc.nat({ max: 9 }),
      ...{ deviceId: word, clientRequestId: word, requestId: word, reason: few, detail: word },
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), progress)), (steps) => {
        const table = new ProgressTable();
        const map = new Map<number, RowProgress>();
        let n = -1;
        for (const [step, one] of steps) {
          n += step;
          table.add(n, one);
          map.set(n, one);
        }
        const asked = Array.from({ length: n + 3 }, (_, i) => i);
        expect(shown(table, asked)).toEqual(shown(map, asked));
      }),
    );
  });
});
