// What takes something away: each step is asked for by a line, and is about one token and one user.

import { describe, expect, it } from 'vitest';
import { serialKey, userKey } from '../../src/lookup-key.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { countPlan, makePlan, type PlannedRow } from '../../src/plan/plan.js';
import { NOTHING_SPECIAL, type PlanRules } from '../../src/plan/rules.js';
import { Secret } from '../../src/secret.js';
import type { Device, Observed } from '../../src/tenant/observed.js';

function device(id: string, serialNumber: string, assignedToId?: string, status = 'assigned'): Device {
  return {
    ...{ id, serialNumber, manufacturer: 'Contoso', model: 'T1', timeIntervalInSeconds: 30 },
    ...{ hashFunction: 'hmacsha1', status: assignedToId === undefined ? 'available' : status },
    ...{ assignedToId, lastUsedDateTime: undefined },
  };
}

const DEVICES = [
  device('d-stock', 'STOCK'),
  device('d-ada', 'ADA1', 'u-ada'),
  device('d-ada2', 'ADA2', 'u-ada', 'activated'),
  device('d-bob', 'BOB1', 'u-bob'),
];

const OBSERVED: Observed = {
  devices: new Map(DEVICES.map((one) => [serialKey(one.serialNumber), [one]])),
  users: new Map(
    ['ada', 'bob', 'cyd'].map((name) => [
      userKey(`${name}@x.test`),
      {
        ...{ id: `u-${name}`, userPrincipalName: `${name}@x.test` },
        ...{ accountEnabled: true, isGuest: false },
      },
    ]),
  ),
};

const token: NonNullable<DesiredRow['token']> = {
  secretKey: new Secret('LEAKCANARYGEZDGNBVGY3TQOJQ'),
  ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', manufacturer: 'Contoso', model: 'T1' },
};

function line(serialNumber: string, user?: string, more: Partial<DesiredRow> = {}): DesiredRow {
  return {
    ...{ n: 0, address: { file: 'people.csv', line: 2 }, serialNumber },
    ...(user === undefined ? {} : { user: `${user}@x.test` }),
    ...more,
  };
}

const unassign = { action: 'unassign' } as const;
const remove = { action: 'delete' } as const;
const replaceAda = { action: 'replace', replaces: 'ADA1' } as const;
const recreate = { action: 'recreate', token } as const;

/** The steps of a row, each with what it is about where that is not the row's own. */
function steps({ actions, targets }: PlannedRow): readonly string[] {
  return actions.map((kind, step) => {
    const target = targets?.[step];
    return target === undefined || target === null ? kind : `${kind} ${target.deviceId} ${target.userId}`;
  });
}

const plan = (row: DesiredRow, rules: Partial<PlanRules> = {}): PlannedRow => {
  const [planned] = makePlan([row], OBSERVED, { ...NOTHING_SPECIAL, ...rules }).rows;
  if (planned === undefined) throw new Error('every row is planned');
  return planned;
};

describe('a row that takes something away', () => {
  it.each<readonly [string, DesiredRow, readonly string[], PlannedRow['expect']]>([
    ['unassign', line('ADA1', undefined, unassign), ['unassign d-ada u-ada'], 'returned'],
    ['unassign from its user', line('ADA1', 'ada', unassign), ['unassign d-ada u-ada'], 'returned'],
    ['delete from stock', line('STOCK', undefined, remove), ['delete d-stock '], 'absent'],
    [
      'delete from its user',
      line('ADA1', 'ada', remove),
      ['unassign d-ada u-ada', 'delete d-ada u-ada'],
      'absent',
    ],
    ['replace', line('STOCK', 'ada', replaceAda), ['unassign d-ada u-ada', 'assign'], 'assigned'],
    [
      'replace by a new token',
      line('NEW', 'ada', { ...replaceAda, token }),
      ['create', 'unassign d-ada u-ada', 'assign'],
      'assigned',
    ],
    [
      'recreate',
      line('ADA1', 'ada', recreate),
      ['unassign d-ada u-ada', 'delete d-ada u-ada', 'create', 'assign'],
      'assigned',
    ],
    ['recreate in stock', line('STOCK', undefined, recreate), ['delete d-stock ', 'create'], 'in-inventory'],
    [
      'recreate from stock',
      line('STOCK', 'cyd', recreate),
      ['delete d-stock ', 'create', 'assign'],
      'assigned',
    ],
    ['delete from stock by a user', line('STOCK', 'ada', remove), ['delete d-stock '], 'absent'],
    [
      'a leaver',
      line('', 'ada', { action: 'leave' }),
      ['unassign d-ada u-ada', 'unassign d-ada2 u-ada'],
      'returned',
    ],
  ])('by %s goes step by step', (_what, row, expected, expectation) => {
    const planned = plan(row);
    expect(steps(planned)).toEqual(expected);
    expect(planned.expect).toBe(expectation);
    expect(countPlan({ rows: [planned] }).destructive).toBe(1);
  });

  it('and activates by the rules of the job', () => {
    expect(steps(plan(line('ADA1', 'ada', recreate), { activation: 'computed' })).at(-1)).toBe('activate');
  });

  it.each<readonly [string, DesiredRow, PlannedRow['already'] | undefined]>([
    ['unassign of what is in stock', line('STOCK', undefined, unassign), 'in-inventory'],
    ['delete of what is gone', line('GONE', undefined, remove), 'deleted'],
    ['a leaver with nothing', line('', 'cyd', { action: 'leave' }), 'in-inventory'],
    ['recreate of what is activated', line('ADA2', 'ada', recreate), 'activated'],
    ['replace that was done', line('ADA2', 'ada', { action: 'replace', replaces: 'GONE' }), 'activated'],
  ])('by %s is so already', (_what, row, already) => {
    expect(plan(row)).toMatchObject({ actions: [], already });
  });

  it.each<readonly [string, DesiredRow, readonly string[]]>([
    ['recreate of what is nowhere', line('GONE', 'ada', recreate), ['create', 'assign']],
    ['recreate of what is nowhere, for the stock', line('GONE', undefined, recreate), ['create']],
    [
      'replace of a token that nobody holds',
      line('NEW', 'cyd', { action: 'replace', replaces: 'STOCK', token }),
      ['create', 'assign'],
    ],
  ])('by %s takes nothing away', (_what, row, expected) => {
    const planned = plan(row);
    expect(steps(planned)).toEqual(expected);
    expect(countPlan({ rows: [planned] }).destructive).toBe(0);
  });

  it.each<readonly [string, DesiredRow, readonly string[], PlannedRow['already'] | undefined]>([
    ['stays in stock', line('STOCK', undefined, recreate), [], 'in-inventory'],
    ['is given to its user', line('STOCK', 'cyd', recreate), ['assign'], undefined],
  ])('by recreate of what was created again already, %s', (_what, row, expected, already) => {
    const again = plan(row, { recreated: new Set(['d-stock']) });
    expect([steps(again), again.already]).toEqual([expected, already]);
  });

  it('by recreate is not done a second time', () => {
    const again = plan(line('ADA1', 'ada', recreate), { recreated: new Set(['d-ada']) });
    expect(again).toMatchObject({ actions: [], already: 'assigned' });
  });

  it.each<readonly [string, DesiredRow, string]>([
    ['unassign from another user', line('ADA1', 'bob', unassign), 'held-by-other'],
    ['unassign of what is nowhere', line('GONE', undefined, unassign), 'token-not-found'],
    ['delete from a holder who is not named', line('ADA1', undefined, remove), 'still-held'],
    ['delete from another user', line('ADA1', 'bob', remove), 'held-by-other'],
    ['recreate from a holder who is not named', line('ADA1', undefined, recreate), 'still-held'],
    ['recreate from another user', line('ADA1', 'bob', recreate), 'held-by-other'],
    ['recreate without a secret', line('ADA1', 'ada', { action: 'recreate' }), 'secret-not-known'],
    [
      'replace of a token of another user',
      line('STOCK', 'bob', { action: 'replace', replaces: 'ADA1' }),
      'held-by-other',
    ],
    [
      'replace of what is nowhere',
      line('STOCK', 'ada', { action: 'replace', replaces: 'GONE' }),
      'token-not-found',
    ],
    ['replace by what another has', line('BOB1', 'ada', replaceAda), 'held-by-other'],
    ['a leaver whom nobody knows', line('', 'nobody', { action: 'leave' }), 'user-not-found'],
  ])('by %s is left alone', (_what, row, reason) => {
    const planned = plan(row);
    expect(planned.actions).toEqual([]);
    expect(planned.decided?.reason).toBe(reason);
  });
});

describe('mode: exact', () => {
  const exact = { ...NOTHING_SPECIAL, mode: 'exact' } as const;

  it('takes back what no row gives to its holder, in rows of its own, and leaves the stock', () => {
    const { rows } = makePlan([line('ADA1', 'ada')], OBSERVED, exact);
    expect(rows.map(({ n, serialNumber }) => [n, serialNumber])).toEqual([
      [0, 'ADA1'],
      [1, 'ADA2'],
      [2, 'BOB1'],
    ]);
    expect(rows.map(steps)).toEqual([[], ['unassign d-ada2 u-ada'], ['unassign d-bob u-bob']]);
    expect(rows.at(1)?.address).toEqual({ file: '(tenant)', line: 0 });
  });

  it('gives a token to whom the files name, and takes it from whom they do not', () => {
    expect(steps(plan(line('ADA1', 'bob'), exact))).toEqual(['unassign d-ada u-ada', 'assign']);
    expect(steps(plan(line('ADA1'), exact))).toEqual(['unassign d-ada u-ada']);
  });

  it('is never what a job does by itself', () => {
    const { rows } = makePlan([line('ADA1', 'ada'), line('STOCK')], OBSERVED);
    expect(rows.flatMap(({ actions }) => actions)).toEqual([]);
    expect(plan(line('ADA1', 'bob')).decided?.reason).toBe('held-by-other');
  });
});
