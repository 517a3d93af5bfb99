// Decides when the next request of one throttle scope may leave. Pure: it has no clock, no timer and no
// promise; the caller supplies the time and reports what became of each request.
//
// It is a token bucket that starts as the documentation describes the service's own, and learns from the
// service's refusals. A refusal closes one gate for everybody; behind it a single request, the canary, goes
// first.

/** What the pacer starts from. */
export interface PacerSettings {
  /** Requests a second that the service is believed to sustain; `undefined` when nothing is known. */
  readonly rate?: number;
  /** Requests that may leave at once before the rate counts. */
  readonly burst: number;
}

/**
 * Identity writes of one app in one tenant: 3,000 in 150 s, by a token bucket.
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 * (graph-api.md, section 5.1: no limit of their own is published for the hardware token paths).
 */
export const DOCUMENTED_WRITES: PacerSettings = { rate: 20, burst: 3_000 };

/** A little below what is believed: a bucket that never runs dry answers no 429 (throttling.md, section 0). */
const SAFETY = 0.98;

/** A gate is never shorter: Retry-After of 0 or 0.1 s is met in the field and would be a hot loop. */
const GATE_MIN_MS = 1_000;

/** Without Retry-After the gate doubles from the minimum up to here (throttling.md, section 5). */
const GATE_UNTOLD_MAX_MS = 60_000;

/** After a refusal the pace falls to this share of what got through, and grows again from there. */
const BACK_OFF = 0.85;

/** Requests that must have got through since the last refusal before their number measures the service's rate. */
const MEASURED_MIN = 10;

/** What is left of the pace after a refusal that measured nothing. */
const STEP_DOWN = 0.7;

/** The pace grows by this share for each second without a refusal. */
const GROWTH_PER_SECOND = 0.005;

/** Growth stops at this multiple of what was seen to be too fast. */
const GROWTH_MAX = 2;

/** The slowest pace, a second: the run still moves when the service allows next to nothing. */
const PACE_MIN = 0.2;

export interface PacerView {
  /** Requests a second; `undefined` while nothing limits them. */
  readonly pace: number | undefined;
  /** Until when the gate is closed, on the caller's clock; 0 when it never was. */
  readonly gateUntilMs: number;
  /** How long the gate has been closed in all. */
  readonly gatedMs: number;
  readonly accepted: number;
  readonly throttled: number;
  /** From the first request that left to the last that was accepted. */
  readonly activeMs: number;
}

export class Pacer {
  #rate: number | undefined;
  #ceiling: number | undefined;
  #burst: number;
  #tokens: number;
  #refilledAtMs: number | undefined;

  #gateUntilMs = 0;
  #gatedMs = 0;
  #canary: 'none' | 'due' | 'in-flight' = 'none';
  #canarySentAtMs = 0;
  #untoldGates = 0;

  #windowStartMs: number | undefined;
  #windowAccepted = 0;
  #accepted = 0;
  #throttled = 0;
  #firstSentAtMs: number | undefined;
  #lastAcceptedAtMs: number | undefined;

  constructor(settings: PacerSettings) {
    this.#rate = settings.rate === undefined ? undefined : settings.rate * SAFETY;
    this.#ceiling = this.#rate;
    this.#burst = Math.max(1, settings.burst);
    this.#tokens = this.#burst;
  }

  /**
   * When the next request may leave: a moment at or before `nowMs` means at once; `Infinity` means not
   * before an answer has been reported.
   */
  next(nowMs: number): number {
    if (nowMs < this.#gateUntilMs) return this.#gateUntilMs;
    if (this.#canary === 'in-flight') return Number.POSITIVE_INFINITY;
    if (this.#rate === undefined) return nowMs;
    this.#refill(nowMs);
    return this.#tokens >= 1 ? nowMs : nowMs + ((1 - this.#tokens) / this.#rate) * 1_000;
  }

  /** A request leaves now. */
  sent(nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens = Math.max(0, this.#tokens - 1);
    this.#windowStartMs ??= nowMs;
    this.#firstSentAtMs ??= nowMs;
    if (this.#canary === 'due') {
      this.#canary = 'in-flight';
      this.#canarySentAtMs = nowMs;
    }
  }

  /**
   * The service took a request, whatever it thought of its content.
   *
   * @param sentAtMs - when that request left. The answer to one that left before the gate closed does not say
   *   what the service takes now: only the canary's does.
   */
  accepted(nowMs: number, sentAtMs: number): void {
    this.#accepted += 1;
    this.#lastAcceptedAtMs = nowMs;
    this.#windowAccepted += 1;
    if (sentAtMs >= this.#gateUntilMs) this.#untoldGates = 0;
    if (this.#isCanary(sentAtMs)) this.#canary = 'none';
    this.#grow(nowMs);
  }

  /** A request ended without a word on throttling: the connection broke, or the server failed. */
  ended(sentAtMs: number): void {
    if (this.#isCanary(sentAtMs)) this.#canary = 'due';
  }

  /**
   * The service refused a request for now.
   *
   * @param retryAfterSeconds - as the service said, obeyed in full; `undefined` when it said nothing.
   * @param sentAtMs - when that request left. A refusal of a request that left before the gate closed tells
   *   nothing new about the pace; it can only make the gate longer.
   */
  throttled(nowMs: number, retryAfterSeconds: number | undefined, sentAtMs: number): void {
    this.#throttled += 1;
    const news = sentAtMs >= this.#gateUntilMs;
    const canaryRefused = this.#isCanary(sentAtMs);
    if (news) this.#learn(nowMs);
    if (retryAfterSeconds === undefined && news) this.#untoldGates += 1;
    this.#closeGate(nowMs, retryAfterSeconds);
    if (news || canaryRefused) this.#canary = 'due';
  }

  view(): PacerView {
    return {
      pace: this.#rate,
      gateUntilMs: this.#gateUntilMs,
      gatedMs: this.#gatedMs,
      accepted: this.#accepted,
      throttled: this.#throttled,
      activeMs:
        this.#lastAcceptedAtMs === undefined ? 0 : this.#lastAcceptedAtMs - (this.#firstSentAtMs ?? 0),
    };
  }

  /** While the canary is in flight nothing else leaves, so whatever left since then is the canary. */
  #isCanary(sentAtMs: number): boolean {
    return this.#canary === 'in-flight' && sentAtMs >= this.#canarySentAtMs;
  }

  #refill(nowMs: number): void {
    const elapsedMs = nowMs - (this.#refilledAtMs ?? nowMs);
    this.#refilledAtMs = nowMs;
    if (this.#rate !== undefined) {
      this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1_000) * this.#rate);
    }
  }

  /** Draws the lesson of an exhausted bucket: no burst is left, and this pace was too fast. */
  #learn(nowMs: number): void {
    const seconds = Math.max(1, (nowMs - (this.#windowStartMs ?? nowMs)) / 1_000);
    const measured = this.#windowAccepted / seconds;
    // A bucket that was empty from the start lets next to nothing through, and says nothing about the rate at
    // which it fills: so few are no measurement, and the pace falls by steps instead.
    const isMeasured = this.#windowAccepted >= MEASURED_MIN;
    const tooFast = this.#rate ?? Math.max(1, measured);
    const lowered = isMeasured ? Math.min(tooFast, measured * BACK_OFF) : tooFast * STEP_DOWN;
    // The first window holds the service's burst, so what it measured is too high to be believed when a
    // prior says less. From the second on, the pace itself was what ran dry.
    const isPriorKept = this.#throttled === 1 && this.#rate !== undefined;
    if (isMeasured || this.#rate !== undefined) {
      this.#ceiling = Math.max(this.#ceiling ?? 0, tooFast * GROWTH_MAX);
    }
    this.#rate = Math.max(PACE_MIN, isPriorKept ? tooFast : lowered);
    this.#burst = 1;
    this.#tokens = 1;
    this.#windowStartMs = undefined;
    this.#windowAccepted = 0;
  }

  #grow(nowMs: number): void {
    // Growth begins with the first refusal: before it, the believed rate is the documented one.
    if (this.#rate === undefined || this.#throttled === 0 || this.#windowStartMs === undefined) return;
    const perAccepted = GROWTH_PER_SECOND / Math.max(1, this.#rate);
    this.#rate = Math.min(this.#ceiling ?? Number.POSITIVE_INFINITY, this.#rate * (1 + perAccepted));
    this.#refill(nowMs);
  }

  #closeGate(nowMs: number, retryAfterSeconds: number | undefined): void {
    const toldMs =
      retryAfterSeconds === undefined
        ? Math.min(GATE_UNTOLD_MAX_MS, GATE_MIN_MS * 2 ** Math.max(0, this.#untoldGates - 1))
        : Math.max(GATE_MIN_MS, retryAfterSeconds * 1_000);
    const untilMs = Math.max(this.#gateUntilMs, nowMs + toldMs);
    this.#gatedMs += untilMs - Math.max(nowMs, this.#gateUntilMs);
    this.#gateUntilMs = untilMs;
  }
}
