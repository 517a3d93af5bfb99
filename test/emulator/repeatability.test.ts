// The same seed, requests and clock give the same answers, and turning one thing on leaves the others alone.

import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../src/emulator/settings.js';
import { Secret } from '../../src/secret.js';
import { ada, DEVICES, methodsOf, type Parts, Rehearsal, SECRET, seedToken, token } from './rehearsal.js';

type Settings = NonNullable<Parts['settings']>;

/** Everything that a client and the truth see of a fixed run. */
async function play(settings: Settings): Promise<Rehearsal & { readonly seen: readonly string[] }> {
  const rehearsal = new Rehearsal({ settings });
  const seen: string[] = [];
  for (let n = 0; n < 60; n += 1) {
    const reply = await rehearsal.reply('POST', DEVICES, token(`S${n}`, { assignTo: { id: ada.id } }));
    seen.push(JSON.stringify(reply));
    seen.push(JSON.stringify(await rehearsal.reply('GET', `${DEVICES}?$top=3`)));
  }
  return Object.assign(rehearsal, { seen });
}

const ROUGH: Settings = {
  seed: 7,
  latency: { p5: '80ms', p95: '400ms' },
  consistency: { lag: '10s' },
  throttle: { writes: { kind: 'token-bucket', rate: 5, burst: 10 }, spurious: 0.05 },
  faults: { resetAfter: 0.1, errorAfter: 0.1, duplicateDelivery: 0.1, late404: 0.1 },
};

function faulty(rehearsal: Rehearsal, fault: FaultName): readonly number[] {
  return rehearsal.emulator.truth().log.flatMap((entry) => (entry.fault === fault ? [entry.seq] : []));
}

describe('a run', () => {
  it('is the same, byte for byte, with the same seed, and another with another', async () => {
    const [one, two, other] = [await play(ROUGH), await play(ROUGH), await play({ ...ROUGH, seed: 8 })];
    expect(two.seen).toEqual(one.seen);
    expect(two.emulator.truth()).toEqual(one.emulator.truth());
    expect(other.seen).not.toEqual(one.seen);
  });

  it('has the same faults and ids with latency as without', async () => {
    const faults = { resetBefore: 0.1 };
    const quick = await play({ seed: 7, faults });
    const slow = await play({ seed: 7, faults, latency: { p5: '80ms', p95: '400ms' } });
    expect(faulty(slow, 'resetBefore')).toEqual(faulty(quick, 'resetBefore'));
    const ids = (rehearsal: Rehearsal) => rehearsal.emulator.truth().devices.map(({ id }) => id);
    expect(ids(slow)).toEqual(ids(quick));
  });

  it('has the same faults of one kind when another kind is turned on', async () => {
    const few = await play({ seed: 7, faults: { resetBefore: 0.1 } });
    const many = await play({ seed: 7, faults: { status503: 0.3, resetBefore: 0.1 }, faultsOn: 'all' });
    expect(faulty(few, 'resetBefore').length).toBeGreaterThan(3);
    expect(faulty(many, 'resetBefore')).toEqual(faulty(few, 'resetBefore'));
  });
});

describe('a secret', () => {
  it('is in no answer, no log, no truth, no snapshot and no inspection', async () => {
    const devices = [seedToken('SEED', { secretKey: new Secret(SECRET), assignedTo: ada.id })];
    const rehearsal = new Rehearsal({ devices });
    const seen: unknown[] = [];
    rehearsal.emulator.onChange((change) => seen.push(JSON.stringify(change)));
    seen.push(await rehearsal.post(DEVICES, token('S1')), await rehearsal.post(DEVICES, token('S1')));
    seen.push(await rehearsal.send('PATCH', DEVICES, { value: [token('S2'), token('S1')] }));
    seen.push(
      await rehearsal.get(`${DEVICES}?$filter=secretKey eq '${SECRET}'`),
      await rehearsal.get(DEVICES),
    );
    seen.push(await rehearsal.get(methodsOf(ada)));
    seen.push(await rehearsal.post('/$batch', { requests: [{ id: SECRET }] }));
    const { emulator } = rehearsal;
    const { inspect } = await import('node:util');
    seen.push(emulator.truth(), emulator.snapshot(), inspect(emulator.truth(), { depth: null }));
    expect(JSON.stringify(seen)).toContain('SEED');
    expect(JSON.stringify(seen)).not.toContain(SECRET);
  });
});

describe('the access log', () => {
  it('keeps the newest requests, and the counters keep all', async () => {
    const rehearsal = new Rehearsal({ settings: { accessLogLimit: 50 } });
    for (let n = 0; n < 1_300; n += 1)
      await rehearsal.emulator.handle({ method: 'GET', path: '/beta/users', headers: {}, body: '' });
    const { log, counters } = rehearsal.emulator.truth();
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, n) => 1_251 + n));
    expect(counters).toMatchObject({ http: 1_300, reads: 1_300 });
  });

  it('can be switched off', async () => {
    const rehearsal = new Rehearsal({ settings: { accessLogLimit: 0 } });
    const request = { method: 'GET', path: '/beta/users', headers: {}, body: '' };
    for (let n = 0; n < 1_300; n += 1) await rehearsal.emulator.handle(request);
    expect(rehearsal.emulator.truth()).toMatchObject({ log: [], counters: { http: 1_300 } });
  });

  it('tells when a request came, when it was answered, and what the client called it', async () => {
    const rehearsal = new Rehearsal({ settings: { latency: { p5: '100ms', p95: '100ms' } } });
    await rehearsal.send('GET', '/users?$top=1', undefined, { 'client-request-id': 'mine' });
    const [entry] = rehearsal.emulator.truth().log;
    expect(entry).toMatchObject({
      seq: 1,
      method: 'GET',
      path: '/beta/users?$top=1',
      clientRequestId: 'mine',
      status: 200,
    });
    expect((entry?.endedAtMs ?? 0) - (entry?.atMs ?? 0)).toBeCloseTo(100, 3);
  });
});
