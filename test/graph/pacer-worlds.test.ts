// The pacer against services with limits of their own: how near a run comes to the least time that the limit
// allows, and how many requests are refused on the way. Nothing real is waited for.

import { describe, expect, it } from 'vitest';
import { DOCUMENTED_WRITES, Pacer, type PacerSettings } from '../../src/graph/pacer.js';
import { seededRandom } from '../../src/random.js';

/** A service with a token bucket. */
interface World {
  readonly rate: number;
  readonly burst: number;
  /** What is in the bucket at the start; all of it when left out. */
  readonly left?: number;
  readonly retryAfter: (waitMs: number) => number | undefined;
  readonly costOfRejection?: 1;
}

interface Result {
  /** Against the least time in which the bucket can let so many through. */
  readonly ratio: number;
  readonly refused: number;
  readonly insideGate: number;
}

const CONCURRENCY = 16;

/** Plays `requests` through the pacer; answers take 80 to 400 ms. */
function play(world: World, settings: PacerSettings, requests: number, seed: number): Result {
  const random = seededRandom(seed);
  const pacer = new Pacer(settings);
  const events: { readonly atMs: number; readonly happen: () => void }[] = [];
  const at = (atMs: number, happen: () => void): void => {
    const before = events.findLastIndex((event) => event.atMs >= atMs);
    events.splice(before + 1, 0, { atMs, happen });
  };
  let nowMs = 0;
  let tokens = world.left ?? world.burst;
  let filledAtMs = 0;
  let [waiting, inFlight, done, refused, insideGate] = [requests, 0, 0, 0, 0];
  let wakeAtMs = Number.POSITIVE_INFINITY;

  const judge = (sentAtMs: number, latencyMs: number): void => {
    tokens = Math.min(world.burst, tokens + ((nowMs - filledAtMs) / 1_000) * world.rate);
    filledAtMs = nowMs;
    if (tokens >= 1 - 1e-9) {
      tokens -= 1;
      at(nowMs + latencyMs / 2, () => {
        done += 1;
        inFlight -= 1;
        pacer.accepted(nowMs, sentAtMs);
      });
      return;
    }
    const told = world.retryAfter(((1 - tokens) / world.rate) * 1_000);
    tokens = Math.max(0, tokens - (world.costOfRejection ?? 0));
    at(nowMs + 20, () => {
      refused += 1;
      waiting += 1;
      inFlight -= 1;
      pacer.throttled(nowMs, told, sentAtMs);
    });
  };

  const sendWhatMay = (): void => {
    while (waiting > 0 && inFlight < CONCURRENCY) {
      const nextMs = pacer.next(nowMs);
      if (nextMs > nowMs) {
        if (nextMs >= wakeAtMs) return;
        wakeAtMs = nextMs;
        at(nextMs, () => {
          if (wakeAtMs <= nowMs) wakeAtMs = Number.POSITIVE_INFINITY;
        });
        return;
      }
      if (nowMs < pacer.view().gateUntilMs) insideGate += 1;
      pacer.sent(nowMs);
      [waiting, inFlight] = [waiting - 1, inFlight + 1];
      const [sentAtMs, latencyMs] = [nowMs, 80 + 320 * random.next()];
      at(nowMs + latencyMs / 2, () => judge(sentAtMs, latencyMs));
    }
  };

  sendWhatMay();
  while (done < requests) {
    const event = events.pop();
    if (event === undefined) throw new Error(`seed ${seed}: nothing happens any more after ${done} requests`);
    nowMs = event.atMs;
    event.happen();
    sendWhatMay();
  }
  const leastMs = ((requests - (world.left ?? world.burst)) / world.rate) * 1_000;
  return { ratio: nowMs / leastMs, refused, insideGate };
}

const roundedUp = (waitMs: number): number => Math.ceil(waitMs / 1_000);
const exact = (waitMs: number): number => waitMs / 1_000;
const tenSeconds = (): number => 10;
const untold = (): undefined => undefined;

const NOTHING_KNOWN: PacerSettings = { burst: 1 };
const DOCUMENTED_WITHOUT_BURST: PacerSettings = { ...DOCUMENTED_WRITES, burst: 1 };

/** Names as in throttling.md, section 4. */
const CASES: readonly (readonly [
  what: string,
  world: World,
  settings: PacerSettings,
  requests: number,
  ratioMax: number,
  refusedMax: number,
])[] = [
  ['A: as documented', { rate: 20, burst: 3_000, retryAfter: roundedUp }, DOCUMENTED_WRITES, 10_000, 1.03, 0],
  ['A, nothing known', { rate: 20, burst: 3_000, retryAfter: roundedUp }, NOTHING_KNOWN, 10_000, 1.05, 60],
  ['B: long waits', { rate: 20, burst: 3_000, retryAfter: tenSeconds }, NOTHING_KNOWN, 10_000, 1.1, 60],
  ['C: no burst', { rate: 20, burst: 20, retryAfter: roundedUp }, DOCUMENTED_WRITES, 10_000, 1.1, 60],
  [
    'C, no burst used',
    { rate: 20, burst: 20, retryAfter: roundedUp },
    DOCUMENTED_WITHOUT_BURST,
    10_000,
    1.03,
    0,
  ],
  [
    'D: no burst, long waits',
    { rate: 20, burst: 20, retryAfter: tenSeconds },
    DOCUMENTED_WRITES,
    10_000,
    1.4,
    60,
  ],
  [
    'G: a refusal costs quota',
    { rate: 20, burst: 3_000, retryAfter: roundedUp, costOfRejection: 1 },
    NOTHING_KNOWN,
    10_000,
    1.05,
    60,
  ],
  ['P: one a second, untold', { rate: 1, burst: 10, retryAfter: untold }, DOCUMENTED_WRITES, 1_000, 1.05, 60],
  ['R: five a second', { rate: 5, burst: 50, retryAfter: tenSeconds }, DOCUMENTED_WRITES, 5_000, 1.05, 60],
  [
    'the bucket is empty at the start, as after a run that was stopped',
    { rate: 20, burst: 3_000, left: 0, retryAfter: roundedUp },
    DOCUMENTED_WRITES,
    5_000,
    1.05,
    40,
  ],
  [
    'the same, with exact fractions of a second',
    { rate: 20, burst: 3_000, left: 0, retryAfter: exact },
    DOCUMENTED_WRITES,
    5_000,
    1.05,
    40,
  ],
];

describe('a run ends near the least time that the service allows, with few refusals', () => {
  it.each(CASES)('%s', (_what, world, settings, requests, ratioMax, refusedMax) => {
    for (const seed of [1, 2, 3]) {
      const { ratio, refused, insideGate } = play(world, settings, requests, seed);
      expect(insideGate, `seed ${seed}`).toBe(0);
      expect(ratio, `seed ${seed}`).toBeLessThanOrEqual(ratioMax);
      expect(refused, `seed ${seed}`).toBeLessThanOrEqual(refusedMax);
    }
  });
});
