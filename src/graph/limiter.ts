// Carries out what the pacer says, on a real queue. Bottleneck holds the number of requests in flight and
// their least distance (turn-queue.ts); the pacer's gate is waited for inside the slot. Bottleneck's reservoir
// and its retry event are not used: both lose jobs or pass the pace (packages.md, section 1d).

import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../clock.js';
import { formatDuration } from '../duration.js';
import { OperationError } from '../errors.js';
import { GATE_MAX_MS } from './gate.js';
import type { Pacer } from './pacer.js';
import type { PacerView } from './pacer-view.js';
import { PlainQueue } from './plain-queue.js';
import { Slots } from './slots.js';
import { type JobQueue, TurnQueue } from './turn-queue.js';
import type { Turns } from './turns.js';

/** Why a sleep ends early. A reason of its own, because the one that is made otherwise carries a stack. */
const WOKEN = 'the pace has changed';

export interface LimiterView extends PacerView {
  readonly queued: number;
  readonly inFlight: number;
}

/** The result of waiting for a turn: whether the run was stopped meanwhile. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface LimiterOptions {
  readonly pacer: Pacer;
  readonly concurrency: number;
  readonly clock: Clock;
  /** The service throttles nobody: only the number of requests in flight is held. */
  readonly isUnlimited?: boolean;
  /**
   * Jobs that may have their turn at once when nobody throttles, those among them that wait at the wire: their
   * intents are written to the disk together. As many as `concurrency` when left out.
   */
  readonly intents?: number;
  /** Requests among them that are given to a connection which holds the number in flight itself; else `concurrency`. */
  readonly handedOver?: number;
  /** For tests: makes the queue beneath. */
  readonly makeQueue?: () => JobQueue;
}

export class Limiter {
  readonly #queue: Turns;
  readonly #concurrency: number;
  /** Where those wait who have had their turn, when there are more of them than the connection is given. */
  readonly #wire: LimitFunction | undefined;
  readonly #pacer: Pacer;
  readonly #clock: Clock;
  readonly #sleepers = new Set<AbortController>();
  /** Tells each of those who wait for their turn that it will not come; a failure, which ends the run, leaves its own. */
  readonly #waiting = new Slots<(error: Stopped) => void>();
  #signal: AbortSignal | undefined;

  constructor(options: LimiterOptions) {
    this.#pacer = options.pacer;
    this.#clock = options.clock;
    const { concurrency, clock, isUnlimited = false, intents, handedOver, makeQueue } = options;
    this.#concurrency = concurrency;
    this.#wire = isUnlimited && intents !== undefined ? pLimit(handedOver ?? concurrency) : undefined;
    this.#queue = isUnlimited
      ? new PlainQueue(intents ?? concurrency)
      : new TurnQueue({ concurrency, clock, ...(makeQueue === undefined ? {} : { make: makeQueue }) });
  }

  /**
   * Runs a job when its turn has come. The job reports what became of its request by the function that it
   * is given. Once the signal is aborted nobody gets a turn any more: the limiter ends with its run.
   *
   * @throws {Stopped} when the signal is aborted before the job has begun.
   * @throws {OperationError} `throttled-too-long`, `queue-stands-still`.
   */
  schedule<T>(job: (sentAtMs: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted)
      return Promise.reject(new Stopped('the run was stopped before this request was queued'));
    this.#listenTo(signal);
    return new Promise((resolve, reject) => {
      const place = this.#waiting.add(reject);
      const turn = async (): Promise<T> => {
        const sentAtMs = await this.#turn(signal);
        // From here on it may have its effect: whoever scheduled it waits for its answer.
        this.#waiting.remove(place);
        return job(sentAtMs);
      };
      this.#queue.schedule(turn).then(resolve, reject);
    });
  }

  /** Once for all who wait: to listen and to stop listening for each of them costs more than the queue itself. */
  #listenTo(signal: AbortSignal): void {
    if (signal === this.#signal) return;
    this.#signal = signal;
    const stop = (): void => {
      // Those in the queue are told at once: their turns would come one by one, at the pace of the service.
      for (const reject of this.#waiting.all()) {
        reject(new Stopped('the run was stopped before this request left'));
      }
      this.#queue.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
  }

  /** Sends from within a job, as soon as the connection may be given one more. */
  leave<T>(send: () => Promise<T>): Promise<T> {
    return this.#wire === undefined ? send() : this.#wire(send);
  }

  accepted(sentAtMs: number): void {
    this.#pacer.accepted(this.#clock.monotonicMs(), sentAtMs);
    this.#changed();
  }

  ended(sentAtMs: number): void {
    this.#pacer.ended(this.#clock.monotonicMs(), sentAtMs);
    this.#changed();
  }

  throttled(retryAfterSeconds: number | undefined, sentAtMs: number): void {
    this.#pacer.throttled(this.#clock.monotonicMs(), retryAfterSeconds, sentAtMs);
    this.#changed();
  }

  view(): LimiterView {
    const inFlight = Math.min(this.#wire?.activeCount ?? this.#queue.running, this.#concurrency);
    const queued = this.#queue.waiting + this.#queue.running - inFlight;
    return { ...this.#pacer.view(), queued, inFlight };
  }

  async #turn(signal: AbortSignal): Promise<number> {
    for (;;) {
      if (signal.aborted) throw new Stopped('the run was stopped before this request left');
      const nowMs = this.#clock.monotonicMs();
      const atMs = this.#pacer.next(nowMs);
      if (atMs <= nowMs) {
        this.#pacer.sent(nowMs);
        return nowMs;
      }
      if (Number.isFinite(atMs) && atMs - nowMs > GATE_MAX_MS) throw waitTooLong(atMs - nowMs);
      await this.#sleep(atMs - nowMs, signal);
    }
  }

  /** Waits, but no longer than until something changes for the pacer or the run is stopped. */
  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    const stop = (): void => wake.abort(WOKEN);
    this.#sleepers.add(wake);
    signal.addEventListener('abort', stop, { once: true });
    await this.#clock.sleep(ms, wake.signal);
    signal.removeEventListener('abort', stop);
    this.#sleepers.delete(wake);
  }

  #changed(): void {
    const pace = this.#pacer.view().pace;
    // Rounded down, so that Bottleneck's whole milliseconds never hold back what the pacer allows.
    this.#queue.keepApart(
      pace === undefined || this.#pacer.view().throttled === 0 ? 0 : Math.floor(1_000 / pace),
    );
    for (const sleeper of this.#sleepers) sleeper.abort(WOKEN);
  }
}

function waitTooLong(waitMs: number): OperationError {
  return new OperationError({
    code: 'throttled-too-long',
    what: `Microsoft Graph asks to wait ${formatDuration(waitMs)} before the next request.`,
    data: 'Everything that was sent is recorded; the remaining rows were not sent.',
    next: 'Carry on later with: oathbatch resume',
  });
}
