// Reads in JSON batches: what is inside is settled one by one.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBatch } from '../../src/graph/batch.js';
import type { HttpRequest, HttpResult } from '../../src/graph/transport.js';
import { inVirtualTime } from '../virtual-run.js';
import { answer, scripted } from './scripted.js';

const requestSchema = z.object({
  requests: z.array(z.object({ id: z.string(), method: z.literal('GET'), url: z.string() })),
});

type Inner = Readonly<Record<string, unknown>>;
const found = (url: string): Inner => ({ status: 200, body: { url } });

/** The paths of a batch request. */
function paths(request: HttpRequest): readonly string[] {
  return requestSchema.parse(JSON.parse(request.body ?? '')).requests.map(({ url }) => url);
}

/** Answers each path of each batch; `undefined` leaves its answer out. Last come first, as order is not promised. */
function service(inner: (path: string, batch: number) => Inner | undefined) {
  return (request: HttpRequest, batch: number): HttpResult => {
    const { requests } = requestSchema.parse(JSON.parse(request.body ?? ''));
    const responses = requests.flatMap(({ id, url }) => {
      const one = inner(url, batch);
      return one === undefined ? [] : [{ id, ...one }];
    });
    return answer(200, { responses: responses.reverse() });
  };
}

const isSecond = (path: string): boolean => path === '/b';

describe('a batch of reads', () => {
  it('is one POST, and keeps the order of its paths', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, service(found));
      const answers = await readBatch(client, ['/a', '/b', '/c']);
      expect(answers.map((one) => (one.kind === 'success' ? one.body : one))).toEqual([
        { url: '/a' },
        { url: '/b' },
        { url: '/c' },
      ]);
      const [request] = transport.requests;
      expect([transport.requests.length, request?.method, request?.url]).toEqual([
        1,
        'POST',
        'https://graph.test/beta/$batch',
      ]);
    });
  });

  it('settles a refusal as the answer to its path alone', async () => {
    await inVirtualTime(async (clock) => {
      const gone = { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'No.' } } };
      const { client } = scripted(
        clock,
        service((path) => (isSecond(path) ? gone : found(path))),
      );
      const answers = await readBatch(client, ['/a', '/b']);
      expect(answers.map(({ kind, status }) => [kind, status])).toEqual([
        ['success', 200],
        ['refused', 404],
      ]);
    });
  });

  it.each([
    ['in seconds', '7', 7_000],
    ['as a number', 7, 7_000],
    ['as a date', 'Mon, 05 Jan 2026 08:00:07 GMT', 7_000],
    ['without Retry-After', undefined, 1_000],
  ])('repeats what was throttled, alone and after its time: %s', async (_what, retryAfter, waitMs) => {
    await inVirtualTime(async (clock) => {
      const throttled = { status: 429, headers: { 'Retry-After': retryAfter }, body: null };
      const { client, transport } = scripted(
        clock,
        service((path, batch) => (isSecond(path) && batch === 0 ? throttled : found(path))),
      );
      const answers = await readBatch(client, ['/a', '/b', '/c']);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(transport.requests.map(paths)).toEqual([['/a', '/b', '/c'], ['/b']]);
      expect(transport.sentAtMs[1]).toBe(waitMs);
      expect(client.counts()).toEqual({ reads: 2, writes: 0, throttledReads: 1, throttledWrites: 0 });
    });
  });

  it('waits for the longest of several times', async () => {
    await inVirtualTime(async (clock) => {
      const seconds = new Map([
        ['/a', '3'],
        ['/b', '9'],
        ['/c', '5'],
      ]);
      const { client, transport } = scripted(
        clock,
        service((path, batch) =>
          batch === 0 ? { status: 429, headers: { 'retry-after': seconds.get(path) } } : found(path),
        ),
      );
      await readBatch(client, ['/a', '/b', '/c']);
      expect(transport.sentAtMs).toEqual([0, 9_000]);
    });
  });

  it('is patient with throttling, however often it happens', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(
        clock,
        service((path, batch) =>
          batch < 50 ? { status: 429, headers: { 'Retry-After': '1' } } : found(path),
        ),
      );
      expect((await readBatch(client, ['/a'])).map(({ kind }) => kind)).toEqual(['success']);
      expect(transport.requests).toHaveLength(51);
    });
  });

  it.each([
    ['that failed', { status: 503, headers: {}, body: null }],
    ['that has no answer', undefined],
  ])('repeats a part %s, and gives up in the end', async (_what, inner) => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(
        clock,
        service((path) => (isSecond(path) ? inner : found(path))),
      );
      await expect(readBatch(client, ['/a', '/b'])).rejects.toMatchObject({
        code: 'graph-failed',
        message: 'Microsoft Graph did not answer GET /b in 8 batches.',
      });
      expect(transport.requests.map(paths).slice(1)).toEqual(Array.from({ length: 7 }, () => ['/b']));
    });
  });

  it('never repeats at once what failed, and waits as long as the service asks', async () => {
    await inVirtualTime(async (clock) => {
      const failed = [{ status: 500 }, { status: 503, headers: { 'Retry-After': '20' } }];
      const { client, transport } = scripted(
        clock,
        service((path, batch) => failed[batch] ?? found(path)),
      );
      await readBatch(client, ['/a']);
      const [, second = 0, third = 0] = transport.sentAtMs;
      expect(second).toBeGreaterThanOrEqual(250);
      expect(third - second).toBeGreaterThanOrEqual(20_000);
    });
  });

  it.each([
    ['is no JSON object', 'words'],
    ['has no responses', {}],
  ])('is repeated when the answer %s', async (_what, body) => {
    await inVirtualTime(async (clock) => {
      const whole = service(found);
      const { client, transport } = scripted(clock, (request, n) =>
        n === 0 ? answer(200, body) : whole(request, n),
      );
      expect((await readBatch(client, ['/a'])).map(({ kind }) => kind)).toEqual(['success']);
      expect(transport.requests).toHaveLength(2);
    });
  });

  it('ends with a word when the batch itself is refused', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [
        answer(400, { error: { code: 'BadRequest', message: 'Malformed.' } }),
      ]);
      await expect(readBatch(client, ['/a'])).rejects.toMatchObject({
        code: 'graph-failed',
        message: 'Microsoft Graph refused a batch of reads: HTTP 400 BadRequest Malformed.',
      });
    });
  });
});
