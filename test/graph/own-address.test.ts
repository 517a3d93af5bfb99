// Acting on oneself: through /me, with the self permissions, and for nobody else.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBatch } from '../../src/graph/batch.js';
import { fixedToken } from '../../src/graph/credential.js';
import { assignBody, userMethodsPath, userPath } from '../../src/graph/endpoints.js';
import { throughMe } from '../../src/graph/own-address.js';
import type { HttpRequest } from '../../src/graph/transport.js';
import { ada, bob, Rehearsal, seedToken } from '../emulator/rehearsal.js';
import { EmulatorTransport } from '../emulator-transport.js';
import { inVirtualTime } from '../virtual-run.js';
import { BASE, scripted } from './scripted.js';

const SELF = ['UserAuthMethod-HardwareOATH.ReadWrite', 'User.Read'];

const tokenAnswer = z.object({ access_token: z.string() });

/** A token of the rehearsal's sign-in service for Ada, with these scopes. */
function signIn(rehearsal: Rehearsal): string {
  const reply = rehearsal.emulator.signIn(
    {
      ...{ method: 'POST', path: '/common/oauth2/v2.0/token', headers: {} },
      body: 'client_id=22222222-2222-4222-8222-222222222222&grant_type=refresh_token',
    },
    'https://localhost',
  );
  return tokenAnswer.parse(JSON.parse(reply?.kind === 'answer' ? reply.body : '{}')).access_token;
}

describe('a person who acts on himself', () => {
  it('needs the self permissions alone, for a write and inside a batch', async () => {
    await inVirtualTime(async (clock) => {
      const rehearsal = new Rehearsal({
        devices: [seedToken('S1')],
        settings: { signIn: { scopes: SELF, user: ada.userPrincipalName } },
      });
      const real = new EmulatorTransport(rehearsal.emulator, clock);
      const sent: HttpRequest[] = [];
      const { client } = scripted(
        clock,
        (request) => {
          sent.push(request);
          return real.send({ ...request, url: request.url.replace(BASE, 'http://graph.test/beta') });
        },
        fixedToken(signIn(rehearsal)),
      );
      const write = (userId: string) =>
        client.write({
          ...{ method: 'POST', path: userMethodsPath(userId), body: () => assignBody('id-S1') },
          beforeSending: async () => undefined,
        });

      expect(await write(bob.id)).toMatchObject({ kind: 'refused', status: 403 });
      expect(await write(ada.id)).toMatchObject({ kind: 'success', status: 201 });
      expect(sent[1]?.url).toBe(`${BASE}/me/authentication/hardwareOathMethods`);
      const [user, methods] = await readBatch(client, [userPath('me'), userMethodsPath(ada.id)]);
      expect(user).toMatchObject({ kind: 'success', body: { id: ada.id } });
      expect(methods).toMatchObject({ kind: 'success', body: { value: [{ id: 'id-S1' }] } });
      expect(rehearsal.holders()).toEqual({ S1: ada.id });
    });
  });
});

describe('an address', () => {
  it.each([
    ['/users/u1/authentication/hardwareOathMethods', 'u1', '/me/authentication/hardwareOathMethods'],
    ['/users/u12/authentication/hardwareOathMethods', 'u1', '/users/u12/authentication/hardwareOathMethods'],
    ['/users/u1?$select=id', 'u1', '/users/u1?$select=id'],
    ['/users/u1/authentication/x', undefined, '/users/u1/authentication/x'],
  ])('%s of %s is %s', (path, person, expected) => {
    expect(throughMe(path, person)).toBe(expected);
  });
});
