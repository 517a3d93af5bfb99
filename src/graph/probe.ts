// When to try a higher pace again. Pure. After a lesson the pace is held for a while; then it climbs by steps
// that double, until the service refuses. A search that finds nothing new is repeated less and less often.

/** A climb costs a refusal or two: so many requests lie between two of them at least. */
const REQUESTS_BETWEEN = 400;

/** A pace is held so long before the first climb, and again after the service has changed. */
const HOLD_FIRST_MS = 10_000;

/** The longest hold while the pace is below what is documented, and so may have been better before. */
const HOLD_BELOW_PRIOR_MS = 40_000;

/** The longest hold otherwise. */
const HOLD_MAX_MS = 80_000;

/** A climb ends in a gate; the time that it wastes may be this share of the whole. */
const WASTE_SHARE = 0.02;

/** The same for the first climbs, when most is to be found. */
const WASTE_SHARE_SOON = 0.05;

/** Each step of a climb lasts so long, and for so many requests. */
const STEP_MS = 10_000;
const STEP_REQUESTS = 20;
const FIRST_STEP = 0.05;

/** The steps double up to here: 5, 10, 20, 30, 30 … per cent. */
const STEP_MAX = 0.3;

/** By then it is a million times what it was: under a ceiling a climb goes on for as long as nothing is refused. */
const STEPS_MAX = 40;

/** Rates that differ by less are the same. */
const NEARLY = 0.05;

/** Time between two requests that is longer is no time in which the pace was tried. */
const IDLE_MS = 10_000;

export class Probe {
  #isOn = false;
  #holdMs = HOLD_FIRST_MS;
  #stepMs = STEP_MS;
  #factorMax = Number.POSITIVE_INFINITY;
  #firstFactor = 1;
  #activeMs = 0;
  #lastSentAtMs: number | undefined;

  /** The pace now, as a multiple of the one that was learned. */
  get factor(): number {
    return this.#isOn ? this.#factorAfter(this.#steps()) : 1;
  }

  /** The last multiple that lasted for its whole time without a refusal. */
  get survived(): number {
    return this.isClimbing ? this.#factorAfter(this.#steps() - 1) : 1;
  }

  /** How long a step lasts. */
  get stepSeconds(): number {
    return this.#stepMs / 1_000;
  }

  /** How long the last step has lasted. */
  get lastSeconds(): number {
    return Math.max(0, (this.#activeMs - this.#holdMs) % this.#stepMs) / 1_000;
  }

  get isClimbing(): boolean {
    return this.#isOn && this.#factorMax > 1 && this.#steps() > 0;
  }

  sent(nowMs: number): void {
    this.#activeMs += Math.min(IDLE_MS, nowMs - (this.#lastSentAtMs ?? nowMs));
    this.#lastSentAtMs = nowMs;
  }

  /** Begins again after a lesson. */
  restart(lesson: {
    /** What was learned, requests a second. */
    readonly rate: number;
    /** What is documented; 0 when nothing is. */
    readonly prior: number;
    /** The new rate over the old one. */
    readonly change: number;
    /** How long nothing could be sent although the service would have taken it. */
    readonly wastedMs: number;
    /** The highest multiple that may be tried. */
    readonly factorMax: number;
    /** The multiple that the climb begins with, where one is likely; 1 otherwise. */
    readonly firstFactor: number;
  }): void {
    const { rate, prior, change, wastedMs, factorMax, firstFactor } = lesson;
    const isBelowPrior = rate < (1 - NEARLY) * prior;
    // What was looked for is found.
    const isAsPrior = !isBelowPrior && rate < (1 + NEARLY) * prior;
    const isNew = (change < 0.9 || change > 1.1) && !isAsPrior;
    const longest = Math.max(
      isBelowPrior ? HOLD_BELOW_PRIOR_MS : HOLD_MAX_MS,
      (REQUESTS_BETWEEN / rate) * 1_000,
      wastedMs / WASTE_SHARE,
    );
    const longer = isBelowPrior ? this.#holdMs * 2 : Math.max(this.#holdMs * 2, wastedMs / WASTE_SHARE_SOON);
    this.#holdMs = isNew || !this.#isOn ? HOLD_FIRST_MS : Math.min(longest, longer);
    this.#stepMs = Math.max(STEP_MS, (STEP_REQUESTS / rate) * 1_000);
    this.#factorMax = factorMax;
    this.#firstFactor = firstFactor;
    this.#isOn = true;
    this.#activeMs = 0;
    this.#lastSentAtMs = undefined;
  }

  #factorAfter(steps: number): number {
    if (steps <= 0) return 1;
    const isLeap = this.#firstFactor > 1 + FIRST_STEP;
    const climbed = isLeap ? this.#firstFactor * factorAfter(steps - 1) : factorAfter(steps);
    return Math.min(this.#factorMax, climbed);
  }

  #steps(): number {
    return this.#activeMs < this.#holdMs ? 0 : 1 + Math.floor((this.#activeMs - this.#holdMs) / this.#stepMs);
  }
}

/** The pace after each number of steps, as a multiple of the one that was learned. */
const FACTORS: readonly number[] = Array.from({ length: STEPS_MAX + 1 }, (_, steps) => {
  let factor = 1;
  for (let step = 0; step < steps; step += 1) factor *= 1 + Math.min(STEP_MAX, FIRST_STEP * 2 ** step);
  return factor;
});

function factorAfter(steps: number): number {
  return FACTORS[Math.min(STEPS_MAX, steps)] ?? 1;
}
