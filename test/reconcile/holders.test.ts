// Whose accounts are looked up because they hold tokens: the same with tables, which answer without making a token or a
// user, and with plain maps.

import { describe, expect, it } from 'vitest';
import { serialKey, userKey } from '../../src/lookup-key.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { holdersToLookUp } from '../../src/reconcile/holder-findings.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { Device, Observed, User } from '../../src/tenant/observed.js';
import { UserTable } from '../../src/tenant/user-table.js';

const idOf = (kind: number, n: number): string =>
  `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [ANNA, BEN, CLEO, DORA] = [1, 2, 3, 4].map((n) => idOf(2, n));

const device = (n: number, serialNumber: string, assignedToId?: string): Device => ({
  ...{ id: idOf(1, n), serialNumber, manufacturer: 'Contoso', model: 'C100', timeIntervalInSeconds: 30 },
  ...{ hashFunction: 'hmacsha1', status: 'assigned', assignedToId, lastUsedDateTime: undefined },
});

const DEVICES = [
  device(0, 'S0', ANNA),
  device(1, 'S1', BEN),
  device(2, 'S2', CLEO),
  device(3, 'S3'),
  device(4, 'S4', DORA),
  device(5, 'S5', CLEO),
];

const user = (id: string | undefined, name: string): User => ({
  ...{ id: id ?? '', userPrincipalName: `${name}@contoso.example` },
  ...{ accountEnabled: true, isGuest: false },
});
const USERS = [user(ANNA, 'anna'), user(BEN, 'ben')];
const NAMES = ['anna@contoso.example', 'ben@contoso.example', 'nobody@contoso.example'];

const row = (n: number, more: Partial<DesiredRow> = {}): DesiredRow => ({
  ...{ n, address: { file: 'tokens.csv', line: n + 2 }, serialNumber: `S${n}` },
  ...more,
});

const tables = (): Observed => {
  const [devices, users] = [new DeviceTable(), new UserTable(NAMES)];
  for (const one of DEVICES) devices.add(one);
  for (const one of USERS) users.found(userKey(one.userPrincipalName), one);
  return { devices, users };
};

const maps = (): Observed => ({
  devices: new Map(DEVICES.map((one) => [serialKey(one.serialNumber), [one]])),
  users: new Map(
    NAMES.map((name) => [userKey(name), USERS.find(({ userPrincipalName }) => userPrincipalName === name)]),
  ),
});

describe.each([
  ['tables', tables],
  ['maps', maps],
])('holders who have to be looked up, with %s', (_how, observed) => {
  it.each<readonly [string, DesiredRow, readonly (string | undefined)[]]>([
    ['not the one whom the row names', row(0, { user: 'anna@contoso.example' }), []],
    ['one whom the row does not name', row(2, { user: 'anna@contoso.example' }), [CLEO]],
    ['one of a row that names nobody', row(2), [CLEO]],
    ['one of a row that names somebody unknown', row(4, { user: 'nobody@contoso.example' }), [DORA]],
    ['not one who was looked up for another row', row(1, { user: 'anna@contoso.example' }), []],
    ['nobody for a token in stock', row(3, { user: 'anna@contoso.example' }), []],
    ['nobody for a row that is invalid', row(2, { invalid: { reason: 'user-missing', detail: '' } }), []],
    ['nobody for a token that is not there', row(9), []],
  ])('%s', (_what, one, expected) => {
    const found = holdersToLookUp({ ...observed(), rows: [one], unlisted: false });
    expect([...found]).toEqual(expected);
  });

  it('are all that no row names, where all tokens count', () => {
    const found = holdersToLookUp({ ...observed(), rows: [], unlisted: true });
    expect([...found].sort()).toEqual([CLEO, DORA]);
  });
});
