// Reads that lag behind: graph-api.md, section 7, and reliability.md, section 3, technique 7.

import { describe, expect, it } from 'vitest';
import { Replica } from '../../src/emulator/replica.js';
import { seededRandom } from '../../src/random.js';
import { ada, at, DEVICES, items, methodsOf, Rehearsal, seedToken, token } from './rehearsal.js';

const LAG_MS = 60_000;

function lagging(seed = 1, devices = [seedToken('OLD')]): Rehearsal {
  return new Rehearsal({ settings: { seed, consistency: { lag: '60s' } }, devices });
}

async function listed(rehearsal: Rehearsal, query = ''): Promise<readonly unknown[]> {
  const { json } = await rehearsal.get(`${DEVICES}${query}`);
  return items(json).map((item) => at(item, 'serialNumber'));
}

/** Waits until the answer changes, second by second; answers how long that took. */
async function until(rehearsal: Rehearsal, isSo: () => Promise<boolean>): Promise<number> {
  const startMs = rehearsal.clock.monotonicMs();
  while (!(await isSo())) {
    await rehearsal.clock.advance(1_000);
    if (rehearsal.clock.monotonicMs() - startMs > LAG_MS) throw new Error('longer than the lag');
  }
  return rehearsal.clock.monotonicMs() - startMs;
}

describe('a reader that lags', () => {
  it('sees a new token late, in every list and by its id, and within the lag', async () => {
    const rehearsal = lagging();
    const id = await rehearsal.create('NEW', { assignTo: { id: ada.id } });
    expect(await listed(rehearsal)).toEqual(['OLD']);
    expect(await listed(rehearsal, "?$filter=serialNumber eq 'NEW'")).toEqual([]);
    expect(await listed(rehearsal, `?$filter=assignedTo/id eq '${ada.id}'`)).toEqual([]);
    expect(await rehearsal.get(`${DEVICES}/${id}`)).toMatchObject({ status: 404 });
    expect(items((await rehearsal.get(methodsOf(ada))).json)).toEqual([]);

    const waitedMs = await until(rehearsal, async () => (await listed(rehearsal)).length === 2);
    expect(waitedMs).toBeGreaterThan(0);
    expect(await listed(rehearsal, "?$filter=serialNumber eq 'NEW'")).toEqual(['NEW']);
    expect(await listed(rehearsal, `?$filter=assignedTo/id eq '${ada.id}'`)).toEqual(['NEW']);
    expect(await rehearsal.get(`${DEVICES}/${id}`)).toMatchObject({ status: 200 });
    expect(items((await rehearsal.get(methodsOf(ada))).json)).toHaveLength(1);
  });

  it('sees each of several new tokens in its own time', async () => {
    const rehearsal = lagging();
    for (let n = 0; n < 30; n += 1) await rehearsal.create(`N${n}`);
    const counts: number[] = [];
    for (let second = 0; second <= 60; second += 1) {
      counts.push((await listed(rehearsal)).length);
      await rehearsal.clock.advance(1_000);
    }
    expect(counts[0]).toBe(1);
    expect(new Set(counts).size).toBeGreaterThan(15);
    expect(counts.at(-1)).toBe(31);
  });

  it('sees a deleted token for a while', async () => {
    const rehearsal = lagging();
    await rehearsal.send('DELETE', `${DEVICES}/id-OLD`);
    expect(await listed(rehearsal)).toEqual(['OLD']);
    expect(await listed(rehearsal, "?$filter=serialNumber eq 'OLD'")).toEqual(['OLD']);
    expect(await rehearsal.send('DELETE', `${DEVICES}/id-OLD`)).toMatchObject({ status: 404 });
    await rehearsal.clock.advance(LAG_MS);
    expect(await listed(rehearsal)).toEqual([]);
    expect(await listed(rehearsal, "?$filter=serialNumber eq 'OLD'")).toEqual([]);
  });

  it("sees a user's methods as they were", async () => {
    const rehearsal = lagging();
    await rehearsal.post(methodsOf(ada), { device: { id: 'id-OLD' } });
    expect(items((await rehearsal.get(methodsOf(ada))).json)).toEqual([]);
    await rehearsal.clock.advance(LAG_MS);
    await rehearsal.send('DELETE', `${methodsOf(ada)}/id-OLD`);
    expect(items((await rehearsal.get(methodsOf(ada))).json)).toHaveLength(1);
    await rehearsal.clock.advance(LAG_MS);
    expect(items((await rehearsal.get(methodsOf(ada))).json)).toEqual([]);
  });

  it('never sees an object go back to an earlier state', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const rehearsal = lagging(seed);
      const id = await rehearsal.create('NEW');
      const seen: unknown[] = [];
      for (let second = 0; second < 130; second += 1) {
        if (second === 60) await rehearsal.send('PATCH', `${DEVICES}/${id}`, { model: '1' });
        if (second === 61) await rehearsal.send('PATCH', `${DEVICES}/${id}`, { model: '2' });
        if (second === 62) await rehearsal.send('PATCH', `${DEVICES}/${id}`, { model: '3' });
        seen.push(at((await rehearsal.get(`${DEVICES}/${id}`)).json, 'model') ?? '');
        await rehearsal.clock.advance(1_000);
      }
      const ranks = seen.map((model) => ['', 'T1', '1', '2', '3'].indexOf(String(model)));
      expect(ranks, `seed ${seed}`).toEqual([...ranks].sort((one, other) => one - other));
      expect(ranks.at(-1)).toBe(4);
    }
  });
});

describe('a write to a fresh object', () => {
  it('is answered with 404 until the object is seen', async () => {
    const rehearsal = lagging();
    const id = await rehearsal.create('NEW', { assignTo: { id: ada.id } });
    const activate = () =>
      rehearsal.post(`${methodsOf(ada)}/${id}/activate`, { verificationCode: rehearsal.code() });
    expect(await activate()).toMatchObject({ status: 404 });
    expect(await rehearsal.post(methodsOf(ada), { device: { id } })).toMatchObject({ status: 404 });
    await until(rehearsal, async () => (await activate()).status === 204);
    expect(rehearsal.statuses()).toMatchObject({ NEW: 'activated' });
  });

  it('is judged by the truth: a serial number is refused before readers see the first token', async () => {
    const rehearsal = lagging();
    await rehearsal.create('NEW');
    expect(await rehearsal.post(DEVICES, token('NEW'))).toMatchObject({ status: 409 });
  });
});

describe('the memory of what changed', () => {
  it('holds no more than what changed within the lag', () => {
    const replica = new Replica(1_000, seededRandom(1));
    const record = (n: number): void => {
      const { id = '', ...rest } = seedToken(`S${n}`);
      const device = {
        ...rest,
        id,
        displayName: null,
        secret: undefined,
        lastUsedDateTime: null,
        isLegacy: false,
      };
      replica.record(id, undefined, { ...device, custody: { kind: 'stock' } }, n * 100);
    };
    for (let n = 0; n < 100; n += 1) record(n);
    const remembered = Array.from({ length: 100 }, (_, n) => [...replica.lately(`serial/S${n}`)].length);
    expect(remembered.slice(0, 89)).toEqual(Array.from({ length: 89 }, () => 0));
    expect(remembered.at(-1)).toBe(1);
  });
});

it('never shows a token of a bulk PATCH that was refused whole', async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const settings = { seed, consistency: { lag: '60s' }, bulk: { onFailure: 'refuse' } } as const;
    const rehearsal = new Rehearsal({ settings });
    const value = [token('S1'), token('S2'), {}];
    expect((await rehearsal.send('PATCH', DEVICES, { '@context': '#$delta', value })).status).toBe(400);
    for (let second = 0; second <= 60; second += 1) {
      expect(await listed(rehearsal), `seed ${seed}, second ${second}`).toEqual([]);
      await rehearsal.clock.advance(1_000);
    }
  }
});
