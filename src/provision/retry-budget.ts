// How much may be sent again after failures. A service that is overloaded must not be given more work by those
// whom it has failed: what is repeated is kept to a share of what succeeds. Pure.
//
// Each success pays a tenth of a repetition, up to fifty of them: at most one request in eleven is a repetition,
// after the first fifty (throttling.md, section 5; https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).

import { backOffMs } from '../graph/back-off.js';

const CAPACITY = 50;
const CREDIT_PER_SUCCESS = 0.1;

/** Who finds the budget empty waits so long, and so much again by lot: a row is never given up for it. */
const EMPTY_WAIT_MS = 30_000;

export class RetryBudget {
  #credit = CAPACITY;

  /** A request was answered. */
  succeeded(): void {
    this.#credit = Math.min(CAPACITY, this.#credit + CREDIT_PER_SUCCESS);
  }

  /**
   * How long a request that has failed waits before it is sent again; that is paid for here.
   *
   * @param attempt - how often it has failed, from 1.
   * @param draw - a random number in [0, 1).
   * @returns milliseconds.
   * @example
   * new RetryBudget().waitMs(1, 0.5, undefined); // 375
   */
  waitMs(attempt: number, draw: number, retryAfterSeconds: number | undefined): number {
    const waitMs = backOffMs(attempt, draw, retryAfterSeconds);
    if (this.#credit < 1) return Math.max(waitMs, EMPTY_WAIT_MS * (1 + draw));
    this.#credit -= 1;
    return waitMs;
  }
}
