// What it teaches that the service's bucket ran dry: between which bounds its rate lies, and how much the bucket
// holds at most. Pure arithmetic on what was accepted between two such moments.
//
// Between two moments at which the bucket is empty, everything that flowed in was accepted or ran over. So what
// was accepted, by the time that passed, is never more than the rate, and is the rate when nothing ran over.

/** What the pacer believes of the service. */
export interface Belief {
  /** Requests a second; `undefined` when nothing is known. */
  readonly rate: number | undefined;
  /** What may leave at once. */
  readonly burst: number;
  /** The rate that the last lesson measured; 0 when none has. */
  readonly measured: number;
  /** A rate that was sustained, as far as the last lesson could tell; 0 when none has told. */
  readonly floor: number;
  /** How many lessons in a row have not shown that rate again. */
  readonly floorDoubts: number;
  /** What the bucket was seen to hold: with less in it, it would have run dry sooner; 0 when that was never seen. */
  readonly proven: number;
}

/** What happened between two moments at which the bucket was empty, or since the start. */
export interface Stretch {
  /** Nothing is known of what the bucket held at its beginning. */
  readonly isFirst: boolean;
  /** From the last moment at which it was empty, in seconds. */
  readonly seconds: number;
  /** From the moment at which the gate was open again. */
  readonly openSeconds: number;
  readonly accepted: number;
  /** Of those, since the gate was open again. */
  readonly acceptedOpen: number;
  /** What the pacer believed that might leave at once when the gate opened, and at the first refusal. */
  readonly tokensAtOpen: number;
  readonly tokensUnused: number;
  /** What ran over meanwhile, in the pacer's belief. */
  readonly overflowed: number;
  /** Requests a second at the end. */
  readonly pace: number;
  /** A pace that had lasted for a while. */
  readonly survivedPace: number;
  /** How long it had to last. */
  readonly stepSeconds: number;
  /** How long the pace of the end has lasted. */
  readonly lastSeconds: number;
  readonly isClimbing: boolean;
}

/** The slowest pace, a second: the run still moves when the service allows next to nothing. */
export const PACE_MIN = 0.1;

/** A little below what is believed: a bucket that never runs dry answers no 429 (throttling.md, section 0). */
export const SAFETY = 0.99;

/** A pace that ran dry is not tried again as it is. */
const BELOW_TOO_FAST = 0.97;

/** A burst that is believed is as good as one that was seen, up to so many times that: a little is kept in reserve. */
const PROVEN_MORE = 1.1;

/** Where no more can have flowed in than this share of the rate, the rate is another one by now. */
const CONTRADICTED = 0.9;

/** Bounds so near each other are one figure. */
const NEAR = 0.85;

/** A climb that shows so many times what was measured says that the service has changed meanwhile. */
const CHANGED = 1.1;

/** A rate that was sustained is believed less with a lesson that does not show it again, and ever faster less. */
const FLOOR_KEPT = 0.93;

/** Two measurements that differ less measured the same. */
const SAME = 0.05;

/** Who held a rate through a climb may have held more: a bucket that was full all the while does not say so. */
const HELD_RAISED = 1.004;

/** Fewer accepted requests measure nothing. */
const MEASURED_MIN = 10;

/** What may have run over without being noticed, as a share of what was accepted. */
const UNNOTICED = 0.03;

/** A stretch that brought less than so many bursts says nothing about the rate. */
const MOSTLY_BURST = 2;

/** A burst that was too much is lowered at least to this share. */
const BURST_LOWERED = 0.75;

/** A burst that is a smaller share of what was accepted is lost in the error of the measurement. */
const BURST_VISIBLE = 0.3;

/** From the opening of a gate on, it takes so many bursts and seconds until the burst itself matters no more. */
const OPEN_BURSTS = 4;
const OPEN_SECONDS = 3;

/** A burst that was found is used but for a tenth. */
const BURST_USED = 0.9;

/** After a gate, so small a share of what was believed to be in the bucket is a bucket that never held so much. */
const BURST_MISJUDGED = 0.4;

/** A rate is known once there is a lesson. */
export type Learned = Belief & { readonly rate: number };

/**
 * Draws the lesson.
 *
 * @param likely - the rates that are tried first where the bounds are far apart, the likeliest first.
 */
export function learn(belief: Belief, stretch: Stretch, likely: readonly number[]): Learned {
  const { accepted, acceptedOpen, openSeconds, seconds, pace } = stretch;
  const ranOver = stretch.overflowed > UNNOTICED * accepted;
  // A little that ran over at the gate is known well enough to be counted.
  const flowedIn = accepted + 0.5 + (ranOver ? 0 : stretch.overflowed);
  const throughout = flowedIn / Math.max(seconds, 0.2);
  // What ran over did so behind the gate, and left the bucket full: from there on it is measured again.
  const sinceOpen = (acceptedOpen - belief.burst) / Math.max(openSeconds, 0.2);
  const canTellOpen = ranOver && acceptedOpen >= OPEN_BURSTS * belief.burst && openSeconds >= OPEN_SECONDS;
  const measured = canTellOpen ? Math.max(throughout, Math.min(sinceOpen, pace)) : throughout;
  const open = Math.max(openSeconds, 0.2);
  if (belief.rate === undefined) {
    // Nobody knows how much of that was burst: what is likely is tried next, or half of it.
    const rate = Math.max(PACE_MIN, Math.min(likely[0] ?? Number.POSITIVE_INFINITY, accepted / open / 2));
    const burst = Math.max(1, (accepted - rate * open) * BURST_USED);
    return { rate, burst, measured: 0, floor: 0, floorDoubts: 0, proven: 0 };
  }
  const burstSeen = Math.max(1, (acceptedOpen - belief.rate * open) * BURST_USED);
  if (stretch.isFirst) {
    // The first refusal ends a burst; what is documented of the rate may be right all the same.
    if (!stretch.isClimbing) {
      return { ...belief, rate: belief.rate, burst: Math.min(belief.burst, burstSeen) };
    }
    // What lasted may have been in the bucket: no more of it is believed than is likely.
    const rate = Math.max(belief.rate, Math.min(stretch.survivedPace, ...likely.slice(-1)));
    const left = Math.max(acceptedOpen - rate * open, sentByClimb(stretch) - rate * climbSeconds(stretch));
    return { ...belief, rate, burst: Math.max(1, Math.min(belief.burst, left * BURST_USED)) };
  }
  if (belief.burst <= PROVEN_MORE * belief.proven) {
    // All that can have flowed into a bucket that holds what it was seen to hold.
    const most = (accepted + 0.5 + stretch.overflowed) / Math.max(seconds, 0.2);
    if (most < CONTRADICTED * belief.rate) {
      const rate = Math.max(PACE_MIN, most * SAFETY);
      return { ...belief, rate, measured: most, floor: most, floorDoubts: 0 };
    }
  }
  // It ran dry with more left in it than could be, or before it mattered how fast it fills.
  const wasMostlyBurst = stretch.tokensAtOpen > 2 && acceptedOpen < MOSTLY_BURST * stretch.tokensAtOpen;
  const isOverdrawn = wasMostlyBurst || stretch.tokensUnused >= Math.max(3, 0.1 * stretch.tokensAtOpen);
  const isMisjudged = wasMostlyBurst && acceptedOpen < BURST_MISJUDGED * stretch.tokensAtOpen;
  if ((ranOver && isOverdrawn) || isMisjudged) {
    const burst = Math.min(burstSeen, belief.burst * BURST_LOWERED);
    return { ...belief, rate: Math.max(belief.rate, measured), burst };
  }

  const mayRunOver = ranOver || belief.burst < UNNOTICED * accepted;
  const isConfirmed = !stretch.isClimbing && Math.abs(belief.measured / measured - 1) < SAME;
  const climbed = stretch.isClimbing ? climbedRate(stretch, belief.burst) : 0;
  // What was measured is then of both states of the service.
  const hasChanged = climbed > CHANGED * measured;
  const isExact = isConfirmed || (!mayRunOver && !hasChanged && accepted >= MEASURED_MIN);
  // The pace before the climb had lasted; a bucket that ran over hides that, and a little more, from what is measured.
  const held = Math.min(climbed, (belief.rate / SAFETY) * HELD_RAISED);
  const floor = belief.floor * FLOOR_KEPT ** (2 ** belief.floorDoubts);
  const known = isExact ? measured : Math.max(measured, hasChanged ? climbed : held, floor);
  const isNear = isExact || known === climbed || known >= NEAR * pace;
  const rate = Math.max(
    PACE_MIN,
    isNear ? Math.min(known * SAFETY, pace) : between(known, pace * BELOW_TOO_FAST, likely),
  );
  const burstNow = (acceptedOpen - rate * open) * BURST_USED;
  const burst = burstNow > BURST_VISIBLE * acceptedOpen ? Math.max(belief.burst, burstNow) : belief.burst;
  const floorDoubts = known > floor ? 0 : belief.floorDoubts + 1;
  const proven = Math.max(belief.proven, stretch.tokensAtOpen);
  return { rate, burst, measured, floor: known, floorDoubts, proven };
}

/** What is tried next when the bounds are far apart. */
function between(known: number, tooFast: number, likely: readonly number[]): number {
  return likely.find((rate) => rate > known * BELOW_TOO_FAST && rate < tooFast) ?? Math.sqrt(known * tooFast);
}

/**
 * The least rate at which a bucket that holds no more than `burst` lasts through the last two steps of a climb:
 * what they sent beyond it was in the bucket.
 */
function climbedRate(stretch: Stretch, burst: number): number {
  const { pace, lastSeconds, survivedPace } = stretch;
  const byLast = pace - burst / Math.max(lastSeconds, 0.2);
  if (byLast >= survivedPace) return byLast;
  return (sentByClimb(stretch) - burst) / climbSeconds(stretch);
}

/** What the last two steps of a climb sent. */
function sentByClimb({ pace, lastSeconds, survivedPace, stepSeconds }: Stretch): number {
  return pace * lastSeconds + survivedPace * stepSeconds;
}

function climbSeconds({ lastSeconds, stepSeconds }: Stretch): number {
  return lastSeconds + stepSeconds;
}
