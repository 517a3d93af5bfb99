// A queue that holds the number of requests in flight and nothing else, for reads, and for a service of one's own that
// throttles nobody: Bottleneck lets some 400 jobs through in a second (packages.md, section 1d), whatever it is told.
// It goes by no clock, so that nobody has to watch whether it moves.

import pLimit, { type LimitFunction } from 'p-limit';
import type { Turns } from './turns.js';

export class PlainQueue implements Turns {
  readonly #limit: LimitFunction;

  constructor(concurrency: number) {
    this.#limit = pLimit(concurrency);
  }

  get waiting(): number {
    return this.#limit.pendingCount;
  }

  get running(): number {
    return this.#limit.activeCount;
  }

  schedule<T>(job: () => Promise<T>): Promise<T> {
    return this.#limit(job);
  }

  /** The pacer alone holds the pace, should the service throttle after all. */
  keepApart(): void {
    // There is nothing to set.
  }

  /** What is waiting never begins; whoever scheduled it has been told by then. */
  stop(): void {
    this.#limit.clearQueue();
  }
}
