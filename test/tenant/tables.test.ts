// Tokens, users and progress in columns: to everybody else they are the Maps that they stand in for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialKey, userKey } from '../../src/lookup-key.js';
import { ProgressTable } from '../../src/reconcile/progress-table.js';
import type { RowProgress } from '../../src/reconcile/reconcile.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { Device } from '../../src/tenant/observed.js';
import { UserTable } from '../../src/tenant/user-table.js';

const word = fc.string({ unit: 'grapheme', maxLength: 12 });
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

describe('the tokens of a tenant', () => {
  it('are by serial number, each id once, in the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(device, { maxLength: 80 }), (devices) => {
        const table = new DeviceTable();
        const map = new Map<string, Device[]>();
        const ids = new Set<string>();
        for (const one of devices) {
          table.add(one);
          if (ids.has(one.id)) continue;
          ids.add(one.id);
          const key = serialKey(one.serialNumber);
          map.set(key, [...(map.get(key) ?? []), one]);
        }
        const asked = ['S1', 'SS', '0017', '😀', 'absent'];
        expect(shown(table, asked)).toEqual(shown(map, asked));
      }),
    );
  });
});

describe('the users whom a job names', () => {
  it('are there from the start, and known as soon as they are found', () => {
    const user = fc.record({
      id: word,
      userPrincipalName: word,
      displayName: word,
      accountEnabled: fc.constantFrom(true, false, undefined),
      isGuest: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.tuple(word, user)), (names, found) => {
        const table = new UserTable(names);
        const map = new Map<string, object | undefined>(names.map((name) => [userKey(name), undefined]));
        for (const [name, one] of found) {
          const key = userKey(name);
          table.found(key, one);
          if (map.has(key) && map.get(key) === undefined) map.set(key, one);
        }
        const asked = [...names.map(userKey), ...found.map(([name]) => userKey(name))];
        expect(shown(table, asked)).toEqual(shown(map, asked));
        expect([...table.missing()].map(([key]) => key)).toEqual(
          [...map].flatMap(([key, one]) => (one === undefined ? [key] : [])),
        );
        expect(table.isComplete).toBe([...map.values()].every((one) => one !== undefined));
      }),
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
