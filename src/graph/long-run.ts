// What the service takes in the long run, whatever it takes in bursts. Pure: it counts what was accepted.
//
// A window that slides gives back as a burst what was taken as one, so that its rate seems to change all the
// time, and each change costs refusals. What it takes in the long run does not change.

/** The documented window (https://learn.microsoft.com/graph/throttling-limits; throttling.md, section 1). */
const WINDOW_MS = 150_000;

/** So many windows are looked at: a service whose rate passes by on its way to another has not met it. */
const WINDOWS = 2;

/** Who gets no less and no more than these shares of a rate has met it. */
const MET = { least: 0.8, most: 1.03 };

/** So long after a refusal nothing higher is tried; then the service may have changed. */
const KEPT_MS = 600_000;

/** A moment, and what had been accepted by then. */
interface Mark {
  readonly atMs: number;
  readonly accepted: number;
}

export class LongRun {
  #now: Mark = { atMs: 0, accepted: 0 };
  /** Where the last windows began, the newest last. */
  #began: readonly Mark[] = [];

  accepted(nowMs: number): void {
    this.#now = { atMs: nowMs, accepted: this.#now.accepted + 1 };
    const newest = this.#began.at(-1);
    if (newest === undefined || nowMs - newest.atMs >= WINDOW_MS) {
      this.#began = [...this.#began, this.#now].slice(-WINDOWS - 1);
    }
  }

  /**
   * The highest pace worth a try, in requests a second: `likely`, where each of the last windows has brought it,
   * and the time since then, and the service refused lately; otherwise there is none.
   *
   * @param refusedAtMs - when the service refused last; `undefined` when it never did.
   */
  sensible(likely: number, refusedAtMs: number | undefined): number {
    const isLately = refusedAtMs !== undefined && this.#now.atMs - refusedAtMs <= KEPT_MS;
    return isLately && this.#isMet(likely) ? likely : Number.POSITIVE_INFINITY;
  }

  #isMet(rate: number): boolean {
    const [first, second, third] = this.#began;
    if (first === undefined || second === undefined || third === undefined) return false;
    return isMet(rate, first, second) && isMet(rate, second, third) && isMet(rate, second, this.#now);
  }
}

function isMet(rate: number, from: Mark, to: Mark): boolean {
  const seen = (to.accepted - from.accepted) / ((to.atMs - from.atMs) / 1_000);
  return seen >= MET.least * rate && seen <= MET.most * rate;
}
