// What can go wrong on the way and in the service: reliability.md, section 3.

import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../src/emulator/settings.js';
import { ada, at, DEVICES, items, methodsOf, Rehearsal, seedToken, textLike, token } from './rehearsal.js';

function failing(fault: FaultName, settings = {}): Rehearsal {
  return new Rehearsal({ settings: { faults: { [fault]: 1 }, ...settings } });
}

describe('a fault without an effect', () => {
  it.each([
    ['status401', 401, 'InvalidAuthenticationToken'],
    ['status500', 500, 'generalException'],
    ['status502', 502, 'BadGateway'],
    ['status503', 503, 'serviceNotAvailable'],
    ['status504', 504, 'GatewayTimeout'],
    ['conflict409', 409, 'Directory_ConcurrencyViolation'],
  ] as const)('%s answers %d and changes nothing', async (fault, status, code) => {
    const rehearsal = failing(fault);
    const told = await rehearsal.post(DEVICES, token('S1'));
    expect([told.status, at(told.json, 'error', 'code')]).toEqual([status, code]);
    expect(rehearsal.emulator.truth()).toMatchObject({
      devices: [],
      log: [{ status, effect: false, fault }],
    });
  });

  it('resetBefore breaks the connection', async () => {
    const rehearsal = failing('resetBefore');
    expect(await rehearsal.reply('POST', DEVICES, token('S1'))).toEqual({ kind: 'reset' });
    expect(rehearsal.emulator.truth()).toMatchObject({
      devices: [],
      log: [{ status: 'reset', effect: false }],
      counters: { http: 1, writes: 0 },
    });
  });

  it('garbageBefore answers 500 with a page of HTML', async () => {
    const rehearsal = failing('garbageBefore');
    const reply = await rehearsal.reply('POST', DEVICES, token('S1'));
    expect(reply).toMatchObject({
      status: 500,
      headers: { 'content-type': 'text/html' },
      body: textLike(/^<html>/),
    });
    expect(rehearsal.emulator.truth().devices).toEqual([]);
  });

  it('late404 hides an object that exists, and nothing else', async () => {
    const rehearsal = new Rehearsal({ settings: { faults: { late404: 1 } }, devices: [seedToken('S1')] });
    expect(await rehearsal.get(`${DEVICES}/id-S1`)).toMatchObject({ status: 404 });
    expect(await rehearsal.get(`/users/${ada.id}`)).toMatchObject({ status: 404 });
    expect(await rehearsal.get(DEVICES)).toMatchObject({ status: 200 });
    expect(await rehearsal.post(DEVICES, token('S2'))).toMatchObject({ status: 201 });
  });

  it('conflict409 leaves reads alone', async () => {
    expect(await failing('conflict409').get(DEVICES)).toMatchObject({ status: 200 });
  });

  it('status503 says when to come back', async () => {
    expect((await failing('status503').get(DEVICES)).headers['retry-after']).toBe('1');
  });

  it('stall never answers: the client gives up, or the connection breaks at last', async () => {
    const rehearsal = failing('stall', { stallFor: '5m' });
    const request = { method: 'POST', path: `/beta${DEVICES}`, headers: {}, body: '' };
    const giveUp = new AbortController();
    const first = rehearsal.emulator.handle(request, giveUp.signal);
    await rehearsal.clock.advance(60_000);
    expect(rehearsal.emulator.truth().log).toMatchObject([{ status: 'pending' }]);
    giveUp.abort();
    expect(await first).toEqual({ kind: 'reset' });
    const startMs = rehearsal.clock.monotonicMs();
    await rehearsal.clock.run(rehearsal.emulator.handle(request));
    expect(rehearsal.clock.monotonicMs() - startMs).toBe(300_000);
    expect(rehearsal.emulator.truth().devices).toEqual([]);
  });
});

describe('a fault after the change took effect', () => {
  it.each(['resetAfter', 'stallAfter'] as const)('%s loses the answer', async (fault) => {
    const rehearsal = failing(fault);
    expect(await rehearsal.reply('POST', DEVICES, token('S1'))).toEqual({ kind: 'reset' });
    expect(rehearsal.emulator.truth()).toMatchObject({
      devices: [{ serialNumber: 'S1' }],
      log: [{ status: 'reset', effect: true, fault }],
    });
  });

  it('errorAfter answers 502 or 504', async () => {
    const rehearsal = failing('errorAfter');
    const statuses = new Set<number>();
    for (let n = 0; n < 20; n += 1) statuses.add((await rehearsal.post(DEVICES, token(`S${n}`))).status);
    expect(statuses).toEqual(new Set([502, 504]));
    expect(rehearsal.emulator.truth().devices).toHaveLength(20);
  });

  it('garbage answers 2xx with something that is not JSON', async () => {
    const rehearsal = failing('garbage');
    expect(await rehearsal.reply('POST', DEVICES, token('S1'))).toMatchObject({
      status: 201,
      body: textLike(/^<html>/),
    });
    expect(rehearsal.emulator.truth().devices).toHaveLength(1);
    const deletion = await rehearsal.reply(
      'DELETE',
      `${DEVICES}/${rehearsal.emulator.truth().devices[0]?.id}`,
    );
    expect(deletion).toMatchObject({ status: 200, body: textLike(/^<html>/) });
    expect(await rehearsal.get(`${DEVICES}/none`)).toMatchObject({ status: 404 });
  });

  it('duplicateDelivery does it twice, and the client sees the second answer', async () => {
    const rehearsal = failing('duplicateDelivery');
    expect(await rehearsal.post(DEVICES, token('S1'))).toMatchObject({ status: 409 });
    expect(rehearsal.emulator.truth()).toMatchObject({
      devices: [{ serialNumber: 'S1' }],
      log: [{ status: 409, effect: true }],
      counters: { writes: 1 },
    });
  });

  it('resetLate breaks the connection first, and the change comes later', async () => {
    const rehearsal = failing('resetLate', { lateBy: '30s' });
    expect(await rehearsal.reply('POST', DEVICES, token('S1'))).toEqual({ kind: 'reset' });
    expect(rehearsal.emulator.truth().devices).toEqual([]);
    await rehearsal.clock.advance(30_000);
    await rehearsal.emulator.settled();
    expect(rehearsal.emulator.truth()).toMatchObject({
      devices: [{ serialNumber: 'S1' }],
      log: [{ effect: true }],
    });
  });
});

describe('faults', () => {
  it('never turn a 429 into a change', async () => {
    const rehearsal = new Rehearsal({
      settings: {
        faults: { duplicateDelivery: 1 },
        throttle: { writes: { kind: 'token-bucket', rate: 0.001, burst: 1 } },
      },
    });
    await rehearsal.post(DEVICES, token('S1'));
    expect(await rehearsal.post(DEVICES, token('S2'))).toMatchObject({ status: 429 });
    expect(rehearsal.statuses()).toEqual({ S1: 'available' });
  });

  it('hit writes only, or reads only, when told to', async () => {
    const writes = failing('status500', { faultsOn: 'writes' });
    expect(await writes.get(DEVICES)).toMatchObject({ status: 200 });
    expect(await writes.post(DEVICES, token('S1'))).toMatchObject({ status: 500 });
    const reads = failing('status500', { faultsOn: 'reads' });
    expect(await reads.get(DEVICES)).toMatchObject({ status: 500 });
    expect(await reads.post(DEVICES, token('S1'))).toMatchObject({ status: 201 });
  });

  it('are as frequent as their probability', async () => {
    const rehearsal = new Rehearsal({ settings: { faults: { status500: 0.05, resetAfter: 0.1 } } });
    for (let n = 0; n < 4_000; n += 1) await rehearsal.reply('GET', '/users?$top=1');
    const { log } = rehearsal.emulator.truth();
    const share = (fault: FaultName) => log.filter((entry) => entry.fault === fault).length / log.length;
    expect(share('resetAfter')).toBeGreaterThan(0.085);
    expect(share('resetAfter')).toBeLessThan(0.115);
    expect(share('status500')).toBeGreaterThan(0.035);
    expect(share('status500')).toBeLessThan(0.06);
  });

  it('that are planned hit exactly the requests that match', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.emulator.plan({ fault: 'resetAfter', method: 'POST', path: 'HARDWAREOATHDEVICES', times: 2 });
    expect(await rehearsal.reply('GET', DEVICES)).toMatchObject({ status: 200 });
    expect(await rehearsal.reply('POST', DEVICES, token('S1'))).toEqual({ kind: 'reset' });
    expect(await rehearsal.reply('POST', DEVICES, token('S2'))).toEqual({ kind: 'reset' });
    expect(await rehearsal.reply('POST', DEVICES, token('S3'))).toMatchObject({ status: 201 });
    expect(Object.keys(rehearsal.statuses())).toEqual(['S1', 'S2', 'S3']);
  });

  it('of the service hit the first delivery of a request, and not its repetition', async () => {
    const rehearsal = failing('duplicateDelivery');
    rehearsal.emulator.plan({ fault: 'status503', times: 2 });
    expect(await rehearsal.post(DEVICES, token('S1'))).toMatchObject({ status: 201 });
  });

  it('of the service hit single requests of a batch, and those of the way the whole batch', async () => {
    const requests = ['1', '2'].map((id) => ({ id, method: 'GET', url: methodsOf(ada) }));
    const inner = await failing('status503').post('/$batch', { requests });
    expect(inner.status).toBe(200);
    const responses = at(inner.json, 'responses');
    expect([at(responses, 0, 'status'), at(responses, 1, 'status')]).toEqual([503, 503]);
    expect(at(responses, 0, 'headers', 'Retry-After')).toBe('1');
    expect(await failing('resetAfter').reply('POST', '/$batch', { requests })).toEqual({ kind: 'reset' });
    const writing = failing('resetAfter', { faultsOn: 'writes' });
    expect(await writing.reply('POST', '/$batch', { requests })).toMatchObject({ status: 200 });
  });

  it('stop when the settings are changed', async () => {
    const rehearsal = failing('status500');
    rehearsal.emulator.change({ ...new Rehearsal().emulator.settings });
    expect(items((await rehearsal.get(DEVICES)).json)).toEqual([]);
  });
});
