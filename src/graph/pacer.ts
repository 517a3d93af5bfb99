// Decides when the next request of one throttle scope may leave. Pure: it has no clock, no timer and no
// promise; the caller supplies the time and reports what became of each request.
//
// It spends what it believes to be in the service's bucket. A refusal that stands alone is an accident, and
// only its own row waits. Several are a bucket that ran dry: one gate closes for everybody, a canary goes first
// behind it, and the pace is held between what was accepted and what ran dry, until a climb tries for more.

import { BucketModel } from './bucket-model.js';
import { GATE_MAX_MS, Gate } from './gate.js';
import { type Belief, learn, PACE_MIN, SAFETY } from './lesson.js';
import { LongRun } from './long-run.js';
import type { PacerSettings } from './pacer-settings.js';
import type { PacerView } from './pacer-view.js';
import { Probe } from './probe.js';
import { Refusals } from './refusals.js';
import { Tally } from './tally.js';

/** A bucket that was found dry; its lesson is drawn when every answer from before has come. */
interface Dry {
  readonly atMs: number;
  readonly pace: number;
  readonly survivedPace: number;
  readonly isClimbing: boolean;
  readonly lastSeconds: number;
  readonly overflowed: number;
  readonly tokensUnused: number;
}

/** A refusal of which nobody knows yet whether it stands alone. */
interface Doubt {
  readonly sentAtMs: number;
  /** What it asks, and whether it said so. */
  readonly untilMs: number;
  readonly isUntold: boolean;
  /** What the pacer believed to be left in the bucket. */
  readonly tokens: number;
}

export class Pacer {
  readonly #prior: number;
  readonly #ceiling: number;
  readonly #likely: readonly number[];
  #belief: Belief;
  #isLearned = false;
  /** Nothing was learned since the start. */
  #isRemembered = false;
  #bucket: BucketModel;
  readonly #gate = new Gate();
  readonly #probe = new Probe();
  readonly #refusals = new Refusals();
  readonly #longRun = new LongRun();
  readonly #tally = new Tally();

  /** When the requests left whose answers have not come yet, in order. */
  #inFlight: number[] = [];
  #doubt: Doubt | undefined;
  #dry: Dry | undefined;

  #stretchFromMs: number | undefined;
  #openedAtMs = 0;
  #tokensAtOpen = 0;
  #stretchAccepted = 0;
  #openAccepted = 0;
  #isFirstStretch = true;

  constructor(settings: PacerSettings) {
    const { rate, burst, remembered, ceiling = Number.POSITIVE_INFINITY } = settings;
    this.#prior = settings.likely ?? rate ?? 0;
    this.#likely = [remembered, settings.likely].flatMap((one) => (one === undefined ? [] : [one * SAFETY]));
    this.#ceiling = ceiling * SAFETY;
    const believed = rate === undefined ? undefined : Math.min(rate, ceiling) * SAFETY;
    const held = Math.max(1, burst * SAFETY);
    this.#belief = { rate: believed, burst: held, measured: 0, floor: 0, floorDoubts: 0, proven: 0 };
    this.#bucket = new BucketModel(believed, held, remembered !== undefined);
    this.#isRemembered = remembered !== undefined;
    if (remembered === undefined) return;
    this.#gate.openForOne();
    if (believed === undefined || rate !== remembered) return;
    this.#isLearned = true;
    this.#restartProbe(believed, 0, 0);
  }

  /**
   * When the next request may leave: a moment at or before `nowMs` means at once; `Infinity` means not
   * before an answer has been reported.
   */
  next(nowMs: number): number {
    const openAtMs = this.#gate.next(nowMs);
    if (openAtMs > nowMs) return openAtMs;
    if (this.#doubt !== undefined) return Number.POSITIVE_INFINITY;
    if (this.#gate.isCanaryDue) return nowMs;
    this.#bucket.fill(nowMs, this.#pace());
    return nowMs + this.#bucket.waitMs(nowMs, this.#pace());
  }

  /** A request leaves now. */
  sent(nowMs: number): void {
    if (this.#dry !== undefined) this.#drawLesson(this.#dry);
    this.#bucket.fill(nowMs, this.#pace());
    if (this.#stretchFromMs === undefined || this.#gate.isCanaryDue) this.#opens(nowMs);
    this.#bucket.take(nowMs);
    this.#gate.sent(nowMs);
    this.#probe.sent(nowMs);
    this.#endClimb();
    this.#inFlight.push(nowMs);
    this.#tally.sent(nowMs);
  }

  /**
   * The service took a request, whatever it thought of its content.
   *
   * @param sentAtMs - when that request left. The answer to one that left before the gate closed does not say
   *   what the service takes now: only the canary's does.
   */
  accepted(nowMs: number, sentAtMs: number): void {
    this.#answered(sentAtMs);
    this.#tally.accepted(nowMs);
    this.#stretchAccepted += 1;
    this.#openAccepted += 1;
    this.#refusals.accepted();
    this.#longRun.accepted(nowMs);
    this.#gate.accepted(sentAtMs);
    // It left after the one that was refused, and was taken: that one stood alone.
    if (this.#doubt !== undefined && sentAtMs >= this.#doubt.sentAtMs) this.#doubt = undefined;
    this.#endDoubt(nowMs);
  }

  /** A request ended without a word on throttling: the connection broke, or the server failed. */
  ended(nowMs: number, sentAtMs: number): void {
    this.#answered(sentAtMs);
    this.#gate.ended(sentAtMs);
    this.#endDoubt(nowMs);
  }

  /**
   * The service refused a request for now.
   *
   * @param retryAfterSeconds - as the service said, obeyed in full; `undefined` when it said nothing.
   * @param sentAtMs - when that request left. A refusal of a request that left before the gate closed tells
   *   nothing new about the pace; it can only make the gate longer.
   */
  throttled(nowMs: number, retryAfterSeconds: number | undefined, sentAtMs: number): void {
    this.#answered(sentAtMs);
    this.#tally.throttled();
    const untilMs = this.#gate.askedUntilMs(nowMs, retryAfterSeconds, sentAtMs);
    const isUntold = retryAfterSeconds === undefined;
    if (this.#gate.isBefore(sentAtMs)) {
      // The gate was closed on less than what would have been a lesson: together they are one.
      if (this.#gate.isCanaryDue && this.#dry === undefined) {
        this.#refusals.refused();
        if (this.#refusals.areDry(this.#probe.isClimbing)) {
          this.#dry = this.#driedAt((sentAtMs + nowMs) / 2, this.#bucket.tokens);
        }
      }
      this.#gate.lengthen(nowMs, untilMs);
      return;
    }
    this.#refusals.refused();
    const asked: Doubt = {
      sentAtMs,
      untilMs: Math.max(untilMs, this.#doubt?.untilMs ?? 0),
      isUntold: isUntold || this.#doubt?.isUntold === true,
      tokens: this.#doubt?.tokens ?? this.#bucket.tokens,
    };
    const isCanary = this.#gate.isCanary(sentAtMs);
    if (this.#refusals.areDry(this.#probe.isClimbing)) {
      this.#dry ??= this.#driedAt((sentAtMs + nowMs) / 2, asked.tokens);
      this.#close(nowMs, asked);
    } else if (isCanary || untilMs - nowMs > GATE_MAX_MS) this.#close(nowMs, asked);
    else {
      this.#doubt = asked;
      this.#endDoubt(nowMs);
    }
  }

  view(): PacerView {
    return {
      pace: this.#pace(),
      learnedRate: this.#isLearned ? this.#times(this.#probe.survived) : undefined,
      gateUntilMs: this.#gate.untilMs,
      gatedMs: this.#gate.closedMs,
      ...this.#tally.view(),
    };
  }

  #pace(): number | undefined {
    return this.#times(this.#probe.factor);
  }

  /** So many times the rate that is believed, as far as that is sensible. */
  #times(factor: number): number | undefined {
    const { rate } = this.#belief;
    return rate === undefined ? undefined : Math.min(rate * factor, this.#sensible());
  }

  /** No higher pace is tried, in requests a second: long-run.ts. */
  #sensible(): number {
    const driedAtMs = this.#isLearned && !this.#isFirstStretch ? this.#stretchFromMs : undefined;
    return this.#longRun.sensible(this.#prior, driedAtMs);
  }

  /** A climb that has come to what is sensible ends there, and keeps what lasted. */
  #endClimb(): void {
    const { rate } = this.#belief;
    const sensible = this.#sensible();
    if (rate === undefined || !this.#probe.isClimbing || rate * this.#probe.factor < sensible) return;
    const lasted = Math.min(rate * this.#probe.survived, sensible);
    this.#belief = { ...this.#belief, rate: lasted };
    this.#restartProbe(lasted, lasted / rate, 0);
  }

  #answered(sentAtMs: number): void {
    const at = this.#inFlight.indexOf(sentAtMs);
    if (at >= 0) this.#inFlight.splice(at, 1);
  }

  /** Nobody is left who could say whether a refusal stood alone: it is obeyed, and teaches nothing yet. */
  #endDoubt(nowMs: number): void {
    const doubt = this.#doubt;
    if (doubt === undefined || this.#inFlight.some((sentAtMs) => sentAtMs >= doubt.sentAtMs)) return;
    // Who tries a higher pace takes it for what was looked for.
    if (this.#probe.isClimbing) this.#dry ??= this.#driedAt((doubt.sentAtMs + nowMs) / 2, doubt.tokens);
    this.#close(nowMs, doubt);
  }

  #close(nowMs: number, asked: { readonly untilMs: number; readonly isUntold: boolean }): void {
    this.#gate.close(nowMs, asked.untilMs, asked.isUntold);
    this.#doubt = undefined;
  }

  #opens(nowMs: number): void {
    this.#stretchFromMs ??= nowMs;
    this.#openedAtMs = nowMs;
    this.#openAccepted = 0;
    this.#tokensAtOpen = Math.max(0, this.#bucket.tokens);
    if (!this.#isFirstStretch) this.#bucket.spread(this.#tally.seconds(nowMs), this.#isLearned);
  }

  #driedAt(atMs: number, tokensUnused: number): Dry {
    const openSeconds = Math.max(0.2, (atMs - this.#openedAtMs) / 1_000);
    // While a burst goes out, the pace is what got through, not what the bucket is filled with.
    const speed = Math.max(1, this.#openAccepted) / openSeconds;
    const pace = this.#pace();
    const isBurst = pace === undefined || tokensUnused >= 1;
    return {
      atMs,
      pace: isBurst ? Math.max(speed, pace ?? 0) : pace,
      survivedPace: this.#probe.isClimbing ? (this.#belief.rate ?? 0) * this.#probe.survived : 0,
      isClimbing: this.#probe.isClimbing,
      lastSeconds: this.#probe.lastSeconds,
      overflowed: this.#bucket.overflowed,
      tokensUnused,
    };
  }

  #drawLesson(dry: Dry): void {
    const fromMs = this.#stretchFromMs ?? dry.atMs;
    const learned = learn(
      this.#belief,
      {
        isFirst: this.#isFirstStretch,
        seconds: (dry.atMs - fromMs) / 1_000,
        openSeconds: (dry.atMs - this.#openedAtMs) / 1_000,
        accepted: this.#stretchAccepted,
        acceptedOpen: this.#openAccepted,
        tokensAtOpen: this.#tokensAtOpen,
        tokensUnused: dry.tokensUnused,
        overflowed: dry.overflowed,
        pace: dry.pace,
        survivedPace: dry.survivedPace,
        stepSeconds: this.#probe.stepSeconds,
        lastSeconds: dry.lastSeconds,
        isClimbing: dry.isClimbing,
      },
      this.#likely,
    );
    const before = this.#belief.rate ?? Number.POSITIVE_INFINITY;
    const rate = Math.max(PACE_MIN, Math.min(this.#ceiling, this.#sensible(), learned.rate));
    this.#belief = { ...learned, rate };
    // The first lesson of a burst says nothing of the rate.
    this.#isLearned ||= !this.#isFirstStretch;
    this.#bucket.emptyAt(dry.atMs, rate, learned.burst);
    const gateMs = this.#gate.untilMs - dry.atMs;
    const wastedMs = gateMs - (learned.burst / rate) * 1_000;
    this.#restartProbe(rate, rate / before, Math.max(0, wastedMs));
    this.#refusals.forget();
    this.#dry = undefined;
    this.#isFirstStretch = false;
    this.#stretchFromMs = dry.atMs;
    this.#stretchAccepted = 0;
  }

  #restartProbe(rate: number, change: number, wastedMs: number): void {
    const factorMax = Math.max(1, this.#ceiling / rate);
    // What was remembered is of another day: what is documented is tried at once.
    const firstFactor = this.#isRemembered ? (this.#prior * SAFETY) / rate : 1;
    this.#isRemembered = false;
    this.#probe.restart({ rate, prior: this.#prior, change, wastedMs, factorMax, firstFactor });
  }
}
