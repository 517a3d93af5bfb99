// How requests are refused: graph-api.md, section 8, and sections 3 and 4 for permissions.

import { describe, expect, it } from 'vitest';
import { ada, at, DEVICES, methodsOf, Rehearsal, SECRET, textLike, token } from './rehearsal.js';

const POLICY = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath';

describe('an error', () => {
  it('has the documented body, echoes the client request id, and carries the headers to log', async () => {
    const rehearsal = new Rehearsal();
    const { headers, json } = await rehearsal.send('GET', `${DEVICES}/x`, undefined, {
      'Client-Request-Id': 'mine',
    });
    expect(headers).toMatchObject({
      'client-request-id': 'mine',
      'request-id': textLike(/^[0-9a-f-]{36}$/),
      date: 'Mon, 05 Jan 2026 08:00:00 GMT',
      'x-ms-ags-diagnostic': textLike(/ServerInfo/),
    });
    expect(json).toEqual({
      error: {
        code: 'resourceNotFound',
        message: textLike(/./),
        innerError: {
          date: '2026-01-05T08:00:00',
          'request-id': headers['request-id'],
          'client-request-id': 'mine',
        },
      },
    });
  });

  it('never repeats a secret that was sent', async () => {
    const rehearsal = new Rehearsal();
    const broken = `{"secretKey":"${SECRET}"`;
    const headers = { 'content-type': 'application/json' };
    const reply = await rehearsal.emulator.handle({
      method: 'POST',
      path: `/beta${DEVICES}`,
      headers,
      body: broken,
    });
    expect(reply).toMatchObject({ kind: 'answer', status: 400 });
    expect(JSON.stringify(reply)).not.toContain(SECRET.slice(0, 8));
  });
});

describe('permissions', () => {
  it.each([
    ['inventoryRead', 'GET', DEVICES, 'Authorization_RequestDenied'],
    ['inventoryWrite', 'POST', DEVICES, 'Authorization_RequestDenied'],
    ['inventoryWrite', 'PATCH', POLICY, 'Authorization_RequestDenied'],
    ['methodsRead', 'GET', methodsOf(ada), 'accessDenied'],
    ['methodsWrite', 'POST', methodsOf(ada), 'accessDenied'],
    ['methodsWrite', 'DELETE', `${methodsOf(ada)}/x`, 'accessDenied'],
    ['usersRead', 'GET', '/users', 'Authorization_RequestDenied'],
    ['policyRead', 'GET', POLICY, 'Authorization_RequestDenied'],
  ] as const)('without %s, %s %s is refused with 403 %s', async (permission, method, path, code) => {
    const rehearsal = new Rehearsal({ settings: { permissions: { [permission]: false } } });
    const { status, json } = await rehearsal.send(method, path, method === 'GET' ? undefined : token('S1'));
    expect([status, at(json, 'error', 'code')]).toEqual([403, code]);
  });

  it('let a create with assignTo fail, or silently not assign', async () => {
    const body = token('S1', { assignTo: { id: ada.id } });
    const strict = new Rehearsal({ settings: { permissions: { methodsWrite: false } } });
    expect(await strict.post(DEVICES, body)).toMatchObject({ status: 403 });
    expect(strict.emulator.truth().devices).toEqual([]);
    const lax = new Rehearsal({
      settings: { permissions: { methodsWrite: false }, assignWithoutPermission: 'ignore' },
    });
    expect(await lax.post(DEVICES, body)).toMatchObject({ status: 201, json: { status: 'available' } });
  });

  it('need exactly the required token', async () => {
    const rehearsal = new Rehearsal({ settings: { requireToken: 'abc' } });
    const get = (headers: Record<string, string>) => rehearsal.send('GET', '/users', undefined, headers);
    expect(await get({})).toMatchObject({ status: 401 });
    expect(await get({ authorization: 'Bearer abcd' })).toMatchObject({ status: 401 });
    const { json } = await get({ authorization: 'bearer' });
    expect(at(json, 'error', 'code')).toBe('InvalidAuthenticationToken');
    expect(await get({ Authorization: 'Bearer abc' })).toMatchObject({ status: 200 });
  });
});

describe('what is not understood', () => {
  it.each([
    ['GET', '/beta/groups', '', 400],
    ['DELETE', `/beta${DEVICES}`, '', 400],
    ['GET', `/v1.0${DEVICES}`, '', 400],
    ['GET', '/beta/users/%E0%A4%A', '', 400],
    ['POST', `/beta${DEVICES}`, '', 400],
    ['POST', `/beta${DEVICES}`, '[]', 400],
    ['POST', `/beta${DEVICES}`, 'nonsense', 400],
  ])('%s %s with the body %o is refused with %i', async (method, path, body, status) => {
    const headers = { 'content-type': 'application/json' };
    expect(await new Rehearsal().emulator.handle({ method, path, headers, body })).toMatchObject({ status });
  });

  it('is a body that is not said to be JSON', async () => {
    const request = { method: 'POST', path: `/beta${DEVICES}`, headers: { 'content-type': 'text/plain' } };
    const body = JSON.stringify(token('S1'));
    expect(await new Rehearsal().emulator.handle({ ...request, body })).toMatchObject({ status: 415 });
  });
});
