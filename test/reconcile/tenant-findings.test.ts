// Findings about the tenant: each kind is found where it is, and nowhere else.

import { describe, expect, it } from 'vitest';
import { serialKey, userKey } from '../../src/lookup-key.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import type { FindingInput } from '../../src/reconcile/finding-input.js';
import { countFindings } from '../../src/reconcile/findings.js';
import { holdersToLookUp } from '../../src/reconcile/holder-findings.js';
import { tenantFindings } from '../../src/reconcile/tenant-findings.js';
import { FINDING_KINDS, type FindingKind } from '../../src/reconcile/verdict.js';
import type { Device, User } from '../../src/tenant/observed.js';

const ANN = 'ann@contoso.example';

function row(serialNumber: string, user?: string, changes: Partial<DesiredRow> = {}): DesiredRow {
  const address = { file: 'tokens.csv', line: 2 };
  return { n: 0, address, serialNumber, ...(user === undefined ? {} : { user }), ...changes };
}

function device(serialNumber: string, changes: Partial<Device> = {}): Device {
  return {
    id: `id-${serialNumber}`,
    serialNumber,
    manufacturer: '',
    model: '',
    timeIntervalInSeconds: 30,
    hashFunction: 'hmacsha1',
    status: changes.assignedToId === undefined ? 'available' : 'assigned',
    assignedToId: undefined,
    lastUsedDateTime: undefined,
    ...changes,
  };
}

function user(changes: Partial<User> = {}): User {
  return {
    id: 'ann',
    userPrincipalName: ANN,
    accountEnabled: true,
    isGuest: false,
    ...changes,
  };
}

function input(
  rows: readonly DesiredRow[],
  devices: readonly Device[],
  changes: Partial<FindingInput> = {},
): FindingInput {
  const bySerial = new Map<string, Device[]>();
  for (const one of devices) {
    const key = serialKey(one.serialNumber);
    bySerial.set(key, [...(bySerial.get(key) ?? []), one]);
  }
  const users = new Map([[userKey(ANN), user()]]);
  return {
    rows,
    devices: bySerial,
    users,
    holders: new Map(),
    methods: new Map(),
    unlisted: false,
    ...changes,
  };
}

function kinds(given: FindingInput): readonly FindingKind[] {
  return tenantFindings(given).map(({ kind }) => kind);
}

const held = { assignedToId: 'ann' };
const waiting = {
  since: new Map([['1', '2026-11-01T08:00:00.000Z']]),
  tooLongAgo: '2026-11-08T00:00:00.000Z',
};
const disabled = new Map([[userKey(ANN), user({ accountEnabled: false })]]);
const six = ['1', '2', '3', '4', '5', '6'];

interface Case {
  readonly what: string;
  readonly given: FindingInput;
  readonly found: readonly FindingKind[];
}

const CASES: readonly Case[] = [
  { what: 'a token where it should be', given: input([row('1', ANN)], [device('1', held)]), found: [] },
  { what: 'a token in stock', given: input([row('1')], [device('1')]), found: [] },
  {
    what: 'a token in stock that somebody holds',
    given: input([row('1')], [device('1', held)]),
    found: ['unlisted-assignment'],
  },
  {
    what: 'tokens that no row names, when the list is not meant to be complete',
    given: input([row('1')], [device('1'), device('2'), device('3', held)]),
    found: [],
  },
  {
    what: 'tokens that no row names, when it is',
    given: input([row('1')], [device('1'), device('2'), device('3', held)], { unlisted: true }),
    found: ['unlisted-token', 'unlisted-assignment'],
  },
  {
    what: 'a token that a refused row names',
    given: input([row('1', ANN, { invalid: { reason: 'cell-count', detail: '' } })], [device('1', held)], {
      unlisted: true,
    }),
    found: [],
  },
  {
    what: 'a token of a disabled user',
    given: input([row('1', ANN)], [device('1', held)], { users: disabled }),
    found: ['holder-disabled'],
  },
  {
    what: 'a disabled user who does not hold the token yet',
    given: input([row('1', ANN)], [device('1')], { users: disabled }),
    found: [],
  },
  {
    what: 'a user of whom it is not known whether the account is enabled',
    given: input([row('1', ANN)], [device('1', held)], {
      users: new Map([[userKey(ANN), user({ accountEnabled: undefined })]]),
    }),
    found: [],
  },
  {
    what: 'a token whose holder no row names, and is well',
    given: input([row('1', ANN)], [device('1', { assignedToId: 'ben' })], {
      holders: new Map([['ben', user({ id: 'ben' })]]),
    }),
    found: [],
  },
  {
    what: 'a token whose holder no row names, and is disabled',
    given: input([row('1', ANN)], [device('1', { assignedToId: 'ben' })], {
      holders: new Map([['ben', user({ id: 'ben', accountEnabled: false })]]),
    }),
    found: ['holder-disabled'],
  },
  {
    what: 'a token whose holder is gone',
    given: input([row('1', ANN)], [device('1', { assignedToId: 'ben' })], {
      holders: new Map([['ben', undefined]]),
    }),
    found: ['holder-gone'],
  },
  {
    what: 'a token that no row names, and whose holder is gone, when the list is complete',
    given: input([row('1')], [device('1'), device('2', { assignedToId: 'ben' })], {
      holders: new Map([['ben', undefined]]),
      unlisted: true,
    }),
    found: ['unlisted-assignment', 'holder-gone'],
  },
  {
    what: 'five tokens of one user',
    given: input(
      [row('1', ANN)],
      six.slice(1).map((serial) => device(serial, held)),
    ),
    found: [],
  },
  {
    what: 'six tokens of one user',
    given: input(
      [row('1', ANN)],
      six.map((serial) => device(serial, held)),
    ),
    found: ['too-many-tokens'],
  },
  {
    what: 'six tokens of a user whom no row names',
    given: input(
      [row('9', ANN)],
      six.map((serial) => device(serial, { assignedToId: 'ben' })),
    ),
    found: [],
  },
  {
    what: 'a token that has waited too long to be activated',
    given: input([row('1', ANN)], [device('1', held)], { waiting }),
    found: ['not-activated'],
  },
  {
    what: 'a token that may wait a little more',
    given: input([row('1', ANN)], [device('1', held)], {
      waiting: { ...waiting, tooLongAgo: '2026-11-01T07:59:59.999Z' },
    }),
    found: [],
  },
  {
    what: 'a token that was activated in the end',
    given: input([row('1', ANN)], [device('1', { ...held, status: 'activated' })], { waiting }),
    found: [],
  },
  {
    what: 'a token that somebody else holds by now',
    given: input([row('1', ANN)], [device('1', { assignedToId: 'ben' })], { waiting }),
    found: [],
  },
  {
    what: 'a registration beside the one in the inventory',
    given: input([row('1', ANN)], [device('1', held)], {
      methods: new Map([
        [
          'ann',
          [
            { deviceId: 'id-1', device: device('1') },
            { deviceId: 'older', device: device('1') },
            { deviceId: 'another', device: device('7') },
          ],
        ],
      ]),
    }),
    found: ['legacy-duplicate'],
  },
];

describe('holders', () => {
  it('are looked up when no row names them, and a row or the whole list is about their tokens', () => {
    const devices = [
      device('1', held),
      device('2', { assignedToId: 'ben' }),
      device('3', { assignedToId: 'eve' }),
    ];
    const rows = [row('1', ANN), row('2', ANN)];
    expect([...holdersToLookUp(input(rows, devices))]).toEqual(['ben']);
    expect([...holdersToLookUp(input(rows, devices, { unlisted: true }))]).toEqual(['ben', 'eve']);
  });
});

describe('findings about the tenant', () => {
  it.each(CASES)('$what: $found', ({ given, found }) => {
    expect(kinds(given)).toEqual(found);
  });

  it('each have a sentence, a next step, and the row or the user they are about', () => {
    const all = CASES.flatMap(({ given }) => tenantFindings(given));
    for (const { detail, next, file, userId, serialNumber } of all) {
      expect(detail).toMatch(/^[A-Z].*\.$/);
      expect(next).toMatch(/^[A-Z].*\.$/);
      expect(file ?? userId ?? serialNumber).not.toBe('');
    }
  });

  it('name the older registration by its id, which is what has to be deleted', () => {
    const [found] = tenantFindings(CASES.at(-1)?.given ?? input([], []));
    expect(found).toMatchObject({ deviceId: 'older', userId: 'ann', file: 'tokens.csv', line: 2 });
  });

  it('are counted kind by kind, and every kind is there', () => {
    const counts = countFindings(CASES.flatMap(({ given }) => tenantFindings(given)));
    expect(Object.keys(counts).sort()).toEqual([...FINDING_KINDS].sort());
    expect(counts['unlisted-assignment']).toBe(3);
    expect(counts['duplicate-serial']).toBe(0);
  });
});
