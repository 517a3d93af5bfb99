// Tells a row's misfortune from the service's: when one request after another fails and none succeeds, it is
// not the rows, and the run stops before it has refused them all. Pure.

import type { Outcome } from './outcome.js';

/**
 * Requests in a row that may be forbidden before the run stops. One user may be out of bounds (an
 * administrator whom the app may not touch); five without a single success between them mean a permission.
 */
const FORBIDDEN_MAX = 5;

/** Requests in a row that may fail before the run stops, and how many times as many as are in flight at once at least. */
const FAILURES_MAX = 40;
const FAILURES_MAX_ROUNDS = 2;

export type Health =
  | { readonly kind: 'well' }
  | { readonly kind: 'forbidden'; readonly outcome: Outcome }
  | { readonly kind: 'failing'; readonly outcome: Outcome };

export class ServiceHealth {
  readonly #failuresMax: number;
  #forbidden = 0;
  #failures = 0;
  #succeeded = false;
  #lastForbidden: Outcome | undefined;

  /** @param concurrency - requests in flight at most: one moment at which all of them are lost is no failing service. */
  constructor(concurrency: number) {
    this.#failuresMax = Math.max(FAILURES_MAX, FAILURES_MAX_ROUNDS * concurrency);
  }

  /** Takes note of an outcome and says how things stand. */
  observe(outcome: Outcome): Health {
    switch (outcome.kind) {
      case 'forbidden':
        this.#forbidden += 1;
        this.#failures = 0;
        this.#lastForbidden = outcome;
        return this.#forbidden >= FORBIDDEN_MAX ? { kind: 'forbidden', outcome } : { kind: 'well' };
      case 'ambiguous':
        return this.#failed(outcome);
      case 'transient':
        // 404 and a concurrency conflict are answers; only silence is a failure.
        return outcome.status === 0 ? this.#failed(outcome) : { kind: 'well' };
      case 'done':
        this.#succeeded = true;
        this.#forbidden = 0;
        this.#failures = 0;
        return { kind: 'well' };
      case 'refused':
        this.#failures = 0;
        return { kind: 'well' };
      case 'throttled':
      case 'unauthenticated':
        return { kind: 'well' };
    }
  }

  /** At the end: whether everything that was answered was forbidden, in a job too small for the limit. */
  allForbidden(): Outcome | undefined {
    return this.#succeeded ? undefined : this.#lastForbidden;
  }

  #failed(outcome: Outcome): Health {
    this.#failures += 1;
    return this.#failures >= this.#failuresMax ? { kind: 'failing', outcome } : { kind: 'well' };
  }
}
