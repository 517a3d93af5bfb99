// The services that the clients are measured against: limits, what a refusal says, what it costs. Each has a
// bound of its own: the least time in which anybody can get so many requests through.

import { seededRandom } from '../../src/random.js';
import { MEAN_LATENCY_MS } from './events.js';

/** One part of the world's life with one rate of its bucket. */
interface Phase {
  readonly rate: number;
  /** Its share of the time that the bound takes. */
  readonly share: number;
}

export type Limit =
  | { readonly kind: 'bucket'; readonly phases: readonly Phase[]; readonly burst: number }
  | {
      readonly kind: 'window';
      readonly quota: number;
      readonly seconds: number;
      readonly phaseSeconds: number;
    }
  | { readonly kind: 'sliding'; readonly quota: number; readonly seconds: number };

export interface World {
  readonly name: string;
  readonly what: string;
  readonly limit: Limit;
  /** What Retry-After says of a wait of so many milliseconds; `undefined` leaves the header out. */
  readonly retryAfter: (waitMs: number) => number | undefined;
  /** Quota that a refused request uses up. */
  readonly costOfRefusal?: number;
  /** The probability of a refusal for no fault of the client, and what it asks to wait. */
  readonly spurious?: { readonly probability: number; readonly retryAfterSeconds: number };
}

const ceil = (waitMs: number): number => Math.ceil(waitMs / 1_000);
const exactly = (waitMs: number): number => Math.ceil(waitMs) / 1_000;
const truncated = (waitMs: number): number => Math.floor(waitMs / 1_000);
const always = (seconds: number) => (): number => seconds;
const untold = (): undefined => undefined;

const bucket = (rate: number, burst: number): Limit => ({
  kind: 'bucket',
  phases: [{ rate, share: 1 }],
  burst,
});
const LARGE = bucket(20, 3_000);
const SMALL = bucket(20, 20);
const SPURIOUS = { probability: 0.002, retryAfterSeconds: 5 };

export const WORLDS: readonly World[] = [
  { name: 'A', what: '20/s, burst 3,000, Retry-After 1 s', limit: LARGE, retryAfter: ceil },
  { name: 'B', what: 'A with Retry-After 10 s', limit: LARGE, retryAfter: always(10) },
  { name: 'C', what: '20/s, burst 20, Retry-After 1 s', limit: SMALL, retryAfter: ceil },
  { name: 'D', what: 'C with Retry-After 10 s', limit: SMALL, retryAfter: always(10) },
  {
    name: 'E',
    what: 'windows of 3,000 in 150 s, Retry-After to the end',
    limit: { kind: 'window', quota: 3_000, seconds: 150, phaseSeconds: 0 },
    retryAfter: ceil,
  },
  {
    name: 'F',
    what: 'E that begins in the middle of a window',
    limit: { kind: 'window', quota: 3_000, seconds: 150, phaseSeconds: 75 },
    retryAfter: ceil,
  },
  { name: 'G', what: 'A, and a refusal costs quota', limit: LARGE, retryAfter: ceil, costOfRefusal: 1 },
  { name: 'H', what: 'B, and a refusal costs quota', limit: LARGE, retryAfter: always(10), costOfRefusal: 1 },
  {
    name: 'I',
    what: 'burst 300, Retry-After 10 s, 20/s, then 10/s, then 30/s',
    limit: {
      kind: 'bucket',
      burst: 300,
      phases: [
        { rate: 20, share: 1 / 3 },
        { rate: 10, share: 1 / 3 },
        { rate: 30, share: 1 / 3 },
      ],
    },
    retryAfter: always(10),
  },
  {
    name: 'J',
    what: '3,000 in any 150 s, Retry-After until one fits',
    limit: { kind: 'sliding', quota: 3_000, seconds: 150 },
    retryAfter: ceil,
  },
  { name: 'K', what: 'A, and 0.2 % refused by chance', limit: LARGE, retryAfter: ceil, spurious: SPURIOUS },
  { name: 'L', what: 'C, and 0.2 % refused by chance', limit: SMALL, retryAfter: ceil, spurious: SPURIOUS },
  { name: 'M', what: 'A with Retry-After in fractions, as 0.05', limit: LARGE, retryAfter: exactly },
  { name: 'N', what: 'A with Retry-After cut off to 0', limit: LARGE, retryAfter: truncated },
  { name: 'O', what: 'A with Retry-After 120 s', limit: LARGE, retryAfter: always(120) },
  { name: 'P', what: '1/s, burst 10, no Retry-After', limit: bucket(1, 10), retryAfter: untold },
  { name: 'Q', what: '60/s, burst 3,000', limit: bucket(60, 3_000), retryAfter: ceil },
  { name: 'R', what: '5/s, burst 50, Retry-After 10 s', limit: bucket(5, 50), retryAfter: always(10) },
  { name: 'S', what: 'D with twice as much, 40/s', limit: bucket(40, 20), retryAfter: always(10) },
  { name: 'T', what: 'D with half as much, 10/s', limit: bucket(10, 20), retryAfter: always(10) },
];

/** The least milliseconds in which so many requests can be accepted, answers not counted. */
export function boundMs(limit: Limit, requests: number): number {
  if (limit.kind === 'bucket') {
    const mean = limit.phases.reduce((sum, phase) => sum + phase.rate * phase.share, 0);
    return Math.max(0, ((requests - limit.burst) / mean) * 1_000);
  }
  const whole = Math.max(0, Math.ceil(requests / limit.quota) - 1) * limit.seconds;
  return Math.max(0, whole - (limit.kind === 'window' ? limit.phaseSeconds : 0)) * 1_000;
}

/**
 * The least milliseconds that the answers of the last window take, so many requests at a time: before it opens
 * none of them can be sent. Not counted in the bound, which is the service's alone; 0 where there are no windows.
 */
export function lastWindowMs(limit: Limit, requests: number, concurrency: number): number {
  if (limit.kind === 'bucket') return 0;
  const left = requests - Math.max(0, Math.ceil(requests / limit.quota) - 1) * limit.quota;
  return (left * MEAN_LATENCY_MS) / concurrency;
}

/** What the service says to one request. */
export type Judgement =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly retryAfterSeconds: number | undefined };

/** Who waits exactly as long as told must pass: this swallows the rounding of the refill. */
const WHOLE = 1 - 1e-9;

/** A service with one limit, in a time that the caller supplies. */
export class Service {
  readonly #world: World;
  readonly #chance: { next(): number };
  readonly #phaseEndsMs: readonly number[];
  #tokens: number;
  #filledAtMs = 0;
  #used = 0;
  #windowStartMs: number;
  /** When the last `quota` requests came, as a ring. */
  readonly #ring: Float64Array;
  #ringAt = 0;

  constructor(world: World, requests: number, seed: number) {
    this.#world = world;
    this.#chance = seededRandom(seed * 7 + 1);
    const { limit } = world;
    this.#tokens = limit.kind === 'bucket' ? limit.burst : 0;
    this.#windowStartMs = limit.kind === 'window' ? -limit.phaseSeconds * 1_000 : 0;
    this.#ring = new Float64Array(limit.kind === 'sliding' ? limit.quota : 0).fill(Number.NEGATIVE_INFINITY);
    const wholeMs = boundMs(limit, requests);
    let endMs = 0;
    const phaseEndMs = (share: number): number => {
      endMs += wholeMs * share;
      return endMs;
    };
    this.#phaseEndsMs = limit.kind === 'bucket' ? limit.phases.map((phase) => phaseEndMs(phase.share)) : [];
  }

  judge(nowMs: number): Judgement {
    const { spurious, retryAfter, costOfRefusal = 0 } = this.#world;
    if (spurious !== undefined && this.#chance.next() < spurious.probability) {
      return { kind: 'refused', retryAfterSeconds: spurious.retryAfterSeconds };
    }
    const waitMs = this.#waitMs(nowMs);
    if (waitMs <= 0) {
      this.#take(nowMs, 1);
      return { kind: 'accepted' };
    }
    this.#take(nowMs, costOfRefusal);
    return { kind: 'refused', retryAfterSeconds: retryAfter(waitMs) };
  }

  #waitMs(nowMs: number): number {
    const { limit } = this.#world;
    if (limit.kind === 'bucket') {
      const rate = this.#fill(nowMs);
      return this.#tokens >= WHOLE ? 0 : ((1 - this.#tokens) / rate) * 1_000;
    }
    if (limit.kind === 'sliding') {
      const oldest = this.#ring[this.#ringAt] ?? 0;
      return Math.max(0, oldest + limit.seconds * 1_000 - nowMs);
    }
    const passed = Math.floor((nowMs - this.#windowStartMs) / (limit.seconds * 1_000));
    if (passed >= 1) {
      this.#windowStartMs += passed * limit.seconds * 1_000;
      this.#used = 0;
    }
    return this.#used < limit.quota ? 0 : this.#windowStartMs + limit.seconds * 1_000 - nowMs;
  }

  #take(nowMs: number, count: number): void {
    const { limit } = this.#world;
    if (count === 0) return;
    if (limit.kind === 'bucket') this.#tokens = Math.max(0, this.#tokens - count);
    else if (limit.kind === 'window') this.#used += count;
    else {
      this.#ring[this.#ringAt] = nowMs;
      this.#ringAt = (this.#ringAt + 1) % limit.quota;
    }
  }

  /** Fills the bucket, through all the phases since the last time, and answers with the rate now. */
  #fill(nowMs: number): number {
    const { limit } = this.#world;
    if (limit.kind !== 'bucket') return 0;
    for (const [at, { rate }] of limit.phases.entries()) {
      const isLast = at === limit.phases.length - 1;
      const endMs = isLast ? Number.POSITIVE_INFINITY : (this.#phaseEndsMs[at] ?? 0);
      if (this.#filledAtMs >= endMs) continue;
      const untilMs = Math.min(nowMs, endMs);
      this.#tokens = Math.min(limit.burst, this.#tokens + ((untilMs - this.#filledAtMs) / 1_000) * rate);
      this.#filledAtMs = untilMs;
      if (nowMs < endMs) return rate;
    }
    return limit.phases.at(-1)?.rate ?? 0;
  }
}
