// The service's limits: who may pass now, and what a refused request is told. Time comes in as a number;
// nothing here waits. The worlds of throttling.md, sections 1 and 4, are settings of this file.

import { assertNever } from '../errors.js';
import type { Random } from '../random.js';
import type { Bucket, EmulatorSettings } from './settings.js';
import { randomStream } from './streams.js';

/** What a 429 says in its headers (graph-api.md, section 5.2). */
export interface Refusal {
  readonly retryAfter: string | undefined;
  readonly scope: string;
  readonly information: string;
}

/** The application and the tenant of the rehearsal, as they stand in x-ms-throttle-scope. */
const SCOPE_IDS = '00000000-0000-4000-8000-0000000000a9/00000000-0000-4000-8000-0000000000e9';

const HUGE_SECONDS = 86_400;

/** Who waits exactly as long as told must pass: this swallows the rounding of the refill. */
const WHOLE_TOKEN = 1 - 1e-9;

interface Limit {
  readonly bucket: Bucket;
  /** Milliseconds until `count` more requests fit; 0 when they fit now. Takes nothing. */
  waitMs(nowMs: number): number;
  take(nowMs: number): void;
  /** What is left, so that a change of the rate in mid-run does not hand out a new burst. */
  left(nowMs: number): number;
}

function tokenBucket(bucket: Extract<Bucket, { kind: 'token-bucket' }>, nowMs: number, left: number): Limit {
  let tokens = Math.min(left, bucket.burst);
  let filledAtMs = nowMs;
  const refill = (atMs: number): void => {
    tokens = Math.min(bucket.burst, tokens + ((atMs - filledAtMs) / 1_000) * bucket.rate);
    filledAtMs = atMs;
  };
  return {
    bucket,
    waitMs: (atMs) => {
      refill(atMs);
      return tokens >= WHOLE_TOKEN ? 0 : ((1 - tokens) / bucket.rate) * 1_000;
    },
    take: (atMs) => {
      refill(atMs);
      tokens = Math.max(0, tokens - 1);
    },
    left: (atMs) => {
      refill(atMs);
      return tokens;
    },
  };
}

function fixedWindow(bucket: Extract<Bucket, { kind: 'fixed-window' }>, startMs: number): Limit {
  let windowStartMs = startMs;
  let used = 0;
  const turn = (atMs: number): void => {
    const passed = Math.floor((atMs - windowStartMs) / bucket.window);
    if (passed < 1) return;
    windowStartMs += passed * bucket.window;
    used = 0;
  };
  return {
    bucket,
    waitMs: (atMs) => {
      turn(atMs);
      return used < bucket.quota ? 0 : windowStartMs + bucket.window - atMs;
    },
    take: (atMs) => {
      turn(atMs);
      used += 1;
    },
    left: () => bucket.quota - used,
  };
}

function limitOf(bucket: Bucket, nowMs: number, previous: Limit | undefined): Limit {
  switch (bucket.kind) {
    case 'token-bucket':
      return tokenBucket(bucket, nowMs, previous?.left(nowMs) ?? bucket.burst);
    case 'fixed-window':
      return fixedWindow(bucket, nowMs);
    default:
      return assertNever(bucket);
  }
}

/** The limits on reads and writes, and the 429s for no reason. */
export class Throttle {
  readonly #spurious: Random;
  #settings: EmulatorSettings['throttle'];
  #limits: { readonly read: readonly Limit[]; readonly write: readonly Limit[] };

  constructor(settings: EmulatorSettings, nowMs: number) {
    this.#spurious = randomStream(settings.seed, 'spurious');
    this.#settings = settings.throttle;
    this.#limits = {
      read: settings.throttle.reads.map((bucket) => limitOf(bucket, nowMs, undefined)),
      write: settings.throttle.writes.map((bucket) => limitOf(bucket, nowMs, undefined)),
    };
  }

  /** Changes the limits while requests come in. A token bucket keeps what it holds. */
  change(settings: EmulatorSettings['throttle'], nowMs: number): void {
    this.#settings = settings;
    this.#limits = {
      read: settings.reads.map((bucket, n) => limitOf(bucket, nowMs, this.#limits.read[n])),
      write: settings.writes.map((bucket, n) => limitOf(bucket, nowMs, this.#limits.write[n])),
    };
  }

  /** Counts one request. Answers `undefined` when it may pass. */
  judge(kind: 'read' | 'write', nowMs: number, wallMs: number): Refusal | undefined {
    const name = kind === 'write' ? 'Write' : 'Read';
    if (this.#spurious.next() < this.#settings.spurious) {
      return this.#refusal(1_000, wallMs, 'ReadWrite', 'CPULimitExceeded');
    }
    const limits = this.#limits[kind];
    const waitMs = limits.reduce((longest, limit) => Math.max(longest, limit.waitMs(nowMs)), 0);
    const isRefused = waitMs > 0;
    if (!isRefused || this.#settings.costOfRejection === 1) for (const limit of limits) limit.take(nowMs);
    if (!isRefused) return undefined;
    const information = kind === 'write' ? 'WriteLimitExceeded' : 'ResourceUnitLimitExceeded';
    return this.#refusal(waitMs, wallMs, name, information);
  }

  #refusal(waitMs: number, wallMs: number, limit: string, information: string): Refusal {
    const retryAfter = this.#retryAfter(Math.max(waitMs, this.#settings.minRetryAfter), wallMs);
    return { retryAfter, scope: `Tenant_Application/${limit}/${SCOPE_IDS}`, information };
  }

  #retryAfter(waitMs: number, wallMs: number): string | undefined {
    const form = this.#settings.retryAfter;
    switch (form) {
      case 'seconds':
        return String(Math.ceil(waitMs / 1_000));
      case 'decimal':
        return (Math.ceil(waitMs) / 1_000).toFixed(3);
      case 'http-date':
        // A date has no fractions of a second: rounded up, so that who obeys it is not refused again.
        return new Date(Math.ceil((wallMs + waitMs) / 1_000) * 1_000).toUTCString();
      case 'absent':
        return undefined;
      case 'zero':
        return '0';
      case 'negative':
        return '-1';
      case 'huge':
        return String(HUGE_SECONDS);
      default:
        return assertNever(form);
    }
  }
}
