// What a person reads in an audit: each token with all that is shown of it, and whole sentences where it needs one.

import { describe, expect, it } from 'vitest';
import type { DesiredRow } from '../../src/manifest/row.js';
import { type AuditInput, audit } from '../../src/reconcile/audit.js';
import { sortedDevices } from '../../src/reconcile/audit-order.js';
import { heldCounts } from '../../src/reconcile/held-counts.js';
import type { Finding } from '../../src/reconcile/verdict.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { Device } from '../../src/tenant/observed.js';
import { desired, device, named, shown, user } from './rows.js';

const SEEN = '2026-03-01T00:00:00.000Z';
const ADA = user('ada');

function input(devices: readonly Device[], more: Partial<AuditInput> = {}): AuditInput {
  return {
    ...{ devices: shown(devices).devices, expected: [], seenAt: SEEN, waitingSince: new Map() },
    users: new Map([...named(ADA, user('bob')), ['u-ada', ADA], ['u-bob', user('bob')]]),
    ...more,
  };
}

const held = (n: number, by = 'ada', more: Partial<Device> = {}): Device =>
  device(`d${n}`, `S${n}`, { assignedToId: `u-${by}`, ...more });
const active = held(1, 'ada', { status: 'activated' });
const about = { serialNumber: 'S1', deviceId: 'd1', userId: 'u-ada' };
const since = { waitingSince: new Map([['S1', '2026-01-05T10:00:00.000Z']]) };

describe('a row of an audit', () => {
  it('has all that is shown of a token that waits, and where the list has it', () => {
    const token = held(1, 'ada', { lastUsedDateTime: '2026-02-01T08:00:00Z' });
    const expected = [
      desired({ serialNumber: ' s1', user: 'ada@x.test', address: { file: 'l.csv', line: 4 } }),
    ];
    expect([...audit(input([token, held(2)], { expected, ...since })).rows].at(0)).toEqual({
      ...{ n: 0, file: 'l.csv', line: 4, serialNumber: 'S1', user: 'ada@x.test', verdict: 'assigned' },
      ...{ already: true, reason: '', detail: '', next: '', deviceId: 'd1', userId: 'u-ada' },
      ...{ attempts: 0, clientRequestId: '', requestId: '' },
      token: {
        ...{ status: 'assigned', manufacturer: 'Contoso', model: 'T1', hashFunction: 'hmacsha1' },
        ...{ timeInterval: 30, lastUsed: '2026-02-01T08:00:00Z', waitingSince: '2026-01-05T10:00:00.000Z' },
        ...{ account: 'enabled', guest: false, heldByUser: 2 },
      },
    });
  });

  it('has nothing where nothing is shown of a token in stock', () => {
    const token = device('d1', 'S1', { timeIntervalInSeconds: undefined });
    expect(audit(input([token], since)).rows.at(0)).toMatchObject({
      ...{ file: '', line: 0, user: '', userId: '', verdict: 'in-inventory' },
      token: { timeInterval: null, lastUsed: '', waitingSince: '', account: '', guest: false, heldByUser: 0 },
    });
  });

  it.each<readonly [string, Partial<typeof ADA> | undefined, string, boolean]>([
    ['enabled', {}, 'enabled', false],
    ['disabled', { accountEnabled: false }, 'disabled', false],
    ['unknown', { accountEnabled: undefined }, 'unknown', false],
    ['a guest', { isGuest: true }, 'enabled', true],
    ['missing', undefined, 'missing', false],
  ])('says of the account of its holder that it is %s', (_what, change, account, guest) => {
    const users = new Map([['u-ada', change === undefined ? undefined : { ...ADA, ...change }]]);
    expect(audit(input([active], { users })).rows.at(0)?.token).toMatchObject({ account, guest });
  });
});

describe('an audit tells', () => {
  const users = (change: Partial<typeof ADA>): Partial<AuditInput> => ({
    users: new Map([['u-ada', { ...ADA, ...change }]]),
  });
  const nobody = { users: new Map([['u-ada', undefined]]) };
  const late = { waitedTooLong: '2026-01-05T10:00:00.000Z' };
  const REMIND = 'Remind the holder (https://aka.ms/mysecurityinfo), or take the token back.';

  it.each<readonly [Finding['kind'], AuditInput, string, string]>([
    [
      'holder-disabled',
      input([active], users({ accountEnabled: false })),
      'The account of the holder, ada@x.test, is disabled.',
      'If the person has left, take the token back; else enable the account.',
    ],
    [
      'holder-gone',
      input([active], nobody),
      'The inventory says that u-ada holds this token, and the tenant has no such account.',
      'Look among the deleted users: restore the account, or delete the token and create it again.',
    ],
    [
      'holder-guest',
      input([active], users({ isGuest: true })),
      'The holder, ada@x.test, is a guest, who cannot use it here.',
      'Take the token back, so that it can go to somebody else.',
    ],
    [
      'activation-failed',
      input([held(1, 'ada', { status: 'failedActivation' })]),
      'The holder, ada@x.test, tried to activate the token and failed.',
      'Let the holder try again with a fresh code; if it fails again, compare the secret with the vendor.',
    ],
    [
      'not-activated',
      input([held(1)], { ...since, ...late }),
      'The token has been assigned since 2026-01-05, and ada@x.test has not activated it.',
      REMIND,
    ],
    [
      'unused',
      input([held(1, 'ada', { status: 'activated', lastUsedDateTime: '2026-01-05T10:00:00Z' })], {
        unusedSince: '2026-01-05T10:00:01Z',
      }),
      'ada@x.test used the token last on 2026-01-05.',
      'Ask whether it is still needed; if not, take it back.',
    ],
  ])('%s in whole sentences', (kind, given, detail, next) => {
    expect(audit(given).findings).toEqual([{ ...about, kind, detail, next }]);
  });

  it('of a holder who has no account by the object id', () => {
    const { findings } = audit(input([held(1)], { ...since, ...late, ...nobody }));
    expect(findings.map(({ detail }) => detail).at(1)).toBe(
      'The token has been assigned since 2026-01-05, and u-ada has not activated it.',
    );
  });

  it('nothing of a token that was used at the moment from which on it counts, and nothing of stock', () => {
    const used = { status: 'activated', lastUsedDateTime: SEEN };
    expect(audit(input([held(1, 'ada', used)], { unusedSince: SEEN })).findings).toEqual([]);
    expect(audit(input([device('d1', 'S1', used)], { unusedSince: '2027' })).findings).toEqual([]);
    expect(audit(input([device('d1', 'S1', { status: 'failedActivation' })])).findings).toEqual([]);
  });

  it('duplicates first, then tokens in the order of their serial numbers, then who has too many', () => {
    const six = Array.from({ length: 6 }, (_, n) => held(20 - n));
    const twin = device('d99', 'S20', { assignedToId: 'u-gone' });
    const { findings } = audit(input([...six, twin]));
    expect(findings.map(({ kind, deviceId }) => [kind, deviceId])).toEqual([
      ['duplicate-serial', 'd20 d99'],
      ['holder-gone', 'd99'],
      ['too-many-tokens', 'd15 d16 d17 d18 d19 d20'],
    ]);
    expect(findings.at(0)).toEqual({
      ...{ kind: 'duplicate-serial', serialNumber: 'S20', deviceId: 'd20 d99' },
      detail: 'The tenant holds 2 tokens with this serial number.',
      next: 'Find out which is the one in hand, and delete the others from the inventory.',
    });
    expect(findings.at(2)).toEqual({
      ...{ kind: 'too-many-tokens', userId: 'u-ada', serialNumber: 'S15 S16 S17 S18 S19 S20' },
      deviceId: 'd15 d16 d17 d18 d19 d20',
      detail: 'One user (u-ada) holds 6 hardware tokens; 5 is the most that Entra allows.',
      next: 'Take back those that the person no longer has.',
    });
  });
});

describe('the difference from a list is told', () => {
  const line = (more: Partial<DesiredRow>): DesiredRow =>
    desired({ address: { file: 'l.csv', line: 3 }, ...more });
  const place = { serialNumber: 'S1', file: 'l.csv', line: 3 };

  it.each<readonly [string, readonly Device[], DesiredRow, Finding]>([
    [
      'for a line that cannot be used',
      [active],
      line({ user: 'ada@x.test', invalid: { reason: 'user-malformed', detail: 'no user' } }),
      {
        ...{ ...place, kind: 'unusable-row', deviceId: '', next: 'Mend the line.' },
        detail: 'The line of the list cannot be used: no user.',
      },
    ],
    [
      'for a token that is not there',
      [],
      line({}),
      {
        ...{ ...place, kind: 'missing-token', deviceId: '' },
        detail: 'The list has this token, and the tenant does not.',
        next: 'Create it with an onboarding job, or take it from the list.',
      },
    ],
    [
      'for a token that nobody holds',
      [device('d1', 'S1')],
      line({ user: 'ada@x.test' }),
      {
        ...{ ...place, kind: 'missing-assignment', deviceId: 'd1', userId: 'u-ada' },
        detail: 'The list gives this token to ada@x.test, and nobody holds it.',
        next: 'Assign it with an onboarding job, or correct the list.',
      },
    ],
    [
      'for a token that is to go to somebody whom nobody knows',
      [device('d1', 'S1')],
      line({ user: 'eve@x.test' }),
      {
        ...{ ...place, kind: 'missing-assignment', deviceId: 'd1' },
        detail:
          'The list gives this token to eve@x.test, whom the tenant does not know, and nobody holds it.',
        next: 'Assign it with an onboarding job, or correct the list.',
      },
    ],
    [
      'for a token of another user',
      [active],
      line({ user: 'bob@x.test' }),
      {
        ...{ ...place, kind: 'other-holder', deviceId: 'd1', userId: 'u-ada' },
        detail: 'The list gives this token to bob@x.test, and another user holds it (u-ada).',
        next: 'Find out who has it in hand, and correct the list or the tenant.',
      },
    ],
  ])('%s', (_what, devices, row, finding) => {
    expect(audit(input(devices, { expected: [row] })).findings).toEqual([finding]);
  });

  it('for a token of somebody whom the list calls by an unknown name', () => {
    const [finding] = audit(input([active], { expected: [line({ user: 'eve@x.test' })] })).findings;
    expect(finding?.detail).toBe(
      'The list gives this token to eve@x.test, whom the tenant does not know, and another user holds it (u-ada).',
    );
  });

  it('in no way where two tokens have the serial number, beyond that they do', () => {
    const twins = [active, device('d2', 'S1', { model: 'T9' })];
    const { findings } = audit(input(twins, { expected: [line({ user: 'bob@x.test' })] }));
    expect(findings.map(({ kind }) => kind)).toEqual(['duplicate-serial']);
  });

  it('whatever the case of an object id, and by the properties of the manifest as well', () => {
    const upper = { ...ADA, id: 'U-ADA' };
    const more = {
      users: new Map([...named(upper), ['u-ada', ADA]]),
      expected: [line({ user: 'ada@x.test' })],
    };
    expect(audit(input([active], more)).findings).toEqual([]);
  });
});

function listed(devices: readonly Device[]): DeviceTable {
  const table = new DeviceTable();
  for (const one of devices) table.add(one);
  return table;
}

describe('tokens in the order of their serial numbers', () => {
  const ids = (devices: readonly Device[]): readonly string[] =>
    [...sortedDevices(listed(devices))].map(({ id }) => id);

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['digits of one length', ['300', '100', '200'], ['100', '200', '300']],
    ['digits of several lengths', ['1000', '20', '3'], ['3', '20', '1000']],
    ['letters and digits, as a person counts', ['T10', 'T9', 'A1'], ['A1', 'T9', 'T10']],
    ['one length, not all of them digits', ['B10', '900', 'A20'], ['900', 'A20', 'B10']],
    ['one length, with a sign, which stands before letters', ['AB', 'A_'], ['A_', 'AB']],
    ['digits and a sign of one length', ['1A', '1_'], ['1_', '1A']],
    ['digits behind the same letters', ['GAL300', 'GAL100', 'gal200'], ['GAL100', 'gal200', 'GAL300']],
    ['digits behind other letters', ['GAL1', 'FOB2', 'GAL0'], ['FOB2', 'GAL0', 'GAL1']],
    [
      'more digits than a number holds',
      ['9007199254740993', '9007199254740992'],
      ['9007199254740992', '9007199254740993'],
    ],
    ['digits with a letter behind', ['10B', '9', '10A'], ['9', '10A', '10B']],
  ])('%s', (_what, serials, sorted) => {
    const devices = serials.map((serial) => device(serial, serial));
    expect(ids(devices)).toEqual(sorted);
    expect([...sortedDevices(shown(devices).devices)].map(({ id }) => id)).toEqual(sorted);
  });

  it('and of those that share one, in the order of their ids, between their neighbours', () => {
    const devices = [device('i10', 'T2'), device('i9', 'T2'), device('z', 'T1'), device('a', 'T3')];
    const sorted = sortedDevices(listed(devices));
    expect([...sorted].map(({ id }) => id)).toEqual(['z', 'i9', 'i10', 'a']);
    expect([sorted.length, sorted.at(-1), sorted.at(4)]).toEqual([4, undefined, undefined]);
    expect(sorted.at(3)?.id).toBe('a');
  });

  it('are none in an empty tenant', () => {
    expect(ids([])).toEqual([]);
  });
});

describe('how many tokens each user holds', () => {
  const devices = [held(1), device('d2', 'S2'), held(3), held(4, 'bob'), held(5), device('d6', 'S6')];

  it.each([
    ['in a table', listed(devices)],
    ['in a Map', shown(devices).devices],
  ])('is counted from the inventory, and stock is nobody’s: %s', (_how, list) => {
    const counts = heldCounts(list);
    expect(['u-ada', 'u-bob', 'u-eve'].map((id) => counts.of(id))).toEqual([3, 1, 0]);
    expect([counts.most, [...counts.over(2)], [...counts.over(3)]]).toEqual([3, ['u-ada'], []]);
  });
});
