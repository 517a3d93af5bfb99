// What the doctor makes of what it found.

import { describe, expect, it } from 'vitest';
import { checkPermissions, checkRoles } from '../../src/cli/doctor/check-permissions.js';
import { checkClock, checkPolicy, checkUsers } from '../../src/cli/doctor/check-tenant.js';
import { ASSIGN_DEVICE } from '../../src/graph/endpoints/assign-device.js';
import { CREATE_DEVICE } from '../../src/graph/endpoints/create-device.js';
import { grantsOf, type TokenGrants } from '../../src/graph/token-grants.js';

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

describe('roles', () => {
  it('go with the scopes of a person, and not of an application', () => {
    expect(checkRoles([ASSIGN_DEVICE], app([]), false)).toEqual([]);
    expect(checkRoles([ASSIGN_DEVICE], person([]), true)).toEqual([]);
    expect(checkRoles([ASSIGN_DEVICE], person([]), false)[0]?.mend).toContain('Authentication Administrator');
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

  it('has users who hold five tokens already', () => {
    const ada = { id: 'u1', userPrincipalName: 'a', displayName: 'A', accountEnabled: true, isGuest: false };
    const users = new Map([['a', ada]]);
    expect(checkUsers(users, new Map([['u1', 5]]))).toMatchObject({ state: 'warn' });
    expect(checkUsers(users, new Map([['u1', 4]]))).toMatchObject({ state: 'pass' });
  });
});
