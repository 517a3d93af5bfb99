// Who gives turns to requests: how many have theirs at once, and how far apart they begin.

export interface Turns {
  readonly waiting: number;
  readonly running: number;
  /** Runs a job when its turn has come. */
  schedule<T>(job: () => Promise<T>): Promise<T>;
  /** The least time between two that begin, in milliseconds. */
  keepApart(minTimeMs: number): void;
  /** Nobody begins any more. */
  stop(): void;
}
