// Desired against observed: what is to be changed, and what stands against it.

import { describe, expect, it } from 'vitest';
import { serialKey, userKey } from '../../src/lookup-key.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { countPlan, makePlan, type PlannedRow } from '../../src/plan/plan.js';
import { Secret } from '../../src/secret.js';
import type { Device, Observed, User } from '../../src/tenant/observed.js';

function device(id: string, serialNumber: string, assignedToId?: string, status = 'available'): Device {
  return {
    ...{ id, serialNumber, manufacturer: 'Contoso', model: 'T1', timeIntervalInSeconds: 30 },
    ...{ hashFunction: 'hmacsha1', status, assignedToId, lastUsedDateTime: undefined },
  };
}

function user(id: string, isGuest = false): User {
  return { id, userPrincipalName: `${id}@x.test`, accountEnabled: true, isGuest };
}

const token: NonNullable<DesiredRow['token']> = {
  secretKey: new Secret('LEAKCANARYGEZDGNBVGY3TQOJQ'),
  ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', manufacturer: 'Contoso', model: 'T1' },
};

function desired(serialNumber: string, name?: string, more: Partial<DesiredRow> = {}): DesiredRow {
  return {
    ...{ n: 0, address: { file: 'tokens.csv', line: 2 }, serialNumber, token },
    ...(name === undefined ? {} : { user: name }),
    ...more,
  };
}

/** A row whose serial number stands in no manifest. */
function listed(serialNumber: string, name: string): DesiredRow {
  const { token: _token, ...row } = desired(serialNumber, name);
  return row;
}

const DEVICES = [
  device('d-stock', 'STOCK'),
  device('d-held', 'HELD', 'u-ada', 'assigned'),
  device('d-active', 'ACTIVE', 'u-ada', 'activated'),
  device('d-failed', 'FAILED', 'u-ada', 'failedActivation'),
  device('d-lower', ' galt7 '),
  device('d-one', 'TWICE'),
  device('d-two', 'twice', 'u-ada', 'assigned'),
];

const USERS: readonly (readonly [string, User | undefined])[] = [
  ['ada@x.test', user('u-ada')],
  ['bob@x.test', user('u-bob')],
  ['guest@x.test', user('u-guest', true)],
  ['ghost@x.test', undefined],
];

const OBSERVED: Observed = {
  devices: new Map(
    [...new Set(DEVICES.map(({ serialNumber }) => serialKey(serialNumber)))].map((key) => [
      key,
      DEVICES.filter(({ serialNumber }) => serialKey(serialNumber) === key),
    ]),
  ),
  users: new Map(USERS.map(([name, found]) => [userKey(name), found])),
};

const INVALID = { reason: 'secret-missing', detail: 'The row has no secret key.' } as const;

type Expected = Partial<Omit<PlannedRow, 'decided'>> & {
  readonly reason?: string;
  readonly verdict?: string;
};

const CASES: readonly (readonly [what: string, row: DesiredRow, expected: Expected])[] = [
  [
    'a new token for the stock',
    desired('NEW'),
    { actions: ['create'], expect: 'in-inventory', deviceId: '' },
  ],
  [
    'a new token for a user',
    desired('NEW', 'ada@x.test'),
    { actions: ['create', 'assign'], expect: 'assigned', userId: 'u-ada' },
  ],
  [
    'a token in stock for a user',
    desired('STOCK', 'ada@x.test'),
    { actions: ['assign'], deviceId: 'd-stock', userId: 'u-ada' },
  ],
  [
    'a token in stock that is listed only',
    listed('STOCK', 'ada@x.test'),
    { actions: ['assign'], deviceId: 'd-stock' },
  ],
  [
    'a token that is in stock already',
    desired('STOCK'),
    { actions: [], already: 'in-inventory', deviceId: 'd-stock' },
  ],
  [
    'a token that its user has already',
    desired('HELD', 'ada@x.test'),
    { actions: [], already: 'assigned', deviceId: 'd-held' },
  ],
  [
    'a token that is activated already',
    desired('ACTIVE', 'ada@x.test'),
    { actions: [], already: 'activated' },
  ],
  ['a token whose activation failed', desired('FAILED', 'ada@x.test'), { actions: [], already: 'assigned' }],
  ['a token for the stock that somebody holds', desired('HELD'), { actions: [], already: 'in-inventory' }],
  [
    'a serial number in other case and with blanks',
    desired('GALT7', 'ada@x.test'),
    { actions: ['assign'], deviceId: 'd-lower' },
  ],
  [
    'a user in other case and with blanks',
    desired('STOCK', ' Ada@X.TEST '),
    { actions: ['assign'], userId: 'u-ada' },
  ],
  [
    'a token that another user holds',
    desired('HELD', 'bob@x.test'),
    { actions: [], verdict: 'conflict', reason: 'held-by-other', deviceId: 'd-held' },
  ],
  [
    'a serial number that the tenant holds twice',
    desired('TWICE', 'ada@x.test'),
    { actions: [], verdict: 'conflict', reason: 'serial-ambiguous', deviceId: '' },
  ],
  [
    'the same for the stock',
    desired('TWICE'),
    { actions: [], verdict: 'conflict', reason: 'serial-ambiguous' },
  ],
  ['a guest', desired('STOCK', 'guest@x.test'), { actions: [], verdict: 'invalid', reason: 'user-is-guest' }],
  [
    'a user who does not exist',
    desired('STOCK', 'ghost@x.test'),
    { actions: [], verdict: 'invalid', reason: 'user-not-found', userId: '' },
  ],
  [
    'a user who was never looked up',
    desired('STOCK', 'other@x.test'),
    { actions: [], verdict: 'invalid', reason: 'user-not-found' },
  ],
  [
    'a token that is nowhere',
    listed('NOWHERE', 'ada@x.test'),
    { actions: [], verdict: 'invalid', reason: 'token-not-found' },
  ],
  [
    'a row that was refused',
    desired('STOCK', 'ada@x.test', { invalid: INVALID }),
    { actions: [], verdict: 'invalid', reason: 'secret-missing' },
  ],
  [
    'a refused row without a serial number',
    desired('', undefined, { invalid: INVALID }),
    { actions: [], verdict: 'invalid', reason: 'secret-missing' },
  ],
];

const ADA = 'ada@x.test';
const code = new Secret('123456');

const ACTIVATIONS: readonly (readonly [
  what: string,
  activation: 'computed' | 'codes',
  row: DesiredRow,
  expected: Expected,
])[] = [
  [
    'that is computed, a new token',
    'computed',
    desired('NEW', ADA),
    { actions: ['create', 'assign', 'activate'], expect: 'activated' },
  ],
  [
    'that is computed, a token that its user has',
    'computed',
    desired('HELD', ADA),
    { actions: ['activate'] },
  ],
  [
    'that is computed, an activated token',
    'computed',
    desired('ACTIVE', ADA),
    { actions: [], already: 'activated' },
  ],
  ['that is computed, a token for the stock', 'computed', desired('NEW'), { actions: ['create'] }],
  [
    'that is computed, a token whose secret is nowhere',
    'computed',
    listed('STOCK', ADA),
    { actions: [], verdict: 'invalid', reason: 'secret-not-known' },
  ],
  [
    'that failed before',
    'computed',
    desired('FAILED', ADA),
    { actions: [], verdict: 'invalid', reason: 'activation-failed' },
  ],
  [
    'that the row leaves to the user',
    'computed',
    desired('STOCK', ADA, { activation: 'user' }),
    { actions: ['assign'], expect: 'assigned' },
  ],
  [
    'with a code that was read out',
    'codes',
    { ...listed('STOCK', ADA), code },
    { actions: ['assign', 'activate'], expect: 'activated' },
  ],
  [
    'with a code that was not read out yet',
    'codes',
    desired('STOCK', ADA),
    { actions: ['assign'], expect: 'assigned' },
  ],
];

describe('a plan', () => {
  it.each(ACTIVATIONS)('of an activation %s', (_what, activation, row, { reason, verdict, ...expected }) => {
    const [planned] = makePlan([row], OBSERVED, { activation }).rows;
    expect(planned).toMatchObject(expected);
    expect([planned?.decided?.reason, planned?.decided?.verdict]).toEqual([reason, verdict]);
  });

  it.each(CASES)('for %s', (_what, row, { reason, verdict, ...expected }) => {
    const [planned] = makePlan([row], OBSERVED).rows;
    expect(planned).toMatchObject(expected);
    expect([planned?.decided?.reason, planned?.decided?.verdict]).toEqual([reason, verdict]);
    // A row is to be done, or so already, or decided: one of the three.
    const ways = [
      planned?.actions.length !== 0,
      planned?.already !== undefined,
      planned?.decided !== undefined,
    ];
    expect(ways.filter(Boolean)).toHaveLength(1);
  });

  it('tells of every row that it leaves alone what is wrong and what to do', () => {
    const rows = CASES.flatMap(([, row, { reason }]) => (reason === undefined ? [] : [row]));
    for (const { decided } of makePlan(rows, OBSERVED).rows) {
      expect(decided?.detail).toMatch(/\.$/);
      expect(decided?.next).toMatch(/\.$/);
    }
  });

  it.each([
    ['the user a@x.test is no address', 'The user a@x.test is no address.'],
    ['Is it a key?', 'Is it a key?'],
    ['äöü', 'Äöü.'],
  ])('makes a sentence of what is wrong with a line: %s', (detail, told) => {
    const row = desired('STOCK', 'ada@x.test', { invalid: { reason: 'secret-missing', detail } });
    const [planned] = makePlan([row], OBSERVED).rows;
    expect(planned?.decided?.detail).toBe(told);
  });

  it('says in which line of which file the wrong user stands', () => {
    const row = desired('STOCK', 'ghost@x.test', { userAddress: { file: 'people.csv', line: 7 } });
    const [planned] = makePlan([row], OBSERVED).rows;
    expect(planned?.decided?.detail).toBe('The tenant has no user ghost@x.test (people.csv:7).');
  });

  it('holds no secret', () => {
    const plan = makePlan(
      CASES.map(([, row]) => row),
      OBSERVED,
    );
    expect(JSON.stringify([...plan.rows])).not.toMatch(/secret"|LEAKCANARY/i);
  });

  it('is the same for the same input, and counts every row once', () => {
    const rows = CASES.map(([, row], n) => ({ ...row, n }));
    const plan = makePlan(rows, OBSERVED);
    expect(makePlan(rows, OBSERVED)).toEqual(plan);
    const counts = countPlan(plan);
    expect(counts).toEqual({
      ...{ rows: 20, create: 2, assign: 5, activate: 0, changed: 6, already: 5, conflicts: 3, invalid: 6 },
      ...{ unassign: 0, delete: 0, destructive: 0 },
    });
    expect(counts.changed + counts.already + counts.conflicts + counts.invalid).toBe(counts.rows);
  });
});
