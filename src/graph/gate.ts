// The gate of one throttle scope: closed until the service may be asked again, and opened for a single request,
// the canary, before it opens for all. Pure; it decides nothing about the pace.

/** A gate is never shorter: Retry-After of 0 or 0.1 s is met in the field and would be a hot loop. */
const GATE_MIN_MS = 1_000;

/** Without Retry-After the gate doubles from the minimum up to here (throttling.md, section 5). */
const GATE_UNTOLD_MAX_MS = 60_000;

/**
 * How long one refused request has to wait.
 *
 * @param retryAfterSeconds - as the service said; `undefined` when it said nothing.
 * @param untold - how many gates without a word came before, one after the other.
 * @returns milliseconds, never less than a second.
 */
export function refusedWaitMs(retryAfterSeconds: number | undefined, untold = 0): number {
  return retryAfterSeconds === undefined
    ? Math.min(GATE_UNTOLD_MAX_MS, GATE_MIN_MS * 2 ** untold)
    : Math.max(GATE_MIN_MS, retryAfterSeconds * 1_000);
}

/** A Retry-After longer than this ends the run with a word instead of seeming to hang (throttling.md, 5). */
export const GATE_MAX_MS = 10 * 60_000;

/**
 * How long a refused row waits by itself before it asks for a turn again, in milliseconds. Not at all for a
 * time that ends the run: it learns of that when it asks.
 */
export function rowWaitMs(retryAfterSeconds: number | undefined): number {
  const waitMs = refusedWaitMs(retryAfterSeconds);
  return waitMs > GATE_MAX_MS ? 0 : waitMs;
}

export class Gate {
  #untilMs = 0;
  #closedMs = 0;
  #untold = 0;
  #canary: 'none' | 'due' | 'in-flight' = 'none';
  #canarySentAtMs = 0;

  /** Until when it is closed, on the caller's clock; 0 when it never was. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** How long it has been closed in all. */
  get closedMs(): number {
    return this.#closedMs;
  }

  /** The first request behind the gate has yet to leave. */
  get isCanaryDue(): boolean {
    return this.#canary === 'due';
  }

  /** When the gate lets the next request through; `Infinity` until the canary has its answer. */
  next(nowMs: number): number {
    if (nowMs < this.#untilMs) return this.#untilMs;
    return this.#canary === 'in-flight' ? Number.POSITIVE_INFINITY : nowMs;
  }

  /** Whether that request left before the gate closed: what becomes of it says nothing of what is so now. */
  isBefore(sentAtMs: number): boolean {
    return sentAtMs < this.#untilMs;
  }

  /** While the canary is in flight nothing else leaves, so whatever left since then is the canary. */
  isCanary(sentAtMs: number): boolean {
    return this.#canary === 'in-flight' && sentAtMs >= this.#canarySentAtMs;
  }

  /** The first request of all goes alone, although nothing was refused. */
  openForOne(): void {
    this.#canary = 'due';
  }

  sent(nowMs: number): void {
    if (this.#canary !== 'due') return;
    this.#canary = 'in-flight';
    this.#canarySentAtMs = nowMs;
  }

  accepted(sentAtMs: number): void {
    if (!this.isBefore(sentAtMs)) this.#untold = 0;
    if (this.isCanary(sentAtMs)) this.#canary = 'none';
  }

  ended(sentAtMs: number): void {
    if (this.isCanary(sentAtMs)) this.#canary = 'due';
  }

  /** Until when a request that is refused now asks to wait. */
  askedUntilMs(nowMs: number, retryAfterSeconds: number | undefined, sentAtMs: number): number {
    // One that left together with those that closed the gate does not double it.
    const before = this.isBefore(sentAtMs) ? Math.max(0, this.#untold - 1) : this.#untold;
    return nowMs + refusedWaitMs(retryAfterSeconds, before);
  }

  /** Closes the gate, and opens it for one request when the time has come. */
  close(nowMs: number, untilMs: number, isUntold: boolean): void {
    if (isUntold) this.#untold += 1;
    this.lengthen(nowMs, untilMs);
    this.#canary = 'due';
  }

  /** A request from before the gate was refused as well: it can only make the gate longer. */
  lengthen(nowMs: number, untilMs: number): void {
    const laterMs = Math.max(this.#untilMs, untilMs);
    this.#closedMs += laterMs - Math.max(nowMs, this.#untilMs);
    this.#untilMs = laterMs;
  }
}
