// Users, the registration report and the policy switch: graph-api.md, sections 3.3 and 4.

import { describe, expect, it } from 'vitest';
import { ada, at, bob, gus, items, Rehearsal, seedToken } from './rehearsal.js';

const POLICY = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath';

describe('users', () => {
  it.each([ada.id, ada.id.toUpperCase(), encodeURIComponent(ada.userPrincipalName), 'ADA%40CONTOSO.EXAMPLE'])(
    'are found by %s',
    async (key) => {
      expect(await new Rehearsal().get(`/users/${key}`)).toMatchObject({ status: 200, json: { id: ada.id } });
    },
  );

  it('show whether they are enabled, and guests, only when that is selected', async () => {
    const rehearsal = new Rehearsal();
    const plain = await rehearsal.get(`/users/${gus.id}`);
    expect(plain.json).not.toHaveProperty('accountEnabled');
    const list = await rehearsal.get('/users');
    expect(items(list.json)[0]).toEqual({
      ...{ id: ada.id, userPrincipalName: ada.userPrincipalName },
      ...{ displayName: 'Ada', mail: ada.userPrincipalName },
    });
    const path = `/users/${gus.id}?$select=id,userPrincipalName,accountEnabled,userType`;
    expect(await rehearsal.get(path)).toMatchObject({ json: { accountEnabled: true, userType: 'Guest' } });
  });

  it('are not found with 404 and the code of the directory', async () => {
    const { status, json } = await new Rehearsal().get('/users/nobody@contoso.example');
    expect([status, at(json, 'error', 'code')]).toEqual([404, 'Request_ResourceNotFound']);
  });

  it('are listed in pages, and filtered', async () => {
    const rehearsal = new Rehearsal();
    const first = await rehearsal.get('/users?$top=2&$select=id');
    expect(items(first.json)).toEqual([{ id: ada.id }, { id: bob.id }]);
    const next = String(at(first.json, '@odata.nextLink')).replace('http://graph.test/beta', '');
    expect((await rehearsal.get(next)).json).toMatchObject({ value: [{ id: gus.id }] });
    const found = await rehearsal.get(`/users?$filter=userPrincipalName eq 'BOB@contoso.example'`);
    expect(items(found.json)).toMatchObject([{ id: bob.id }]);
    expect(items((await rehearsal.get("/users?$filter=userType eq 'Guest'")).json)).toMatchObject([
      { id: gus.id },
    ]);
  });

  it('have registered when a token of theirs is activated', async () => {
    const rehearsal = new Rehearsal({
      devices: [
        seedToken('A', { assignedTo: ada.id, status: 'activated' }),
        seedToken('B', { assignedTo: bob.id }),
      ],
    });
    const { json } = await rehearsal.get('/reports/authenticationMethods/userRegistrationDetails?$top=2');
    expect(items(json)).toMatchObject([
      {
        id: ada.id,
        isMfaRegistered: true,
        methodsRegistered: ['hardwareOneTimePasscode'],
        userType: 'member',
      },
      { id: bob.id, isMfaRegistered: false, methodsRegistered: [] },
    ]);
    expect(at(json, '@odata.nextLink')).toContain('$skiptoken');
  });
});

describe('the policy', () => {
  it('is read, switched and reset', async () => {
    const rehearsal = new Rehearsal();
    expect(await rehearsal.get(POLICY)).toMatchObject({ json: { id: 'HardwareOath', state: 'enabled' } });
    expect(await rehearsal.send('PATCH', POLICY, { state: 'disabled' })).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth().policy.state).toBe('disabled');
    const includeTargets = [{ targetType: 'group', id: 'g1', isRegistrationRequired: false }];
    await rehearsal.send('PATCH', POLICY, { state: 'enabled', includeTargets });
    expect(await rehearsal.get(POLICY)).toMatchObject({ json: { state: 'enabled', includeTargets } });
    expect(await rehearsal.send('DELETE', POLICY)).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth().policy.state).toBe('disabled');
    expect(await rehearsal.send('PATCH', POLICY, { state: 'maybe' })).toMatchObject({ status: 400 });
  });
});
