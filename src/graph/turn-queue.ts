// The queue of one throttle scope, on Bottleneck: how many jobs run at once, and how far apart they begin. It
// watches that the queue moves. Bottleneck goes by the wall clock and stands still when that is set back, and
// queues that wedge for no known reason are reported of it (packages.md, section 1d): whoever waits is carried
// over into a fresh one, and when that stands still as well, everybody is told.

import Bottleneck from 'bottleneck';
import type { Clock } from '../clock.js';
import { OperationError } from '../errors.js';
import type { Turns } from './turns.js';

/** What is needed of Bottleneck. */
export interface JobQueue {
  schedule(job: () => Promise<void>): Promise<void>;
  stop(options: { readonly dropWaitingJobs: true }): Promise<void>;
  updateSettings(settings: { readonly minTime: number }): unknown;
}

/** A job that has not begun. */
interface Waiting {
  readonly begin: () => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** A queue with a free place and somebody waiting is looked at so often, and never more often than jobs begin. */
const LOOK_MS = 3_000;

/** So many looks in a row at which nobody has begun: one alone may follow on a computer that slept. */
const LOOKS = 2;

/** A wall clock that is set back by less delays nobody for longer than a look takes. */
const SET_BACK_MS = 1_000;

/** Why a watch ends. A reason of its own, because the one that is made otherwise carries a stack. */
const OVER = 'nobody waits any more';

export interface TurnQueueOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  /** For tests: makes the queue beneath. */
  readonly make?: () => JobQueue;
}

export class TurnQueue implements Turns {
  readonly #concurrency: number;
  readonly #clock: Clock;
  readonly #make: () => JobQueue;
  readonly #waiting = new Set<Waiting>();
  readonly #running = new Set<Promise<void>>();
  #queue: JobQueue;
  #minTimeMs = 0;
  #begun = 0;
  #isCarriedOver = false;
  #carriedOverAheadMs = 0;
  #isStopped = false;
  #failure: OperationError | undefined;
  #watch: AbortController | undefined;

  constructor(options: TurnQueueOptions) {
    const { concurrency } = options;
    this.#concurrency = concurrency;
    this.#clock = options.clock;
    this.#make = options.make ?? (() => new Bottleneck({ maxConcurrent: concurrency }));
    this.#queue = this.#make();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /**
   * Runs a job when its turn has come.
   *
   * @throws {OperationError} `queue-stands-still`.
   */
  schedule<T>(job: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        // Somebody else may have begun it already: a queue that was given up, and moves again.
        begin: async () => {
          if (this.#waiting.delete(waiting)) await this.#run(job().then(resolve, reject));
        },
        fail: reject,
      };
      this.#waiting.add(waiting);
      this.#enter(waiting);
      this.#look();
    });
  }

  /** The least time between two that begin, in milliseconds. */
  keepApart(minTimeMs: number): void {
    if (minTimeMs === this.#minTimeMs) return;
    this.#minTimeMs = minTimeMs;
    this.#queue.updateSettings({ minTime: minTimeMs });
  }

  /** Nobody begins any more. Empties the queue with its timers, which would keep the process alive. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#watch?.abort(OVER);
    this.#waiting.clear();
    drop(this.#queue);
  }

  async #run(job: Promise<void>): Promise<void> {
    this.#begun += 1;
    this.#isCarriedOver = false;
    this.#running.add(job);
    await job;
    this.#running.delete(job);
    if (this.#waiting.size === 0) this.#watch?.abort(OVER);
    else this.#look();
  }

  #enter(waiting: Waiting): void {
    const queue = this.#queue;
    queue.schedule(waiting.begin).catch((error: unknown) => {
      // A queue that was given up lets go of its jobs with an error; they wait in another one by then.
      if (queue === this.#queue && this.#waiting.delete(waiting)) waiting.fail(error);
    });
  }

  /** Whether somebody waits although there is a place. */
  #mayStandStill(): boolean {
    return !this.#isStopped && this.#waiting.size > 0 && this.#running.size < this.#concurrency;
  }

  /** Begins to watch, unless somebody does. */
  #look(): void {
    if (this.#watch !== undefined || !this.#mayStandStill()) return;
    const watch = new AbortController();
    this.#watch = watch;
    const goOn = (): void => {
      this.#watch = undefined;
      this.#look();
    };
    // It cannot fail: a clock's sleep never rejects.
    this.#watchOver(watch.signal).then(goOn, goOn);
  }

  async #watchOver(signal: AbortSignal): Promise<void> {
    for (let [looks, begun] = [0, this.#begun]; ; ) {
      await this.#clock.sleep(Math.max(LOOK_MS, this.#minTimeMs), signal);
      if (signal.aborted || !this.#mayStandStill()) return;
      looks = begun === this.#begun ? looks + 1 : 0;
      begun = this.#begun;
      if (looks < LOOKS) continue;
      looks = 0;
      if (this.#isCarriedOver && !this.#wasSetBackSince()) this.#giveUp();
      else this.#carryOver();
    }
  }

  /** How far the wall clock is ahead of the monotonic one, in milliseconds. */
  #aheadMs(): number {
    return this.#clock.wallMs() - this.#clock.monotonicMs();
  }

  /** Whether the wall clock was set back since the last fresh queue, which explains that it stands still as well. */
  #wasSetBackSince(): boolean {
    return this.#aheadMs() < this.#carriedOverAheadMs - SET_BACK_MS;
  }

  /** Goes on in a fresh queue. */
  #carryOver(): void {
    this.#isCarriedOver = true;
    this.#carriedOverAheadMs = this.#aheadMs();
    const old = this.#queue;
    this.#queue = this.#make();
    drop(old);
    // Those who run keep their places.
    for (const job of this.#running) this.#queue.schedule(() => job).catch(() => undefined);
    for (const waiting of this.#waiting) this.#enter(waiting);
    if (this.#minTimeMs > 0) this.#queue.updateSettings({ minTime: this.#minTimeMs });
  }

  #giveUp(): void {
    const all = [...this.#waiting];
    const failure = standsStill(all.length);
    this.#failure = failure;
    this.stop();
    for (const { fail } of all) fail(failure);
  }
}

/** It resolves when the jobs in flight have ended, for which whoever scheduled them waits anyway. */
function drop(queue: JobQueue): void {
  queue.stop({ dropWaitingJobs: true }).catch(() => undefined);
}

function standsStill(count: number): OperationError {
  return new OperationError({
    code: 'queue-stands-still',
    what: `The queue of requests stands still with ${count} in it, and did so again after it was made anew.`,
    data: 'Those requests were not sent. Everything that was sent is recorded.',
    next: 'Carry on with: oathbatch resume. Please report it, with the log.',
  });
}
