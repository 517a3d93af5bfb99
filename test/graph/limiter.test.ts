// The pacer's word on a real queue: Bottleneck's, on timers that a test drives.

import { setMaxListeners } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.js';
import { OperationError } from '../../src/errors.js';
import { Limiter, Stopped } from '../../src/graph/limiter.js';
import { Pacer } from '../../src/graph/pacer.js';
import type { PacerSettings } from '../../src/graph/pacer-settings.js';
import type { JobQueue } from '../../src/graph/turn-queue.js';
import { inSimulatedTime } from '../simulation/virtual-time.js';
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

describe('a limiter of a service that throttles nobody', () => {
  it.each([
    [undefined, 2],
    [4, 4],
  ])(
    'lets more of them make their intents durable than it gives to the connection (%s)',
    async (handedOver, mostAtOnce) => {
      await inVirtualTime(async (clock) => {
        const limiter = new Limiter({
          pacer: new Pacer({ burst: 1 }),
          concurrency: 2,
          clock,
          isUnlimited: true,
          intents: 12,
          ...(handedOver === undefined ? {} : { handedOver }),
        });
        let [begun, given, mostBegun, mostGiven, mostInFlight] = [0, 0, 0, 0, 0];
        const all = Array.from({ length: 40 }, () =>
          limiter.schedule(async (sentAtMs) => {
            begun += 1;
            mostBegun = Math.max(mostBegun, begun);
            await limiter.leave(async () => {
              given += 1;
              mostGiven = Math.max(mostGiven, given);
              const { inFlight, queued } = limiter.view();
              mostInFlight = Math.max(mostInFlight, inFlight);
              expect(inFlight + queued).toBeLessThanOrEqual(40);
              await clock.sleep(100);
              given -= 1;
            });
            begun -= 1;
            limiter.accepted(sentAtMs);
          }, never),
        );
        await Promise.all(all);
        expect([mostBegun, mostGiven, mostInFlight]).toEqual([12, mostAtOnce, 2]);
        expect(limiter.view()).toMatchObject({ accepted: 40, queued: 0, inFlight: 0 });
      });
    },
  );
});

describe('a wall clock that is set back by a day', () => {
  beforeEach(() => {
    isUnlimited = false;
  });

  /** Sends 60 requests of which each takes 200 ms; the clock is set back after a second. */
  async function sendSixty(byMs: number): Promise<{ times: readonly number[]; most: number }> {
    return inSimulatedTime(async (time) => {
      const clock = time.clock();
      const limiter = limiterOn(clock, 4, { rate: 5, burst: 1 });
      await refuse(limiter, 1);
      time.add(() => time.jumpWall(byMs), 2_000);
      let [inFlight, most] = [0, 0];
      const times = await Promise.all(
        Array.from({ length: 60 }, () =>
          limiter.schedule(async (sentAtMs) => {
            inFlight += 1;
            most = Math.max(most, inFlight);
            await clock.sleep(200);
            inFlight -= 1;
            limiter.accepted(sentAtMs);
            return sentAtMs;
          }, never),
        ),
      );
      expect(limiter.view()).toMatchObject({ accepted: 60, queued: 0, inFlight: 0 });
      return { times: times.toSorted((one, other) => one - other), most };
    });
  }

  it('holds the queue up for a few seconds, and every request leaves once', async () => {
    const [back, undisturbed] = [await sendSixty(-86_400_000), await sendSixty(0)];
    const [endMs = 0, undisturbedMs = 0] = [back.times.at(-1), undisturbed.times.at(-1)];
    expect(endMs - undisturbedMs).toBeGreaterThan(0);
    expect(endMs - undisturbedMs).toBeLessThanOrEqual(10_000);
    expect(back.most).toBeLessThanOrEqual(4);
  });

  it('does not make the pace faster', async () => {
    const { times } = await sendSixty(-86_400_000);
    const tightest = times.slice(11).map((ms, at) => ms - (times[at + 1] ?? 0));
    // Ten requests at five a second.
    expect(Math.min(...tightest)).toBeGreaterThanOrEqual(1_900);
  });

  it('does not hold up a queue whose places are all taken', async () => {
    await inSimulatedTime(async (time) => {
      const limiter = limiterOn(time.clock(), 2);
      const long = Array.from({ length: 2 }, () =>
        limiter.schedule(async (sentAtMs) => {
          await time.clock().sleep(120_000);
          limiter.accepted(sentAtMs);
        }, never),
      );
      expect(await sendMany(limiter, time.clock(), 1, 0)).toEqual([120_000]);
      await Promise.all(long);
    });
  });
});

describe('a queue that stands still for no known reason', () => {
  const dead: JobQueue = {
    schedule: () => new Promise(() => undefined),
    stop: () => Promise.resolve(),
    updateSettings: () => undefined,
  };

  it('is made anew once, and then ends the run with a word', async () => {
    await inVirtualTime(async (clock) => {
      let made = 0;
      const makeQueue = (): JobQueue => {
        made += 1;
        return dead;
      };
      const limiter = new Limiter({ pacer: new Pacer({ burst: 5 }), concurrency: 4, clock, makeQueue });
      const ends = await Promise.allSettled(
        Array.from({ length: 9 }, () => limiter.schedule(async () => 'sent', never)),
      );
      const code = 'queue-stands-still';
      for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { code } });
      expect(made).toBe(2);
      expect(clock.monotonicMs()).toBeLessThanOrEqual(20_000);
      await expect(limiter.schedule(async () => 'sent', never)).rejects.toMatchObject({ code });
    });
  });

  it('keeps no timer once everything has been sent', async () => {
    await inVirtualTime(async (clock) => {
      await sendMany(limiterOn(clock, 4), clock, 20, 100);
      expect(clock.monotonicMs()).toBeLessThan(1_000);
    });
    await inSimulatedTime(async (time) => {
      await sendMany(limiterOn(time.clock(), 4, { rate: 1, burst: 1 }), time.clock(), 5, 100);
      while (time.step());
      expect(time.nowMs).toBeLessThan(6_000);
    });
  });
});
