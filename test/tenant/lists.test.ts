// What list calls show: whole, or not at all.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HttpRequest, HttpResult } from '../../src/graph/transport.js';
import { listInventory } from '../../src/tenant/inventory.js';
import { listUserMethods } from '../../src/tenant/methods.js';
import { resolveUsers } from '../../src/tenant/users.js';
import { answer, BASE, scripted } from '../graph/scripted.js';
import { inVirtualTime } from '../virtual-run.js';

const item = (id: string, serialNumber: string, more: object = {}) => ({ id, serialNumber, ...more });

const requestSchema = z.object({ requests: z.array(z.object({ id: z.string(), url: z.string() })) });

/** Answers every path inside every batch. */
function batches(
  inner: (path: string, batch: number) => { readonly status: number; readonly body?: unknown },
) {
  return ({ body }: HttpRequest, n: number): HttpResult => {
    const { requests } = requestSchema.parse(JSON.parse(body ?? ''));
    return answer(200, { responses: requests.map(({ id, url }) => ({ id, ...inner(url, n) })) });
  };
}

function sizeOf({ body }: HttpRequest): number {
  return requestSchema.parse(JSON.parse(body ?? '')).requests.length;
}

describe('the inventory', () => {
  it('is every token of every page, by serial number without case and blanks', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [
        answer(200, { value: [item('d1', 'GALT1'), item('d2', 'galt2 ')], '@odata.nextLink': `${BASE}/p2` }),
        answer(200, { value: [{ id: 'm3', device: item('d3', 'Galt1', { assignedTo: { id: 'u1' } }) }] }),
      ]);
      const devices = await listInventory(client);
      expect([...devices].map(([key, found]) => [key, found.map(({ id }) => id)])).toEqual([
        ['GALT1', ['d1', 'd3']],
        ['GALT2', ['d2']],
      ]);
    });
  });

  it('holds a token once, although pages that change meanwhile repeat it', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [
        answer(200, { value: [item('d1', 'S1')], '@odata.nextLink': `${BASE}/p2` }),
        answer(200, { value: [item('d1', 'S1'), item('d2', 'S2')] }),
      ]);
      const devices = await listInventory(client);
      expect([devices.get('S1')?.length, devices.size]).toEqual([1, 2]);
    });
  });

  it.each([
    ['a page is missing', [answer(200, { value: [], '@odata.nextLink': `${BASE}/p2` }), answer(404)]],
    ['a token cannot be read', [answer(200, { value: [item('d1', 'S1'), { serialNumber: 'S2' }] })]],
  ])('is never half of itself: %s', async (_what, answers) => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, answers);
      await expect(listInventory(client)).rejects.toMatchObject({ code: 'graph-failed' });
    });
  });
});

describe('users', () => {
  const found = (path: string) => {
    const name = decodeURIComponent(/users\/([^?]*)/.exec(path)?.[1] ?? '');
    return {
      status: 200,
      body: { id: `id-${name}`, userPrincipalName: name, displayName: null, userType: 'Member' },
    };
  };

  it('are asked for twenty at a time, each once, however they are spelt', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, batches(found));
      const names = Array.from({ length: 45 }, (_, n) => `user${n}@x.test`);
      const users = await resolveUsers(client, [...names, ' USER1@x.test ', 'User2@X.TEST']);
      expect(users.size).toBe(45);
      expect(users.get('user7@x.test')).toEqual({
        ...{
          id: 'id-user7@x.test',
          userPrincipalName: 'user7@x.test',
          accountEnabled: undefined,
        },
        isGuest: false,
      });
      expect(transport.requests.map(sizeOf).toSorted((one, other) => other - one)).toEqual([20, 20, 5]);
    });
  });

  it('are no request when nobody is named', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, []);
      expect((await resolveUsers(client, [])).size).toBe(0);
      expect(transport.requests).toEqual([]);
    });
  });

  it.each([404, 400])(
    'who do not exist are told so (%i), after they were asked for again',
    async (status) => {
      await inVirtualTime(async (clock) => {
        const { client, transport } = scripted(
          clock,
          batches((path) => (path.includes('ghost') ? { status } : found(path))),
        );
        const users = await resolveUsers(client, ['ada@x.test', 'ghost@x.test']);
        expect([users.has('ghost@x.test'), users.get('ghost@x.test')]).toEqual([true, undefined]);
        expect(users.get('ada@x.test')?.id).toBe('id-ada@x.test');
        expect(transport.requests.map(sizeOf)).toEqual([2, 1, 1]);
      });
    },
  );

  it('are not refused for a 404 that passes', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(
        clock,
        batches((path, batch) => (batch < 2 ? { status: 404 } : found(path))),
      );
      expect((await resolveUsers(client, ['ada@x.test'])).get('ada@x.test')?.id).toBe('id-ada@x.test');
    });
  });

  it('who are guests are known as such, in whatever case', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(
        clock,
        batches(() => ({ status: 200, body: { id: 'g', userType: 'guest' } })),
      );
      expect((await resolveUsers(client, ['g@x.test'])).get('g@x.test')?.isGuest).toBe(true);
    });
  });

  it.each([
    [401, undefined, 'sign-in-failed'],
    [403, undefined, 'permission-missing'],
    [200, { userPrincipalName: 'no id' }, 'graph-failed'],
    [200, null, 'graph-failed'],
  ])('are never taken for missing when the answer is %i %j', async (status, body, code) => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(
        clock,
        batches(() => ({ status, body })),
      );
      await expect(resolveUsers(client, ['ada@x.test'])).rejects.toMatchObject({ code });
    });
  });
});

describe("users' methods", () => {
  it('are the tokens that each user holds, with or without their device', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(
        clock,
        batches((path) => ({
          status: 200,
          body: {
            value: path.includes('u1')
              ? [{ id: 'm1', device: item('d1', 'S1') }, { id: 'd2' }, { nothing: 1 }]
              : [],
          },
        })),
      );
      const methods = await listUserMethods(client, ['u1', 'u2', 'u1']);
      expect(methods.get('u1')?.map(({ deviceId, device }) => [deviceId, device?.serialNumber])).toEqual([
        ['d1', 'S1'],
        ['d2', undefined],
      ]);
      expect(methods.get('u2')).toEqual([]);
      expect(transport.requests.map(sizeOf)).toEqual([2]);
    });
  });

  it('of a user who is gone are not known, which is not the same as none', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(
        clock,
        batches((path) => (path.includes('u1') ? { status: 404 } : { status: 200, body: { value: 'none' } })),
      );
      expect((await listUserMethods(client, ['u1', 'u2'])).size).toBe(0);
    });
  });

  it.each([
    [401, 'sign-in-failed'],
    [403, 'permission-missing'],
  ])('that may not be read end with a word (%i)', async (status, code) => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(
        clock,
        batches(() => ({ status })),
      );
      await expect(listUserMethods(client, ['u1'])).rejects.toMatchObject({ code });
    });
  });
});
