// The service's token bucket as the pacer believes it to be: how fast it fills, how much it holds, how much is
// in it now. Pure. It believes what it is told; what a refusal says about the bucket is in lesson.ts.

/** Jitter of the network makes requests arrive in bunches; so much of a second is kept in the bucket for them. */
const RESERVE_SECONDS = 0.2;

/** Never more than this share of what the bucket holds is kept back. */
const RESERVE_SHARE = 0.25;

export class BucketModel {
  /** Requests a second; `undefined` when nothing is known, and then nothing is held back. */
  #rate: number | undefined;
  #burst: number;
  #tokens: number;
  #filledAtMs: number | undefined;
  #overflowed = 0;

  constructor(rate: number | undefined, burst: number) {
    this.#rate = rate;
    this.#burst = Math.max(1, burst);
    this.#tokens = this.#cap();
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
  waitMs(pace: number | undefined): number {
    if (pace === undefined || this.#tokens >= 1) return 0;
    return ((1 - this.#tokens) / pace) * 1_000;
  }

  /** One request leaves. */
  take(): void {
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
