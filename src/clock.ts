// Time enters the program here and nowhere else, so that a whole run can be played in virtual time.

import { performance } from 'node:perf_hooks';

/**
 * The time port.
 *
 * Waiting is measured on the monotonic clock, which a change of the computer's date cannot move;
 * the wall clock is for labels, for HTTP dates and for one-time codes.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump. */
  wallMs(): number;
  /** Milliseconds since an arbitrary moment. Never goes back. */
  monotonicMs(): number;
  /**
   * Resolves after `ms` milliseconds (at once when it is zero or negative), or as soon as the signal
   * is aborted. It never rejects: the caller looks at the signal.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node.js cannot wait longer in one timer: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const TIMER_MAX_MS = 2_147_483_647;

/** The computer's own clock. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
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
      const timer = setTimeout(finish, Math.min(ms, TIMER_MAX_MS));
      signal?.addEventListener('abort', finish, { once: true });
    }),
};

/** A moment as ISO 8601 in UTC, to the millisecond. */
export function isoTime(wallMs: number): string {
  if (wallMs !== last.wallMs) last = { wallMs, text: new Date(wallMs).toISOString() };
  return last.text;
}

/** Many records are of one millisecond. */
let last = { wallMs: 0, text: new Date(0).toISOString() };
