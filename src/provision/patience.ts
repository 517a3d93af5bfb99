// How long a run may take, and how long it may come to nothing: the two things that end a run that is only
// throttled. It looks at the clock once in a while, so that a computer that slept has not run out of patience.

import type { Clock } from '../clock.js';
import { formatDuration } from '../duration.js';
import { OperationError } from '../errors.js';

/** When a run is to end by itself, in milliseconds. */
export interface StopRules {
  /** From its start, or its resumption. */
  readonly afterMs: number;
  /** Without a single write that was answered for good. */
  readonly withoutProgressMs: number;
}

const LOOK_MS = 60_000;

/** Time between two looks that is longer was not time in which anything could have been done. */
const COUNTED_MAX_MS = 2 * LOOK_MS;

export class Patience {
  readonly #rules: StopRules;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  #idleMs = 0;

  constructor(rules: StopRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  /** A write was answered for good, whatever the answer. */
  progressed(): void {
    this.#idleMs = 0;
  }

  /** The run has come to its end. */
  end(): void {
    this.#ended.abort('the run has come to its end');
  }

  /** Resolves with why the run has to end, or with nothing when it came to its end before. */
  async runsOut(): Promise<OperationError | undefined> {
    const { afterMs, withoutProgressMs } = this.#rules;
    const startMs = this.#clock.monotonicMs();
    for (let lookedMs = startMs; ; ) {
      const leftMs = Math.min(startMs + afterMs - lookedMs, withoutProgressMs - this.#idleMs);
      await this.#clock.sleep(Math.max(1, Math.min(LOOK_MS, leftMs)), this.#ended.signal);
      if (this.#ended.signal.aborted) return undefined;
      const nowMs = this.#clock.monotonicMs();
      this.#idleMs += Math.min(COUNTED_MAX_MS, nowMs - lookedMs);
      lookedMs = nowMs;
      if (nowMs - startMs >= afterMs) return deadlinePassed(afterMs);
      if (this.#idleMs >= withoutProgressMs) return noProgress(withoutProgressMs);
    }
  }
}

const RECORDED =
  'Everything that was sent is recorded, and what is in doubt will be looked up; the other rows were not sent.';

function deadlinePassed(ms: number): OperationError {
  return new OperationError({
    code: 'deadline-passed',
    what: `The run has taken ${formatDuration(ms)}, which is the longest that stop.after of the job file allows.`,
    data: RECORDED,
    next: 'Carry on with: oathbatch resume. To give it longer: --set stop.after=…',
  });
}

function noProgress(ms: number): OperationError {
  return new OperationError({
    code: 'no-progress',
    what: `Microsoft Graph has taken no write for ${formatDuration(ms)}.`,
    data: RECORDED,
    next: 'Look at https://status.cloud.microsoft, and whether another program of this app or tenant uses up the limit. Then carry on with: oathbatch resume',
  });
}
