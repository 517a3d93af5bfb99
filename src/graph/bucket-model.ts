// The service's token bucket as the pacer believes it to be: how fast it fills, how much it holds, how much is
// in it now. Pure. It believes what it is told; what a refusal says about the bucket is in lesson.ts.

/** Jitter of the network makes requests arrive in bunches; so much of a second is kept in the bucket for them. */
const RESERVE_SECONDS = 0.2;

/** Never more than this share of what the bucket holds is kept back. */
const RESERVE_SHARE = 0.25;

/**
 * What was saved up behind a gate leaves at so many times the pace: a bucket that is full meanwhile loses nothing,
 * and fewer are in flight when it turns out to have held less.
 */
const SPREAD_TIMES = 2;

/** What the pace brings in so few seconds is not worth spreading. */
const SPREAD_FROM_SECONDS = 3;

/** Where nothing was measured yet, what a pace that may be too fast brings in so few seconds is not believed. */
const UNPROVEN_SECONDS = 5;

/**
 * It leaves within this share of the time that the run has taken, between so many seconds: what is left over at
 * the end of a run costs no more than that, and a window that slides gives back evenly what was taken evenly.
 */
const SPREAD_SHARE = 0.01;
const SPREAD_SECONDS = { least: 5, most: 60 };

export class BucketModel {
  /** Requests a second; `undefined` when nothing is known, and then nothing is held back. */
  #rate: number | undefined;
  #burst: number;
  #tokens: number;
  #filledAtMs: number | undefined;
  #overflowed = 0;
  /** The least time between two requests, where that is not longer than `SPREAD_TIMES` the pace asks. */
  #gapMs = 0;
  #takenAtMs = Number.NEGATIVE_INFINITY;

  /** @param isEmpty - nothing is in it at the start; otherwise it is full. */
  constructor(rate: number | undefined, burst: number, isEmpty: boolean) {
    this.#rate = rate;
    this.#burst = Math.max(1, burst);
    this.#tokens = isEmpty ? 0 : this.#cap();
  }

  /** What may leave at once. */
  get tokens(): number {
    return this.#tokens;
  }

  /** How much ran over since the bucket was last seen empty: what nobody used. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** Fills the bucket up to now, at `pace` requests a second. */
  fill(nowMs: number, pace: number | undefined): void {
    const elapsedMs = nowMs - (this.#filledAtMs ?? nowMs);
    this.#filledAtMs = nowMs;
    if (pace === undefined) return;
    const filled = this.#tokens + (elapsedMs / 1_000) * pace;
    this.#tokens = Math.min(this.#cap(), filled);
    this.#overflowed += filled - this.#tokens;
  }

  /** How long until one request may leave, in milliseconds; 0 when it may now. Fill it first. */
  waitMs(nowMs: number, pace: number | undefined): number {
    if (pace === undefined) return 0;
    const apartMs = Math.min(this.#gapMs, 1_000 / (SPREAD_TIMES * pace));
    const gapMs = Math.max(0, this.#takenAtMs + apartMs - nowMs);
    return this.#tokens >= 1 ? gapMs : Math.max(gapMs, ((1 - this.#tokens) / pace) * 1_000);
  }

  /**
   * What is in it now has been saved up behind a gate, and leaves spread over a while; of a pace that is not
   * proven nothing has been saved up that is worth a refusal.
   *
   * @param runSeconds - how long the run has taken so far.
   * @param isProven - a rate was measured; before that, the pace is what was told or guessed.
   */
  spread(runSeconds: number, isProven: boolean): void {
    const { least, most } = SPREAD_SECONDS;
    const seconds = Math.min(most, Math.max(least, SPREAD_SHARE * runSeconds));
    const isMuch = this.#tokens > (isProven ? SPREAD_FROM_SECONDS : UNPROVEN_SECONDS) * (this.#rate ?? 0);
    if (!isMuch && !isProven) this.#tokens = Math.min(this.#tokens, 0);
    this.#gapMs = isMuch ? (seconds / this.#tokens) * 1_000 : 0;
  }

  /** One request leaves. */
  take(nowMs: number): void {
    this.#takenAtMs = nowMs;
    if (this.#rate !== undefined) this.#tokens = Math.max(-this.#reserve(), this.#tokens - 1);
  }

  /** Takes on what was learned: the bucket was empty at that moment. */
  emptyAt(atMs: number, rate: number, burst: number): void {
    this.#rate = rate;
    this.#burst = Math.max(1, burst);
    this.#tokens = -this.#reserve();
    this.#overflowed = 0;
    this.#filledAtMs = atMs;
  }

  #reserve(): number {
    return Math.min(RESERVE_SHARE * this.#burst, RESERVE_SECONDS * (this.#rate ?? 0));
  }

  #cap(): number {
    return Math.max(1, this.#burst - this.#reserve());
  }
}
