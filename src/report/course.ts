// How a run went over time: what left, what was accepted and what was throttled in each stretch, from the
// lines of the ledger, and the least time that the throttle would have allowed. Pure.

import { invariant } from '../errors.js';
import type { LedgerAction, LedgerEvent } from '../ledger/ledger.js';

/** One stretch of a run. */
export interface CoursePoint {
  /** From the first request to the beginning of the stretch. */
  readonly atSeconds: number;
  /** Write requests that left, that the service took, and that it answered with 429. */
  readonly sent: number;
  readonly accepted: number;
  readonly throttled: number;
}

/** What the writes are believed to be allowed: a bucket that holds `burst` and is filled at `rate` a second. */
export interface Allowance {
  readonly rate: number;
  readonly burst: number;
  readonly source: 'documented' | 'job' | 'rehearsal';
}

export interface Course {
  /** ISO 8601, UTC: when the first request left. */
  readonly startedAt: string;
  readonly stretchSeconds: number;
  /** Without the stretches in which nothing happened. */
  readonly points: readonly CoursePoint[];
  readonly allowance?: Allowance;
}

/** More than this many stretches are finer than a chart can show. */
const STRETCHES_MAX = 240;

interface Tally {
  sent: number;
  accepted: number;
  throttled: number;
}

/** Gathers the lines of a run's chain, in their order, into its course. */
export class CourseBuilder {
  readonly #seconds = new Map<number, Tally>();
  #startedAt = '';
  #startMs = 0;
  #lastSecond = 0;

  add(event: Pick<LedgerEvent, 'event' | 'at' | 'status' | 'outcome'>): void {
    if (event.event === 'sent') {
      if (this.#startedAt === '') {
        this.#startedAt = event.at;
        this.#startMs = Date.parse(event.at);
      }
      this.#tallyAt(event.at).sent += 1;
    } else if (event.event === 'settled') {
      if (event.outcome === 'throttled') this.#tallyAt(event.at).throttled += 1;
      // What a read settled has no status; what the server failed at was not taken.
      else if (event.status > 0 && event.status < 500) this.#tallyAt(event.at).accepted += 1;
    }
  }

  /** The course; `undefined` when nothing was sent. */
  build(allowance: Allowance | undefined): Course | undefined {
    if (this.#startedAt === '') return undefined;
    const stretchSeconds = Math.max(1, Math.ceil((this.#lastSecond + 1) / STRETCHES_MAX));
    const stretches = new Map<number, Tally>();
    for (const [second, tally] of this.#seconds) {
      const sum = at(stretches, Math.floor(second / stretchSeconds));
      sum.sent += tally.sent;
      sum.accepted += tally.accepted;
      sum.throttled += tally.throttled;
    }
    const points = [...stretches]
      .sort(([one], [other]) => one - other)
      .map(([stretch, tally]) => ({ atSeconds: stretch * stretchSeconds, ...tally }));
    return {
      startedAt: this.#startedAt,
      stretchSeconds,
      points,
      ...(allowance === undefined ? {} : { allowance }),
    };
  }

  #tallyAt(time: string): Tally {
    // A wall clock that was set back must not move what happened before the beginning.
    const second = Math.max(0, Math.floor((Date.parse(time) - this.#startMs) / 1_000));
    this.#lastSecond = Math.max(this.#lastSecond, second);
    return at(this.#seconds, second);
  }
}

function at(tallies: Map<number, Tally>, key: number): Tally {
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const made = { sent: 0, accepted: 0, throttled: 0 };
  tallies.set(key, made);
  return made;
}

/** The least seconds in which an allowance lets so many writes through. */
export function leastSeconds({ rate, burst }: Allowance, writes: number): number {
  invariant(rate > 0, 'an allowance lets something through');
  return Math.max(0, writes - burst) / rate;
}

/** How near a run came to the least time that the throttle allows. */
export interface Nearness {
  readonly leastSeconds: number | null;
  readonly ratioToLeast: number | null;
}

/**
 * Holds the seconds that a run's writes took against the least that they could have taken. There is no ratio
 * for writes that all fit into the burst: their least time is nought.
 */
export function nearnessOf(allowance: Allowance | undefined, accepted: number, seconds: number): Nearness {
  if (allowance === undefined) return { leastSeconds: null, ratioToLeast: null };
  const least = leastSeconds(allowance, accepted);
  return { leastSeconds: least, ratioToLeast: least > 0 ? seconds / least : null };
}

/** The writes of one kind: how many were planned, and what became of them. They add up. */
export interface ActionTally {
  readonly kind: string;
  readonly planned: number;
  readonly done: number;
  /** It was so already when the request came. */
  readonly already: number;
  readonly refused: number;
  readonly givenUp: number;
  /** Sent, and the answer was lost. */
  readonly inDoubt: number;
  readonly notSent: number;
}

/** The plan against what happened, by kind of write, in the order in which the kinds first appear. */
export class ActionCounter {
  readonly #counts = new Map<string, Record<LedgerAction['state'], number>>();

  add({ kind, state }: Pick<LedgerAction, 'kind' | 'state'>): void {
    const known = this.#counts.get(kind) ?? {
      pending: 0,
      sent: 0,
      done: 0,
      already: 0,
      refused: 0,
      'given-up': 0,
    };
    known[state] += 1;
    this.#counts.set(kind, known);
  }

  tallies(): readonly ActionTally[] {
    return [...this.#counts].map(([kind, count]) => ({
      kind,
      planned: Object.values(count).reduce((sum, one) => sum + one, 0),
      done: count.done,
      already: count.already,
      refused: count.refused,
      givenUp: count['given-up'],
      inDoubt: count.sent,
      notSent: count.pending,
    }));
  }
}
