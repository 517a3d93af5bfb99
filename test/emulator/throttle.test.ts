// The throttling worlds: graph-api.md, section 5, and throttling.md, sections 1 and 4.

import { describe, expect, it } from 'vitest';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import { ada, DEVICES, Rehearsal, type Told, textLike, token } from './rehearsal.js';

type Throttle = NonNullable<EmulatorSettingsInput['throttle']>;

const bucket = (rate: number, burst: number) => ({ kind: 'token-bucket', rate, burst }) as const;

function throttled(throttle: Throttle): Rehearsal {
  return new Rehearsal({ settings: { throttle } });
}

/** Writes as fast as possible; a write without an effect is a write all the same. */
async function writes(rehearsal: Rehearsal, count: number): Promise<readonly Told[]> {
  const all: Told[] = [];
  for (let n = 0; n < count; n += 1) all.push(await rehearsal.send('DELETE', `${DEVICES}/none`));
  return all;
}

function accepted(answers: readonly Told[]): number {
  return answers.filter(({ status }) => status !== 429).length;
}

describe('a token bucket', () => {
  it('lets a burst through and then exactly its rate', async () => {
    const rehearsal = throttled({ writes: bucket(20, 100) });
    expect(accepted(await writes(rehearsal, 150))).toBe(100);
    await rehearsal.clock.advance(1_000);
    expect(accepted(await writes(rehearsal, 50))).toBe(20);
    await rehearsal.clock.advance(3_600_000);
    expect(accepted(await writes(rehearsal, 150))).toBe(100);
  });

  it.each([0.1, 1 / 3, 7.3, 20])(
    'at %d/s lets through whoever waits exactly as long as told',
    async (rate) => {
      const rehearsal = throttled({ writes: bucket(rate, 1), retryAfter: 'decimal' });
      // Latencies are fractions of milliseconds, and fractions are rounded.
      await rehearsal.clock.advance(0.1 + 0.2 + 1 / 3);
      await writes(rehearsal, 1);
      for (let round = 0; round < 500; round += 1) {
        const [refused] = await writes(rehearsal, 1);
        expect(refused?.status).toBe(429);
        await rehearsal.clock.advance(Number(refused?.headers['retry-after']) * 1_000);
        expect(accepted(await writes(rehearsal, 1))).toBe(1);
      }
    },
  );

  it('does not fill while refused requests use it up, when they cost', async () => {
    const rehearsal = throttled({ writes: bucket(10, 10), costOfRejection: 1 });
    await writes(rehearsal, 10);
    for (let second = 0; second < 20; second += 1) {
      for (let tenth = 0; tenth < 10; tenth += 1) {
        await rehearsal.clock.advance(50);
        expect(accepted(await writes(rehearsal, 1))).toBe(0);
      }
    }
    await rehearsal.clock.advance(100);
    expect(accepted(await writes(rehearsal, 1))).toBe(1);
  });
});

describe('a fixed window', () => {
  it('lets its quota through in each window and points to the end of it', async () => {
    const rehearsal = throttled({ writes: { kind: 'fixed-window', quota: 3, window: '150s' } });
    await rehearsal.clock.advance(100_000);
    const answers = await writes(rehearsal, 5);
    expect(accepted(answers)).toBe(3);
    expect(answers.at(-1)?.headers['retry-after']).toBe('50');
    await rehearsal.clock.advance(50_000);
    expect(accepted(await writes(rehearsal, 5))).toBe(3);
  });
});

describe('a 429', () => {
  it('has the documented body and headers, and changes nothing', async () => {
    const rehearsal = throttled({ writes: bucket(0.5, 1) });
    await writes(rehearsal, 1);
    const { status, headers, json } = await rehearsal.post(DEVICES, token('S1'));
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'retry-after': '2',
      'x-ms-throttle-scope': textLike(/^Tenant_Application\/Write\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/),
      'x-ms-throttle-information': 'WriteLimitExceeded',
    });
    expect(json).toMatchObject({
      error: {
        code: 'TooManyRequests',
        message: 'Please retry again later.',
        innerError: { code: '429', message: 'Please retry after', status: '429' },
      },
    });
    expect(rehearsal.emulator.truth()).toMatchObject({
      devices: [],
      counters: { requests: 2, writes: 2, throttled: 1 },
    });
    expect(rehearsal.emulator.truth().log.at(-1)).toMatchObject({ status: 429, effect: false });
  });

  it.each([
    ['seconds', '3'],
    ['decimal', '2.500'],
    ['http-date', 'Mon, 05 Jan 2026 08:00:03 GMT'],
    ['absent', undefined],
    ['zero', '0'],
    ['negative', '-1'],
    ['huge', '86400'],
  ] as const)('has a Retry-After in the form %s: %s', async (retryAfter, value) => {
    const rehearsal = throttled({ writes: bucket(0.4, 1), retryAfter });
    const [, refused] = await writes(rehearsal, 2);
    expect(refused?.headers['retry-after']).toBe(value);
  });

  it('tells to wait at least as long as the settings say', async () => {
    const rehearsal = throttled({ writes: bucket(20, 1), minRetryAfter: '10s' });
    expect((await writes(rehearsal, 2)).at(-1)?.headers['retry-after']).toBe('10');
  });

  it('comes for no reason as often as the settings say', async () => {
    const rehearsal = throttled({ spurious: 0.2 });
    const answers = await writes(rehearsal, 2_000);
    expect(accepted(answers) / 2_000).toBeCloseTo(0.8, 1);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers['x-ms-throttle-information']).toBe('CPULimitExceeded');
  });
});

describe('limits', () => {
  it('on writes leave reads alone, and the other way round', async () => {
    const rehearsal = throttled({ writes: bucket(1, 1), reads: bucket(1, 2) });
    await writes(rehearsal, 5);
    const reads = [
      await rehearsal.get('/users'),
      await rehearsal.get('/users'),
      await rehearsal.get('/users'),
    ];
    expect(reads.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(reads[2]?.headers['x-ms-throttle-scope']).toContain('/Read/');
  });

  it('hold together when there are several', async () => {
    const hour = { kind: 'fixed-window', quota: 15, window: '1h' } as const;
    const rehearsal = throttled({ writes: [bucket(10, 10), hour] });
    expect(accepted(await writes(rehearsal, 20))).toBe(10);
    await rehearsal.clock.advance(10_000);
    const answers = await writes(rehearsal, 20);
    expect(accepted(answers)).toBe(5);
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBe(3_590);
  });

  it('change in mid-run without a new burst', async () => {
    const rehearsal = throttled({ writes: bucket(20, 20) });
    await writes(rehearsal, 20);
    const { settings } = rehearsal.emulator;
    rehearsal.emulator.change({ ...settings, throttle: { ...settings.throttle, writes: [bucket(5, 100)] } });
    expect(accepted(await writes(rehearsal, 10))).toBe(0);
    await rehearsal.clock.advance(2_000);
    expect(accepted(await writes(rehearsal, 20))).toBe(10);
  });

  it('count a request that is refused for another reason', async () => {
    const rehearsal = throttled({ writes: bucket(1, 2) });
    await rehearsal.post(DEVICES, {});
    await rehearsal.post(DEVICES, token('S1', { assignTo: { id: ada.id } }));
    expect(await rehearsal.post(DEVICES, token('S2'))).toMatchObject({ status: 429 });
  });
});

describe('latency', () => {
  it('is lognormal, and half as long for a 429', async () => {
    const rehearsal = new Rehearsal({
      settings: { latency: { p5: '80ms', p95: '400ms' }, throttle: { writes: bucket(0.000_1, 1) } },
    });
    const took = async (send: () => Promise<unknown>): Promise<number> => {
      const startMs = rehearsal.clock.monotonicMs();
      await send();
      return rehearsal.clock.monotonicMs() - startMs;
    };
    const times: number[] = [];
    for (let n = 0; n < 2_000; n += 1) times.push(await took(() => rehearsal.get('/users')));
    times.sort((one, other) => one - other);
    expect(times[100]).toBeGreaterThan(70);
    expect(times[100]).toBeLessThan(90);
    expect(times[1_000]).toBeGreaterThan(165);
    expect(times[1_000]).toBeLessThan(195);
    expect(times[1_900]).toBeGreaterThan(360);
    expect(times[1_900]).toBeLessThan(440);

    await writes(rehearsal, 1);
    const refused: number[] = [];
    for (let n = 0; n < 2_000; n += 1) refused.push(await took(() => writes(rehearsal, 1)));
    refused.sort((one, other) => one - other);
    expect(refused[1_000]).toBeGreaterThan(80);
    expect(refused[1_000]).toBeLessThan(100);
  });
});
