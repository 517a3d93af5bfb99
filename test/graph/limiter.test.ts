// The pacer's word on a real queue: Bottleneck's, on timers that a test drives.

import { setMaxListeners } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.js';
import { OperationError } from '../../src/errors.js';
import { Limiter, Stopped } from '../../src/graph/limiter.js';
import { Pacer, type PacerSettings } from '../../src/graph/pacer.js';
import { inVirtualTime } from '../virtual-run.js';

/** Which queue the tests that follow are about. */
let isUnlimited = false;

function limiterOn(clock: Clock, concurrency: number, settings: PacerSettings = { burst: 1_000 }): Limiter {
  return new Limiter({ pacer: new Pacer(settings), concurrency, clock, isUnlimited });
}

/** Every request that waits listens to its signal. */
function halting(): AbortController {
  const halt = new AbortController();
  setMaxListeners(0, halt.signal);
  return halt;
}

const never = halting().signal;

/** Schedules so many jobs of `ms` each, and answers when each left. */
async function sendMany(
  limiter: Limiter,
  clock: Clock,
  count: number,
  ms: number,
): Promise<readonly number[]> {
  return Promise.all(
    Array.from({ length: count }, () =>
      limiter.schedule(async (sentAtMs) => {
        await clock.sleep(ms);
        limiter.accepted(sentAtMs);
        return sentAtMs;
      }, never),
    ),
  );
}

/** Schedules a request that is refused. */
function refuse(limiter: Limiter, seconds: number | undefined): Promise<void> {
  return limiter.schedule(async (sentAtMs) => limiter.throttled(seconds, sentAtMs), never);
}

describe.each([false, true])('a limiter (unlimited: %s)', (unlimited) => {
  beforeEach(() => {
    isUnlimited = unlimited;
  });

  it('never has more requests in flight than it may', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 3);
      let [inFlight, most] = [0, 0];
      await Promise.all(
        Array.from({ length: 30 }, () =>
          limiter.schedule(async (sentAtMs) => {
            inFlight += 1;
            most = Math.max(most, inFlight);
            expect(limiter.view().inFlight).toBeLessThanOrEqual(3);
            await clock.sleep(100);
            inFlight -= 1;
            limiter.accepted(sentAtMs);
          }, never),
        ),
      );
      expect(most).toBe(3);
      expect(limiter.view()).toMatchObject({ accepted: 30, queued: 0, inFlight: 0 });
    });
  });

  it('lets the burst out, and then keeps to the rate', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 16, { rate: 10, burst: 20 });
      const times = await sendMany(limiter, clock, 70, 50);
      expect(times.filter((ms) => ms < 150)).toHaveLength(19);
      const tookMs = Math.max(...times);
      expect(tookMs).toBeGreaterThanOrEqual(5_000);
      expect(tookMs).toBeLessThanOrEqual(5_300);
    });
  });

  it('is not slower than the pacer, once the pace is known', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 16, { rate: 20, burst: 1 });
      await refuse(limiter, 1);
      const times = await sendMany(limiter, clock, 200, 200);
      // 200 requests at 19.8 a second, behind a gate of one second and one canary.
      expect(Math.max(...times)).toBeLessThanOrEqual(1_000 + 200 + (200 / 19.8) * 1_000 * 1.02);
    });
  });

  it('lets nobody through a closed gate, and one alone after it', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 8);
      await refuse(limiter, 30);
      const times = (await sendMany(limiter, clock, 10, 500)).toSorted((one, other) => one - other);
      expect(times[0]).toBe(30_000);
      expect(times[1]).toBeGreaterThanOrEqual(30_500);
    });
  });

  it('wakes those who wait when a second refusal makes the gate longer', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 8);
      await Promise.all([
        limiter.schedule(async (sentAtMs) => {
          await clock.sleep(1_000);
          limiter.throttled(60, sentAtMs);
        }, never),
        refuse(limiter, 5),
      ]);
      expect(await sendMany(limiter, clock, 1, 0)).toEqual([61_000]);
    });
  });

  it('passes the failure of a job on, and goes on', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 1);
      const failing = limiter.schedule(async (sentAtMs) => {
        limiter.ended(sentAtMs);
        throw new Error('no');
      }, never);
      await expect(failing).rejects.toThrow('no');
      expect(await sendMany(limiter, clock, 2, 0)).toHaveLength(2);
    });
  });

  it('ends with a word when it is asked to wait for more than ten minutes', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 8);
      await refuse(limiter, 600);
      await expect(sendMany(limiter, clock, 1, 0)).resolves.toEqual([600_000]);
      await refuse(limiter, 601);
      const error: unknown = await sendMany(limiter, clock, 1, 0).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(OperationError);
      expect(error).toMatchObject({
        code: 'throttled-too-long',
        exitCode: 1,
        message: 'Microsoft Graph asks to wait 10 min 1 s before the next request.',
      });
    });
  });
});

describe.each([false, true])('a stop (unlimited: %s)', (unlimited) => {
  beforeEach(() => {
    isUnlimited = unlimited;
  });

  it('lets go at once of those who wait at the gate and of those in the queue', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 4, { rate: 0.5, burst: 1 });
      await refuse(limiter, 300);
      const halt = halting();
      let ran = 0;
      const waiting = Array.from({ length: 40 }, () =>
        limiter.schedule(async () => {
          ran += 1;
        }, halt.signal),
      );
      const ends = Promise.allSettled(waiting);
      await clock.sleep(1_000);
      halt.abort();
      const reasons = (await ends).map((end) => (end.status === 'rejected' ? (end.reason as unknown) : end));
      expect(reasons.every((reason) => reason instanceof Stopped)).toBe(true);
      expect([reasons.length, ran, clock.monotonicMs()]).toEqual([40, 0, 1_000]);
    });
  });

  it('lets go at once of those whom a slow pace keeps in the queue', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 16, { rate: 0.3, burst: 1 });
      await refuse(limiter, 1);
      const halt = halting();
      const waiting = Array.from({ length: 60 }, () =>
        limiter.schedule(async (sentAtMs) => limiter.accepted(sentAtMs), halt.signal),
      );
      const ends = Promise.allSettled(waiting);
      await clock.sleep(20_000);
      halt.abort();
      const statuses = (await ends).map(({ status }) => status);
      expect(clock.monotonicMs()).toBe(20_000);
      expect(statuses.filter((status) => status === 'fulfilled').length).toBeLessThanOrEqual(7);
    });
  });

  it('lets a request that has left come to its end', async () => {
    await inVirtualTime(async (clock) => {
      const limiter = limiterOn(clock, 4);
      const halt = halting();
      const inFlight = limiter.schedule(async (sentAtMs) => {
        await clock.sleep(5_000);
        limiter.accepted(sentAtMs);
        return 'answered';
      }, halt.signal);
      await clock.sleep(1_000);
      halt.abort();
      expect(await inFlight).toBe('answered');
    });
  });

  it('before it all began lets nothing leave', async () => {
    await inVirtualTime(async (clock) => {
      const halt = halting();
      halt.abort();
      const limiter = limiterOn(clock, 4);
      await expect(limiter.schedule(async () => 'sent', halt.signal)).rejects.toBeInstanceOf(Stopped);
    });
  });
});
