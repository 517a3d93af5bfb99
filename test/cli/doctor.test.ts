// What the doctor makes of what it found.

import { describe, expect, it } from 'vitest';
import { checkPermissions, checkRegistrations, checkRoles } from '../../src/cli/doctor/check-permissions.js';
import { checkClock, checkManifest, checkPolicy } from '../../src/cli/doctor/check-tenant.js';
import { checkUsers } from '../../src/cli/doctor/check-users.js';
import type { Device } from '../../src/graph/device.js';
import { ASSIGN_DEVICE } from '../../src/graph/endpoints/assign-device.js';
import { CREATE_DEVICE } from '../../src/graph/endpoints/create-device.js';
import { grantsOf, type TokenGrants } from '../../src/graph/token-grants.js';

import type { DesiredRow } from '../../src/manifest/row.js';
import type { PlannedRow } from '../../src/plan/plan.js';
import type { Observed, User } from '../../src/tenant/observed.js';

const TOKEN: Device = {
  ...{ id: 'd', serialNumber: 'S', manufacturer: 'C', model: 'M', timeIntervalInSeconds: 30 },
  ...{ hashFunction: 'hmacsha1', status: 'assigned', assignedToId: undefined, lastUsedDateTime: undefined },
};

function person(permissions: readonly string[], directoryRoles: readonly string[] = []): TokenGrants {
  return { isDelegated: true, permissions, directoryRoles, personId: 'u1' };
}

const app = (permissions: readonly string[]): TokenGrants => ({ ...person(permissions), isDelegated: false });

describe('permissions', () => {
  it.each<readonly [string, TokenGrants | undefined, boolean, 'pass' | 'fail']>([
    ['the narrow one', app(['UserAuthMethod-HardwareOATH.ReadWrite.All']), false, 'pass'],
    ['the broad one', app(['UserAuthenticationMethod.ReadWrite.All']), false, 'pass'],
    ['one for reading', app(['UserAuthMethod-HardwareOATH.Read.All']), false, 'fail'],
    ['none', app([]), false, 'fail'],
    ['one for oneself, to act on others', person(['UserAuthMethod-HardwareOATH.ReadWrite']), false, 'fail'],
    ['one for oneself, to act on oneself', person(['UserAuthMethod-HardwareOATH.ReadWrite']), true, 'pass'],
    ['one for oneself, as an application', app(['UserAuthMethod-HardwareOATH.ReadWrite']), true, 'fail'],
    ['a token that says nothing', undefined, false, 'pass'],
  ])('to assign: %s', (_what, grants, onlySelf, state) => {
    expect(checkPermissions([ASSIGN_DEVICE], grants, onlySelf).state).toBe(state);
  });

  it('that are missing are named by the least that is enough', () => {
    expect(checkPermissions([CREATE_DEVICE, ASSIGN_DEVICE], app([]), false).mend).toContain(
      'Policy.ReadWrite.AuthenticationMethod, UserAuthMethod-HardwareOATH.ReadWrite.All as application permission',
    );
  });

  it.each([
    [
      { scp: 'User.Read Policy.Read.All', oid: 'u1' },
      { isDelegated: true, personId: 'u1' },
    ],
    [
      { roles: ['User.Read.All'], oid: 'a1' },
      { isDelegated: false, personId: '' },
    ],
  ])('are read from a token: %j', (claims, grants) => {
    expect(grantsOf(`x.${btoa(JSON.stringify(claims))}.y`)).toMatchObject(grants);
  });
});

describe('the report of registered methods', () => {
  it.each([
    [['AuditLog.Read.All'], 'pass'],
    [['Policy.Read.All'], 'warn'],
  ] as const)('with %j: %s, because a job does its work without it', (held, state) => {
    expect(checkRegistrations(app(held))).toMatchObject({ state });
    if (state === 'warn') expect(checkRegistrations(app(held)).mend).toContain('AuditLog.Read.All');
  });
});

describe('roles', () => {
  it('go with the scopes of a person, and not of an application', () => {
    expect(checkRoles([ASSIGN_DEVICE], app([]), false)).toEqual([]);
    expect(checkRoles([ASSIGN_DEVICE], person([]), true)).toEqual([]);
    expect(checkRoles([ASSIGN_DEVICE], person([]), false)[0]?.mend).toContain('Authentication Administrator');
  });

  it('go with what a person does to the inventory, also for himself', () => {
    const said = checkRoles([CREATE_DEVICE, ASSIGN_DEVICE], person([]), true);
    expect(said[0]?.found).toBe('the token names no role that may create a token');
  });

  it.each([
    ['7be44c8a-adaf-4e2a-84d6-ab2649e08a13', 'pass'],
    ['62e90394-69f5-4237-9190-012177145e10', 'pass'],
    ['f2ef992c-3afb-46b9-b7cf-a126ee74c451', 'warn'],
  ])('are known by their template: %s', (role, state) => {
    expect(checkRoles([ASSIGN_DEVICE], person([], [role]), false)[0]?.state).toBe(state);
  });
});

describe('the tenant', () => {
  it.each([
    [{ state: 'enabled', includeTargets: [{ id: 'all_users', targetType: 'group' }] }, 'pass', 'all users'],
    [
      { state: 'enabled', includeTargets: [{ id: 'g1' }], excludeTargets: [{ id: 'g2' }] },
      'pass',
      '1 groups, but for 1',
    ],
    [{ state: 'enabled', includeTargets: [] }, 'warn', 'for nobody'],
    [{ state: 'disabled' }, 'fail', 'switched off'],
    [{}, 'fail', 'switched off'],
    [{ unreadable: 'it is forbidden' }, 'warn', 'could not be read'],
  ])('has the policy %j', (policy, state, found) => {
    expect(checkPolicy(policy)).toMatchObject({ state, found: expect.stringContaining(found) as string });
  });

  it.each([
    [undefined, 'warn'],
    [0, 'pass'],
    [-299_000, 'pass'],
    [300_000, 'warn'],
    [-3_600_000, 'warn'],
    [13 * 3_600_000, 'fail'],
  ])('has a clock that is %s ms ahead', (offsetMs, state) => {
    expect(checkClock(offsetMs).state).toBe(state);
  });
});

describe('the users of a plan', () => {
  const user = (id: string, more: Partial<User> = {}): User => ({
    ...{ id, userPrincipalName: id, accountEnabled: true, isGuest: false },
    ...more,
  });
  const row = (name: string, more: Partial<PlannedRow> = {}): PlannedRow => ({
    ...{ n: 0, address: { file: 'f', line: 2 }, serialNumber: 'S', user: name, userId: name, deviceId: '' },
    ...{ expect: 'assigned', actions: ['assign'] },
    ...more,
  });
  const held = (userId: string, count: number): Observed['devices'] =>
    new Map(
      Array.from(
        { length: count },
        (_, n) => [`${userId}${n}`, [{ ...TOKEN, assignedToId: userId }]] as const,
      ),
    );
  const seen = (users: readonly User[], more: Partial<Observed> = {}): Observed => ({
    users: new Map(users.map((one) => [one.id, one])),
    devices: new Map(),
    ...more,
  });
  const refused = (reason: string): Partial<PlannedRow> => ({
    actions: [],
    decided: { verdict: 'invalid', reason, detail: '', next: '' },
  });
  const replace: Partial<PlannedRow> = {
    actions: ['unassign', 'assign'],
    targets: [{ deviceId: 'old', userId: 'ada' }, null],
  };

  it.each<readonly [string, readonly PlannedRow[], Observed, RegExp]>([
    ['all is well', [row('ada')], seen([user('ada')]), /^pass: 1 user exists, and can be given a token/],
    ['one is missing', [row('ada', refused('user-not-found'))], seen([]), /^warn: 1 does not exist: ada/],
    [
      'two are guests',
      [row('ada', refused('user-is-guest')), row('bob', refused('user-is-guest'))],
      seen([user('ada'), user('bob')]),
      /^warn: 2 are guests: ada, bob/,
    ],
    [
      'one is disabled',
      [row('ada'), row('ada')],
      seen([user('ada', { accountEnabled: false })]),
      /^warn: 1 is disabled: ada /,
    ],
    [
      'one is disabled, who has the token already',
      [row('ada', { actions: [] })],
      seen([user('ada', { accountEnabled: false })]),
      /^pass/,
    ],
    ['one holds four and gets one', [row('ada')], seen([user('ada')], { devices: held('ada', 4) }), /^pass/],
    [
      'one holds five and gets one',
      [row('ada')],
      seen([user('ada')], { devices: held('ada', 5) }),
      /^warn: 1 would hold more than 5 tokens: ada/,
    ],
    [
      'one holds four and gets two',
      [row('ada'), row('ada')],
      seen([user('ada')], { devices: held('ada', 4) }),
      /^warn: 1 would hold more than 5 tokens: ada/,
    ],
    [
      'one holds five and gets one in place of another',
      [row('ada', replace)],
      seen([user('ada')], { devices: held('ada', 5) }),
      /^pass/,
    ],
    [
      'one holds five, of which the inventory shows four',
      [row('ada')],
      seen([user('ada')], {
        devices: held('ada', 4),
        methods: new Map([['ada', Array.from({ length: 5 }, () => ({ deviceId: 'd' }))]]),
      }),
      /^warn: 1 would hold more than 5 tokens: ada/,
    ],
  ])('are told when %s', (_what, rows, observed, said) => {
    const { state, found, mend } = checkUsers({ rows }, observed);
    expect(`${state}: ${found} ${mend}`).toMatch(said);
  });

  it('are named by five of them at most', () => {
    const rows = Array.from({ length: 8 }, (_, n) => row(`u${n}`, refused('user-not-found')));
    expect(checkUsers({ rows }, seen([])).found).toBe('8 do not exist: u0, u1, u2, u3, u4 and 3 more');
  });
});

describe('the files', () => {
  const ok: DesiredRow = { n: 0, address: { file: 'f', line: 2 }, serialNumber: 'S' };
  const bad: DesiredRow = { ...ok, invalid: { reason: 'secret-missing', detail: 'none' } };

  it.each<readonly [readonly DesiredRow[], number, string]>([
    [[ok], 0, 'pass: 1 row, all clean'],
    [[ok, bad], 0, 'warn: 2 rows, 1 of them invalid'],
    [[ok, ok], 1, 'warn: 2 rows, 1 warning'],
  ])('are clean or not', (rows, warned, said) => {
    const warnings = Array.from({ length: warned }, () => ({ file: 'f', message: 'm' }));
    const { state, found } = checkManifest({ rows, warnings });
    expect(`${state}: ${found}`).toBe(said);
  });
});
