// Large tenants: how few requests it takes to see them.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listPages } from '../../src/graph/paging.js';
import type { HttpRequest, HttpResult } from '../../src/graph/transport.js';
import { listInventory } from '../../src/tenant/inventory.js';
import { resolveUsers } from '../../src/tenant/users.js';
import { answer, BASE, scripted } from '../graph/scripted.js';
import { inVirtualTime } from '../virtual-run.js';

const INVENTORY = `${BASE}/directory/authenticationMethodDevices/hardwareOathDevices`;
const PAGE = 999;
const nameOf = (n: number): string => `user${n}@x.test`;
const user = (n: number) => ({ id: `id-${n}`, userPrincipalName: nameOf(n), accountEnabled: true });
const LIST = `${INVENTORY}?$select=id,serialNumber,manufacturer,model,timeIntervalInSeconds,hashFunction,status,assignedTo,lastUsedDateTime&$top=999`;

const batchSchema = z.object({ requests: z.array(z.object({ id: z.string(), url: z.string() })) });

/** A tenant of `count` users: their list in pages, and each of them inside a batch. */
function tenant(count: number) {
  return ({ url, body }: HttpRequest): HttpResult => {
    if (url.endsWith('/$batch')) {
      const { requests } = batchSchema.parse(JSON.parse(body ?? ''));
      const one = (path: string) => {
        const n = Number(/user(\d+)/.exec(path)?.[1]);
        return n < count ? { status: 200, body: user(n) } : { status: 404 };
      };
      return answer(200, { responses: requests.map((request) => ({ id: request.id, ...one(request.url) })) });
    }
    const from = Number(/skip=(\d+)/.exec(url)?.[1] ?? 0);
    const to = Math.min(count, from + PAGE);
    const value = Array.from({ length: to - from }, (_, i) => user(from + i));
    return answer(200, { value, ...(to < count ? { '@odata.nextLink': `${BASE}/users?skip=${to}` } : {}) });
  };
}

function kinds(requests: readonly HttpRequest[]): { readonly lists: number; readonly batches: number } {
  const batches = requests.filter(({ url }) => url.endsWith('/$batch')).length;
  return { lists: requests.length - batches, batches };
}

describe('a list of many pages', () => {
  it('has its next page on the way while a page is used, and never more than one', async () => {
    await inVirtualTime(async (clock) => {
      const pages = Array.from({ length: 4 }, (_, n) =>
        answer(200, { value: [n], ...(n < 3 ? { '@odata.nextLink': `${BASE}/p${n + 1}` } : {}) }),
      );
      const { client, transport } = scripted(clock, pages);
      const asked: number[] = [];
      for await (const _ of listPages(client, { path: '/things' })) {
        await clock.sleep(10);
        asked.push(transport.requests.length);
      }
      expect(asked).toEqual([2, 3, 4, 4]);
    });
  });

  it('fails where it broke, although the page before was still in use', async () => {
    await inVirtualTime(async (clock) => {
      const link = { '@odata.nextLink': `${BASE}/p2` };
      const { client } = scripted(clock, [answer(200, { value: [1], ...link }), answer(410)]);
      const used: unknown[] = [];
      const reading = (async () => {
        for await (const page of listPages(client, { path: '/things' })) {
          await clock.sleep(1_000);
          used.push(...page);
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'graph-failed' });
      expect(used).toEqual([1]);
    });
  });
});

describe('the inventory', () => {
  it('is asked for in the largest pages there are', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [answer(200, { value: [] })]);
      await listInventory(client);
      expect(transport.requests.map(({ url }) => url)).toEqual([LIST]);
    });
  });

  it('is asked for without that option by a service that refuses it', async () => {
    await inVirtualTime(async (clock) => {
      const refused = answer(400, { error: { code: 'badRequest', message: '$top is not supported.' } });
      const value = [{ id: 'd1', serialNumber: 'S1' }];
      const { client, transport } = scripted(clock, [refused, answer(200, { value })]);
      expect((await listInventory(client)).size).toBe(1);
      expect(transport.requests.map(({ url }) => url)).toEqual([LIST, INVENTORY]);
    });
  });
});

describe('many users', () => {
  it('are found in the list of users: a request for 999 instead of one for twenty', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, tenant(3_000));
      const users = await resolveUsers(
        client,
        Array.from({ length: 2_500 }, (_, n) => nameOf(n).toUpperCase()),
      );
      expect(users.size).toBe(2_500);
      expect(users.get(nameOf(2_499))?.id).toBe('id-2499');
      expect(kinds(transport.requests).batches).toBe(0);
      expect(kinds(transport.requests).lists).toBeLessThanOrEqual(4);
    });
  });

  it('are found by object id as well', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, tenant(400));
      const users = await resolveUsers(
        client,
        Array.from({ length: 400 }, (_, n) => `ID-${n}`),
      );
      expect([users.get('id-7')?.userPrincipalName, users.size]).toEqual([nameOf(7), 400]);
    });
  });

  it('whom the list does not show are asked for by name', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, tenant(500));
      const names = Array.from({ length: 510 }, (_, n) => nameOf(n));
      const users = await resolveUsers(client, names);
      expect([users.size, users.get(nameOf(509))]).toEqual([510, undefined]);
      // Ten are missing: they are asked for once, and twice more.
      expect(kinds(transport.requests)).toEqual({ lists: 1, batches: 3 });
    });
  });

  it('are not looked for to the end of a tenant that is far larger', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, tenant(100_000));
      const names = Array.from({ length: 400 }, (_, n) => nameOf(99_000 + n));
      expect((await resolveUsers(client, names)).get(nameOf(99_399))?.id).toBe('id-99399');
      // 20 batches are needed, so that 5 pages are tried; the sixth was on its way by then.
      expect(kinds(transport.requests)).toEqual({ lists: 6, batches: 20 });
    });
  });

  it('that are few are asked for, and no list is read', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, tenant(1_000));
      await resolveUsers(
        client,
        Array.from({ length: 300 }, (_, n) => nameOf(n)),
      );
      expect(kinds(transport.requests)).toEqual({ lists: 0, batches: 15 });
    });
  });
});
