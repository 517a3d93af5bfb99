// The client: a write goes out once, a read until it is answered, and a 401 renews the token once.

import { describe, expect, it } from 'vitest';
import type { GraphAnswer } from '../../src/graph/answer.js';
import type { GraphClient } from '../../src/graph/client.js';
import type { TokenSource } from '../../src/graph/credential.js';
import { Stopped } from '../../src/graph/limiter.js';
import type { HttpResult } from '../../src/graph/transport.js';
import { inVirtualTime } from '../virtual-run.js';
import { answer, BASE, LOST, NOT_SENT, ScriptedTransport, scripted } from './scripted.js';

const HTML: HttpResult = { kind: 'answer', status: 500, headers: {}, body: '<html>' };
const PORTAL: HttpResult = { kind: 'answer', status: 200, headers: {}, body: '<html>' };
const EXPIRED = answer(401, { error: { code: 'InvalidAuthenticationToken', message: 'Expired.' } });

/** Renews as often as it is asked, and counts. */
function renewing(): TokenSource & { renewed: number } {
  const source = {
    renewed: 0,
    token: async () => `t${source.renewed}`,
    refreshed: async (stale: string) => {
      if (stale === `t${source.renewed}`) source.renewed += 1;
      return `t${source.renewed}`;
    },
  };
  return source;
}

function write(client: GraphClient, events: string[] = []): Promise<GraphAnswer> {
  return client.write({
    method: 'POST',
    path: '/things',
    body: () => {
      events.push('body');
      return { a: 1 };
    },
    beforeSending: async (id) => {
      events.push(`recorded ${id === '' ? 'nothing' : 'an id'}`);
    },
  });
}

describe('a write', () => {
  it('is recorded, then made, then sent, with its id', async () => {
    await inVirtualTime(async (clock) => {
      const events: string[] = [];
      const { client, transport } = scripted(clock, () => {
        events.push('sent');
        return answer(201, { id: 'd1' }, { 'request-id': 'theirs' });
      });
      const result = await write(client, events);
      expect(events).toEqual(['recorded an id', 'body', 'sent']);
      expect(result).toMatchObject({ kind: 'success', status: 201, body: { id: 'd1' }, requestId: 'theirs' });
      const [request] = transport.requests;
      expect(request).toMatchObject({
        method: 'POST',
        url: `${BASE}/things`,
        body: '{"a":1}',
        headers: {
          authorization: 'Bearer t0',
          'content-type': 'application/json',
          'client-request-id': result.clientRequestId,
          'user-agent': expect.stringMatching(/^oathbatch\/\d+\.\d+\.\d+$/) as string,
        },
      });
    });
  });

  it.each([
    ['is lost', LOST, 'lost'],
    ['was not sent', NOT_SENT, 'not-sent'],
    ['is 500', HTML, 'failed'],
    ['is 503', answer(503), 'failed'],
    ['is 429', answer(429, undefined, { 'retry-after': '5' }), 'throttled'],
    ['is a page of a portal', PORTAL, 'garbled'],
    ['is 409', answer(409), 'refused'],
  ])('is never repeated by itself when its answer %s', async (_what, result, kind) => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [result]);
      expect((await write(client)).kind).toBe(kind);
      expect(transport.requests).toHaveLength(1);
    });
  });

  it('never leaves when its intent cannot be recorded', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport, writes } = scripted(clock, []);
      const failing = client.write({
        ...{ method: 'POST', path: '/things', body: () => ({}) },
        beforeSending: () => Promise.reject(new Error('disk full')),
      });
      await expect(failing).rejects.toThrow('disk full');
      expect([transport.requests.length, client.counts().writes, writes.view().inFlight]).toEqual([0, 0, 0]);
    });
  });

  it('makes its body when the gate is open, not before', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [answer(429, undefined, { 'retry-after': '120' }), answer(204)]);
      await write(client);
      const madeAtMs: number[] = [];
      await client.write({
        ...{ method: 'POST', path: '/things', beforeSending: async () => undefined },
        body: () => {
          madeAtMs.push(clock.monotonicMs());
          return {};
        },
      });
      expect(madeAtMs).toEqual([120_000]);
    });
  });

  it('is counted, and so is its refusal', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [answer(429), answer(204)]);
      await write(client);
      await write(client);
      expect(client.counts()).toEqual({ reads: 0, writes: 2, throttledReads: 0, throttledWrites: 1 });
    });
  });
});

describe('reads and writes', () => {
  it('leave over connections of their own where there are two, batches of reads with the reads', async () => {
    await inVirtualTime(async (clock) => {
      const writing = new ScriptedTransport(clock, [answer(201, { id: 'd1' })]);
      const reading = [answer(200, { value: [] }), answer(200, { responses: [] })];
      const { client, transport } = scripted(clock, reading, undefined, { writeTransport: writing });
      await write(client);
      await client.read(`${BASE}/things`);
      await client.readBatch({ requests: [] });
      expect(writing.requests.map(({ url }) => url)).toEqual([`${BASE}/things`]);
      expect(transport.requests.map(({ url }) => url)).toEqual([`${BASE}/things`, `${BASE}/$batch`]);
    });
  });

  const THROTTLED = answer(429, undefined, { 'retry-after': '60' });

  it.each([
    ['a read', 'GET'],
    ['a write', 'POST'],
  ])('have a scope each: %s that is throttled holds back none of the others', async (_what, throttled) => {
    await inVirtualTime(async (clock) => {
      let refusals = 0;
      const { client, transport, reads, writes } = scripted(clock, ({ method }) => {
        if (method !== throttled || refusals >= 4) return answer(200, {});
        refusals += 1;
        return THROTTLED;
      });
      const both = { GET: () => client.read(`${BASE}/things`), POST: () => write(client) };
      const first = Promise.all(
        Array.from({ length: 4 }, () => both[throttled === 'GET' ? 'GET' : 'POST']()),
      );
      await clock.sleep(1_000);
      const gates = [reads.view().gateUntilMs, writes.view().gateUntilMs];
      expect(gates).toEqual(throttled === 'GET' ? [60_000, 0] : [0, 60_000]);
      await both[throttled === 'GET' ? 'POST' : 'GET']();
      expect(transport.sentAtMs.at(-1)).toBe(1_000);
      await first;
      await both[throttled === 'GET' ? 'GET' : 'POST']();
      expect(transport.sentAtMs.at(-1)).toBeGreaterThanOrEqual(60_000);
    });
  });
});

describe('a read', () => {
  it.each([
    ['is lost', LOST],
    ['was not sent', NOT_SENT],
    ['is 500', HTML],
    ['is 504', answer(504)],
    ['is a page of a portal', PORTAL],
    ['is 429', answer(429, undefined, { 'retry-after': '5' })],
    ['is a redirect', answer(302, undefined, { location: 'https://login.test/' })],
  ])('is repeated when its answer %s', async (_what, result) => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [result, result, answer(200, { a: 1 })]);
      expect(await client.read(`${BASE}/things`)).toMatchObject({ kind: 'success', body: { a: 1 } });
      expect(transport.requests).toHaveLength(3);
      // Never at once: a read that fails waits, a read that is throttled waits at the gate.
      expect(transport.sentAtMs[1]).toBeGreaterThanOrEqual(250);
    });
  });

  it('is never refused for being throttled, however often', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, (_request, n) => (n < 200 ? answer(429) : answer(200, {})));
      expect((await client.read(`${BASE}/things`)).kind).toBe('success');
      expect(client.counts()).toMatchObject({ reads: 201, throttledReads: 200 });
    });
  });

  it('waits as long as a failing service asks', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [
        answer(503, undefined, { 'retry-after': '90' }),
        answer(200, {}),
      ]);
      await client.read(`${BASE}/things`);
      expect(transport.sentAtMs).toEqual([0, 90_000]);
    });
  });

  it.each([
    ['that is lost', LOST, 'graph-unreachable', 'cannot be reached at https://graph.test: socket hang up'],
    ['that is 500', HTML, 'graph-failed', 'failed 8 times; the last time: HTTP 500'],
    ['that is no JSON', PORTAL, 'graph-failed', 'the body is not JSON'],
  ])('gives up in the end on an answer %s', async (_what, result, code, says) => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, () => result);
      await expect(client.read(`${BASE}/things`)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(says) as string,
      });
      expect(transport.requests).toHaveLength(8);
    });
  });

  it('gives up sooner on an endpoint that has never answered: most likely its address is wrong', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, () => NOT_SENT);
      await expect(client.read(`${BASE}/things`)).rejects.toMatchObject({ code: 'graph-unreachable' });
      expect(transport.requests).toHaveLength(4);
    });
  });

  it('is patient with an endpoint that has answered before', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, (_request, n) => (n === 0 ? answer(200, {}) : NOT_SENT));
      await client.read(`${BASE}/things`);
      await expect(client.read(`${BASE}/things`)).rejects.toMatchObject({ code: 'graph-unreachable' });
      expect(transport.requests).toHaveLength(1 + 8);
    });
  });

  it('answers a refusal, which is for the caller to judge', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [answer(404, { error: { code: 'itemNotFound', message: '' } })]);
      expect(await client.read(`${BASE}/things`)).toMatchObject({ kind: 'refused', status: 404 });
    });
  });

  it.each([
    [401, 'sign-in-failed'],
    [403, 'permission-missing'],
  ])('ends the run at %i', async (status, code) => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [answer(status)]);
      await expect(client.read(`${BASE}/things`)).rejects.toMatchObject({ code });
    });
  });

  it('is let go at once by a stop while it waits to be repeated', async () => {
    await inVirtualTime(async (clock) => {
      const { client, halt } = scripted(clock, () => answer(503, undefined, { 'retry-after': '600' }));
      const reading = client.read(`${BASE}/things`).catch((error: unknown) => error);
      await clock.sleep(2_000);
      halt.abort();
      expect(await reading).toBeInstanceOf(Stopped);
      expect(clock.monotonicMs()).toBe(2_000);
    });
  });
});

describe('a 401', () => {
  it('renews the token once, and sends the same request once more', async () => {
    await inVirtualTime(async (clock) => {
      const tokens = renewing();
      const { client, transport } = scripted(clock, [EXPIRED, answer(201, { id: 'd1' })], tokens);
      const events: string[] = [];
      expect((await write(client, events)).kind).toBe('success');
      expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual([
        'Bearer t0',
        'Bearer t1',
      ]);
      expect(new Set(transport.requests.map(({ headers }) => headers['client-request-id'])).size).toBe(1);
      // Recorded once, for it is one intent; made again, because a one-time code ages.
      expect(events).toEqual(['recorded an id', 'body', 'body']);
      expect(client.counts().writes).toBe(2);
      expect(tokens.renewed).toBe(1);
    });
  });

  it('lets no request through a gate that has closed meanwhile', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(
        clock,
        async (_request, n) => {
          await clock.sleep(n === 0 ? 100 : 50);
          return [EXPIRED, answer(429, undefined, { 'retry-after': '30' })][n] ?? answer(204);
        },
        renewing(),
      );
      const answers = await Promise.all([write(client), write(client)]);
      expect(answers.map(({ kind }) => kind)).toEqual(['success', 'throttled']);
      expect(transport.sentAtMs).toEqual([0, 0, 30_050]);
    });
  });

  it('is final when it comes a second time', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [EXPIRED, EXPIRED], renewing());
      expect(await write(client)).toMatchObject({ kind: 'refused', status: 401 });
      expect(transport.requests).toHaveLength(2);
    });
  });

  it('is final at once when there is no other token', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [EXPIRED]);
      expect(await write(client)).toMatchObject({ kind: 'refused', status: 401 });
      expect(transport.requests).toHaveLength(1);
    });
  });

  it('to eight requests at once renews the token once', async () => {
    await inVirtualTime(async (clock) => {
      const tokens = renewing();
      const { client } = scripted(
        clock,
        async ({ headers }) => {
          await clock.sleep(100);
          return headers['authorization'] === 'Bearer t0' ? EXPIRED : answer(204);
        },
        tokens,
      );
      const answers = await Promise.all(Array.from({ length: 8 }, () => write(client)));
      expect(answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'success'));
      expect(tokens.renewed).toBe(1);
    });
  });

  it.each([401, 403])(
    'with a claims challenge, or %i with one, asks for a token that answers it',
    async (status) => {
      await inVirtualTime(async (clock) => {
        const asked: (string | undefined)[] = [];
        const tokens: TokenSource = {
          token: async () => `t${asked.length}`,
          refreshed: async (_stale, claims) => {
            asked.push(claims);
            return `t${asked.length}`;
          },
        };
        const challenge = `Bearer error="insufficient_claims", claims="${btoa('{"a":1}')}"`;
        const { client, transport } = scripted(
          clock,
          [answer(status, undefined, { 'www-authenticate': challenge }), answer(204)],
          tokens,
        );
        expect(await write(client)).toMatchObject({ kind: 'success' });
        expect(asked).toEqual(['{"a":1}']);
        expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual([
          'Bearer t0',
          'Bearer t1',
        ]);
      });
    },
  );
});
