// A queue that holds the number of requests in flight and nothing else, for a service of one's own that throttles
// nobody: Bottleneck lets some 400 jobs through in a second (packages.md, section 1d), whatever it is told. It has
// those methods of Bottleneck that are called.

import pLimit, { type LimitFunction } from 'p-limit';

export class PlainQueue {
  readonly #limit: LimitFunction;

  constructor(concurrency: number) {
    this.#limit = pLimit(concurrency);
  }

  schedule<T>(job: () => Promise<T>): Promise<T> {
    return this.#limit(job);
  }

  /** What is waiting never begins; whoever scheduled it has been told by then. */
  async stop(): Promise<void> {
    this.#limit.clearQueue();
  }

  /** The pacer alone holds the pace, should the service throttle after all. */
  updateSettings(): void {
    // There is nothing to set.
  }
}
