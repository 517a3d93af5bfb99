// The virtual clock that the other tests rely on.

import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

async function wakeAfter(clock: VirtualClock, times: readonly number[], woken: string[]): Promise<void> {
  await Promise.all(
    times.map(async (ms, n) => {
      await clock.sleep(ms);
      woken.push(`${n}@${clock.monotonicMs()}`);
    }),
  );
}

describe('a virtual clock', () => {
  it('wakes sleepers when they are due, in the order in which they fell asleep', async () => {
    const clock = new VirtualClock();
    const woken: string[] = [];
    const all = wakeAfter(clock, [30, 10, 20, 10, 5, 30, 7], woken);
    await clock.advance(10);
    expect(woken).toEqual(['4@5', '6@7', '1@10', '3@10']);
    await clock.advance(9);
    expect([woken.length, clock.monotonicMs()]).toEqual([4, 19]);
    await clock.runToEnd();
    await all;
    expect(woken.slice(4)).toEqual(['2@20', '0@30', '5@30']);
  });

  it('lets a day of work pass at once', async () => {
    const clock = new VirtualClock({ startMs: 1_000 });
    const work = async (): Promise<string> => {
      for (let hour = 0; hour < 24; hour += 1) await clock.sleep(3_600_000);
      return 'done';
    };
    expect(await clock.run(work())).toBe('done');
    expect([clock.monotonicMs(), clock.wallMs()]).toEqual([86_400_000, 86_401_000]);
  });

  it('wakes an aborted sleeper at once, and is not moved by it later', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleeping = clock.sleep(1_000, controller.signal);
    expect(clock.sleeping).toBe(1);
    controller.abort();
    await sleeping;
    await clock.sleep(1_000, controller.signal);
    await clock.runToEnd();
    expect([clock.monotonicMs(), clock.sleeping]).toEqual([0, 0]);
  });

  it('says so when nothing can happen any more', async () => {
    await expect(new VirtualClock().run(new Promise(() => undefined))).rejects.toThrow('nobody sleeps');
  });

  it('hands on the failure of what it runs', async () => {
    await expect(new VirtualClock().run(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('jumps the wall clock alone', async () => {
    const clock = new VirtualClock({ startMs: 0 });
    clock.jumpWall(-5_000);
    await clock.advance(1_000);
    expect([clock.monotonicMs(), clock.wallMs()]).toEqual([1_000, -4_000]);
  });

  it('keeps ten thousand sleepers in order', async () => {
    const clock = new VirtualClock();
    const woken: number[] = [];
    const all = Promise.all(
      Array.from({ length: 10_000 }, async (_, n) => {
        const ms = (n * 7_919) % 1_000;
        await clock.sleep(ms);
        woken.push(clock.monotonicMs());
      }),
    );
    await clock.run(all);
    expect(woken).toHaveLength(10_000);
    expect(woken).toEqual([...woken].sort((one, other) => one - other));
  });
});
