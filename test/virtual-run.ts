// A whole run in virtual time, Bottleneck included: it sets timers of its own, on the computer's clock, which
// a Clock that is handed in does not reach. So the timers themselves are faked here, and a Clock stands on
// them. Nothing real is waited for, and the same work always goes the same way.

import { vi } from 'vitest';
import type { Clock } from '../src/clock.js';

/** Captured before anything is faked. */
const realImmediate = setImmediate;

const START_MS = Date.UTC(2026, 0, 5, 8);

/** The longest that a timer can wait; what sleeps so long waits for something else to wake it. */
const TIMER_MAX_MS = 2_147_483_647;

/** A run that fires more timers than this goes round in a circle. */
const TIMERS_MAX = 2_000_000;

/** A run that takes longer than this waits for something that never comes. */
const VIRTUAL_MAX_MS = 14 * 86_400_000;

const clock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Date.now() - START_MS,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      // Faked timers cut fractions off; rounded up, nobody wakes before the time.
      const timer = setTimeout(finish, Math.min(Math.ceil(ms), TIMER_MAX_MS));
      signal?.addEventListener('abort', finish, { once: true });
    }),
};

/** Lets every promise that can settle do so. */
function drain(): Promise<void> {
  return new Promise((resolve) => {
    realImmediate(resolve);
  });
}

/**
 * Carries out `work` in virtual time. The end of the turn (`setImmediate`) is faked as well, so that time
 * never moves while the ledger has still to commit. Work that waits for real files or sockets cannot be
 * carried out so.
 *
 * @example
 * const answer = await inVirtualTime((clock) => client(clock).read(url)); // an hour of 429 takes no time
 */
export async function inVirtualTime<Value>(work: (clock: Clock) => Promise<Value>): Promise<Value> {
  vi.useFakeTimers({
    now: START_MS,
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'Date',
    ],
  });
  try {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    const result = work(clock);
    result.then(settled, settled);
    await drain();
    for (let timers = 0; !isSettled; timers += 1) {
      if (vi.getTimerCount() === 0) throw new Error('everything waits, and no timer is set');
      if (timers > TIMERS_MAX) throw new Error(`${TIMERS_MAX} timers have fired`);
      vi.advanceTimersToNextTimer();
      if (clock.monotonicMs() > VIRTUAL_MAX_MS) throw new Error('everything waits for what never comes');
      await drain();
    }
    return await result;
  } finally {
    vi.useRealTimers();
  }
}
