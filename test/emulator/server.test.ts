// The emulator over real HTTP, on a loopback port.

import { type Dispatcher, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { type ServedEmulator, serveEmulator } from '../../src/emulator/server.js';
import { type EmulatorSettingsInput, emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { Secret } from '../../src/secret.js';
import { ada, at, DEVICES, items, SECRET, seedToken, textLike, token } from './rehearsal.js';

const open: ServedEmulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(
  settings: EmulatorSettingsInput = {},
): Promise<{ readonly url: string; readonly emulator: Emulator }> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse(settings),
    seed: {
      users: [ada],
      devices: ['A', 'B', 'C'].map((serial) => seedToken(serial, { secretKey: new Secret(SECRET) })),
    },
    clock: systemClock,
  });
  const server = await serveEmulator(emulator, {});
  open.push(server);
  return { url: server.url, emulator };
}

const json = { 'content-type': 'application/json' };

async function call(
  url: string,
  method: Dispatcher.HttpMethod = 'GET',
  body?: unknown,
): Promise<{
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly json: unknown;
}> {
  const options = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: json };
  const answer = await request(url, options);
  const text = await answer.body.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: answer.statusCode, headers: answer.headers, json: parsed };
}

/** The code with which a request fails. */
async function failure(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return z.object({ code: z.string() }).parse(error).code;
}

describe('the server', () => {
  it('listens on loopback only, on a free port, under /beta', async () => {
    const { url } = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/beta$/);
  });

  it('creates, lists and deletes over HTTP, with the headers of the service', async () => {
    const { url } = await serve();
    const created = await call(`${url}${DEVICES}`, 'POST', token('S1'));
    expect(created).toMatchObject({ status: 201, json: { serialNumber: 'S1', secretKey: null } });
    expect(created.headers).toMatchObject({
      'request-id': textLike(/./),
      'content-type': textLike(/application\/json/),
      date: textLike(/GMT$/),
    });
    const deleted = await call(`${url}${DEVICES}/${String(at(created.json, 'id'))}`, 'DELETE');
    expect(deleted).toMatchObject({ status: 204, json: undefined });
  });

  it('gives the address of the next page, which can be followed as it is', async () => {
    const { url } = await serve({ pageSize: 2 });
    const first = await call(`${url}${DEVICES}`);
    const next = z.string().parse(at(first.json, '@odata.nextLink'));
    expect(next.startsWith(`${url}${DEVICES}?`)).toBe(true);
    expect(items((await call(next)).json).map((item) => at(item, 'serialNumber'))).toEqual(['C']);
  });

  it('resets the connection, before or after the change', async () => {
    const { url, emulator } = await serve();
    emulator.plan({ fault: 'resetBefore', method: 'POST' });
    expect(await failure(call(`${url}${DEVICES}`, 'POST', token('S1')))).toBe('ECONNRESET');
    expect(emulator.truth().devices).toHaveLength(3);
    emulator.plan({ fault: 'resetAfter', method: 'POST' });
    expect(await failure(call(`${url}${DEVICES}`, 'POST', token('S1')))).toBe('ECONNRESET');
    expect(emulator.truth().devices).toHaveLength(4);
  });

  it('ends a stall when the client gives up, and when it is closed', async () => {
    const { url, emulator } = await serve({ faults: { stall: 1 } });
    const giveUp = new AbortController();
    const stalled = failure(
      request(`${url}${DEVICES}`, { signal: giveUp.signal }).then(() => undefined),
    ).catch(() => 'gone');
    while (emulator.truth().log.length === 0) await new Promise(setImmediate);
    giveUp.abort(new Error('enough'));
    await stalled;
    while (emulator.truth().log[0]?.status === 'pending') await new Promise(setImmediate);
    expect(emulator.truth().log[0]?.status).toBe('reset');
    const second = failure(call(`${url}${DEVICES}`));
    while (emulator.truth().log.length === 1) await new Promise(setImmediate);
    await Promise.all(open.splice(0).map((server) => server.close()));
    expect(await second).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
  });

  it('answers 413 to more than 4 MB', async () => {
    const { url } = await serve();
    const body = { displayName: 'x'.repeat(5 * 1024 * 1024) };
    expect(await call(`${url}${DEVICES}`, 'POST', body)).toMatchObject({ status: 413 });
  });

  it('hands out the truth, without a secret, outside the rehearsed service', async () => {
    const { url, emulator } = await serve();
    await call(`${url}${DEVICES}`, 'POST', token('S1'));
    const truth = await call(new URL('/emulator/truth', url).href);
    expect(truth.json).toEqual(JSON.parse(JSON.stringify(emulator.truth())));
    expect(JSON.stringify(truth.json)).not.toContain(SECRET);
    expect(await call(`${url}/emulator/truth`)).toMatchObject({ status: 400 });
  });

  it('changes its settings while it runs', async () => {
    const { url, emulator } = await serve();
    const settings = new URL('/emulator/settings', url).href;
    expect(await call(settings, 'POST', { faults: { status503: 1 } })).toMatchObject({ status: 200 });
    expect(await call(`${url}${DEVICES}`)).toMatchObject({ status: 503 });
    expect(await call(settings, 'POST', { faults: {} })).toMatchObject({ status: 200 });
    expect(await call(`${url}${DEVICES}`)).toMatchObject({ status: 200 });
    expect(await call(settings, 'POST', { faults: { status503: 2 } })).toMatchObject({ status: 400 });
    const plain = await request(settings, {
      method: 'POST',
      body: '{"pageSize":1}',
      headers: { 'content-type': 'text/plain' },
    });
    await plain.body.dump();
    expect([plain.statusCode, emulator.settings.pageSize]).toEqual([404, 100]);
  });

  it('answers many requests at once', async () => {
    const { url, emulator } = await serve();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) => call(`${url}${DEVICES}`, 'POST', token(`N${n}`))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(emulator.truth().devices).toHaveLength(303);
  });

  it('frees its port when it is closed', async () => {
    const { url } = await serve();
    await Promise.all(open.splice(0).map((server) => server.close()));
    expect(await failure(call(`${url}${DEVICES}`))).toBe('ECONNREFUSED');
  });
});
