// Lets programs that know only the real timers wait in a time of their own: while `inVirtualTime` runs,
// setTimeout, clearTimeout, Date.now and Math.random are its own. Not for programs that use sockets.

import { setImmediate as turn } from 'node:timers/promises';
import { seededRandom } from '../../src/random.js';
import { Events } from './events.js';

/** Any moment but 0, which some programs take for "never". */
const EPOCH_MS = 1_000_000_000_000;

export interface VirtualTime {
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

/**
 * Runs `work` to its end, or until `mayGoOn` answers no.
 * Timers keep Node's grain: whole milliseconds, and at least one.
 */
export async function inVirtualTime(
  seed: number,
  work: (time: VirtualTime) => Promise<void>,
  mayGoOn: (nowMs: number) => boolean,
): Promise<void> {
  const events = new Events();
  const cancelled = new WeakSet<object>();
  let nowMs = 0;
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const [realNow, realRandom] = [Date.now, Math.random];
  const random = seededRandom(seed * 13 + 5);

  const virtualSetTimeout = (happen: (...words: unknown[]) => void, ms = 0, ...words: unknown[]): object => {
    const handle = { unref: () => handle, ref: () => handle };
    events.add(nowMs + Math.max(1, Math.trunc(ms)), () => {
      if (!cancelled.has(handle)) happen(...words);
    });
    return handle;
  };
  const virtualClearTimeout = (handle: object | undefined | null): void => {
    if (handle !== undefined && handle !== null) cancelled.add(handle);
  };
  Object.assign(globalThis, { setTimeout: virtualSetTimeout, clearTimeout: virtualClearTimeout });
  Object.assign(Date, { now: () => EPOCH_MS + Math.floor(nowMs) });
  Object.assign(Math, { random: () => random.next() });
  try {
    let ended = false;
    const whole = work({
      nowMs: () => nowMs,
      wait: (ms) => new Promise((resolve) => events.add(nowMs + ms, () => resolve())),
    }).finally(() => {
      ended = true;
    });
    const goOn = async (): Promise<void> => {
      for (;;) {
        // Everything that this moment has set going comes to rest before the next moment.
        await turn();
        if (ended || !mayGoOn(nowMs)) return;
        const event = events.take();
        if (event === undefined) throw new Error(`nothing is left to wait for at ${nowMs} ms`);
        nowMs = event.atMs;
        event.happen();
      }
    };
    await goOn();
    if (ended) await whole;
  } finally {
    Object.assign(globalThis, real);
    Object.assign(Date, { now: realNow });
    Object.assign(Math, { random: realRandom });
  }
}
