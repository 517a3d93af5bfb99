// `$batch`: graph-api.md, section 6.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ada, at, DEVICES, Rehearsal, seedToken, textLike, token } from './rehearsal.js';

const json = { 'Content-Type': 'application/json' };

const responsesSchema = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()),
      body: z.unknown(),
    }),
  ),
});

/** The answers by id. */
async function batch(rehearsal: Rehearsal, ...requests: readonly unknown[]) {
  const told = await rehearsal.post('/$batch', { requests });
  expect(told.status).toBe(200);
  const { responses } = responsesSchema.parse(told.json);
  return {
    ids: responses.map(({ id }) => id),
    of: new Map(responses.map((response) => [response.id, response])),
  };
}

describe('a batch', () => {
  it('answers each request on its own, in any order', async () => {
    const rehearsal = new Rehearsal({ devices: [seedToken('S1')] });
    const gets = Array.from({ length: 17 }, (_, n) => ({
      id: `g${n}`,
      method: 'GET',
      url: `/users/${ada.id}`,
    }));
    const { ids, of } = await batch(
      rehearsal,
      { id: '1', method: 'POST', url: DEVICES, headers: json, body: token('S2') },
      { id: '2', method: 'get', url: `${DEVICES.slice(1)}?$filter=serialNumber eq 'S1'` },
      { id: '3', method: 'DELETE', url: `${DEVICES}/none` },
      ...gets,
    );
    expect(of.get('1')).toMatchObject({ status: 201, body: { serialNumber: 'S2' } });
    expect(of.get('2')).toMatchObject({ status: 200, body: { value: [{ serialNumber: 'S1' }] } });
    expect(of.get('3')).toMatchObject({ status: 404, body: { error: { code: 'resourceNotFound' } } });
    expect(ids).toHaveLength(20);
    expect(ids).not.toEqual([...ids].sort());
    expect(ids).not.toEqual(['1', '2', '3', ...gets.map(({ id }) => id)]);
    expect(rehearsal.statuses()).toEqual({ S1: 'available', S2: 'available' });
  });

  it('is judged by the limits one request at a time, each with its own Retry-After', async () => {
    const rehearsal = new Rehearsal({
      settings: { throttle: { writes: { kind: 'token-bucket', rate: 1, burst: 2 }, retryAfter: 'decimal' } },
    });
    const { of } = await batch(
      rehearsal,
      ...['1', '2', '3', '4'].map((id) => ({
        id,
        method: 'POST',
        url: DEVICES,
        headers: json,
        body: token(id),
      })),
      { id: 'read', method: 'GET', url: '/users' },
    );
    expect(['1', '2', '3', '4', 'read'].map((id) => of.get(id)?.status)).toEqual([201, 201, 429, 429, 200]);
    expect(of.get('3')?.headers).toMatchObject({
      'Retry-After': '1.000',
      'Content-Type': textLike(/^application\/json/),
      'x-ms-throttle-scope': textLike(/Write/),
    });
    expect(of.get('3')?.body).toMatchObject({ error: { code: 'TooManyRequests' } });
    expect(rehearsal.emulator.truth().counters).toEqual({
      http: 1,
      requests: 5,
      writes: 4,
      reads: 1,
      throttled: 2,
    });
  });

  it('carries serial requests out in order, and none behind a failed one', async () => {
    const rehearsal = new Rehearsal();
    const post = (id: string, serial: string, ...dependsOn: readonly string[]) => {
      return { id, method: 'POST', url: DEVICES, headers: json, body: token(serial), dependsOn };
    };
    const { of } = await batch(rehearsal, post('1', 'S1'), post('2', 'S1', '1'), post('3', 'S3', '2'));
    expect(['1', '2', '3'].map((id) => of.get(id)?.status)).toEqual([201, 409, 424]);
    expect(rehearsal.statuses()).toEqual({ S1: 'available' });
  });

  it('carries requests out behind the one that all depend on, wherever it stands', async () => {
    const rehearsal = new Rehearsal();
    const list = { method: 'GET', url: DEVICES, dependsOn: ['c'] };
    const create = { id: 'c', method: 'POST', url: DEVICES, headers: json, body: token('S1') };
    const { of } = await batch(rehearsal, { id: 'a', ...list }, create, { id: 'b', ...list });
    expect(of.get('a')?.body).toMatchObject({ value: [{ serialNumber: 'S1' }] });
    expect(of.get('b')?.body).toMatchObject({ value: [{ serialNumber: 'S1' }] });
  });

  it.each([
    ['no requests', []],
    ['21 requests', Array.from({ length: 21 }, (_, n) => ({ id: `${n}`, method: 'GET', url: '/users' }))],
    [
      'an id twice',
      [
        { id: '1', method: 'GET', url: '/users' },
        { id: '1', method: 'GET', url: '/users' },
      ],
    ],
    ['no id', [{ method: 'GET', url: '/users' }]],
    ['no method', [{ id: '1', url: '/users' }]],
    ['an absolute address', [{ id: '1', method: 'GET', url: 'https://graph.microsoft.com/beta/users' }]],
    ['a dependency on nothing', [{ id: '1', method: 'GET', url: '/users', dependsOn: ['9'] }]],
    [
      'a mixture of patterns',
      [
        { id: '1', method: 'GET', url: '/users' },
        { id: '2', method: 'GET', url: '/users', dependsOn: ['1'] },
        { id: '3', method: 'GET', url: '/users', dependsOn: ['2'] },
        { id: '4', method: 'GET', url: '/users', dependsOn: ['2'] },
      ],
    ],
  ])('with %s is refused whole', async (_, requests) => {
    const rehearsal = new Rehearsal();
    expect(await rehearsal.post('/$batch', { requests })).toMatchObject({ status: 400 });
    expect(rehearsal.emulator.truth().counters.requests).toBe(0);
  });

  it('does not nest', async () => {
    const inner = { id: 'i', method: 'POST', url: '/$batch', headers: json, body: { requests: [] } };
    const { of } = await batch(new Rehearsal(), inner);
    expect(of.get('i')?.status).toBe(400);
  });

  it('needs a content type where there is a body', async () => {
    const { of } = await batch(new Rehearsal(), { id: '1', method: 'POST', url: DEVICES, body: token('S1') });
    expect(of.get('1')?.status).toBe(415);
  });

  it('shows in the access log as an envelope with its requests', async () => {
    const rehearsal = new Rehearsal();
    await batch(rehearsal, { id: '1', method: 'POST', url: DEVICES, headers: json, body: token('S1') });
    expect(rehearsal.emulator.truth().log).toMatchObject([
      { seq: 1, path: '/beta/$batch', status: 200, effect: true, write: true, batch: undefined },
      { seq: 2, path: `/beta${DEVICES}`, status: 201, effect: true, write: true, batch: 1 },
    ]);
  });

  it('has the address of the next page in its inner lists', async () => {
    const rehearsal = new Rehearsal({ settings: { pageSize: 1 }, devices: [seedToken('A'), seedToken('B')] });
    const { of } = await batch(rehearsal, { id: '1', method: 'GET', url: DEVICES });
    expect(at(of.get('1')?.body, '@odata.nextLink')).toBe(`http://graph.test/beta${DEVICES}?$skiptoken=p1`);
  });
});
