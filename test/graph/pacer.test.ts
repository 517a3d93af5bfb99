// The pacer's rules, one by one. What it achieves against a service is in pacer-worlds.test.ts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/graph/pacer.js';
import { DOCUMENTED_WRITES } from '../../src/graph/pacer-settings.js';

/** A pacer whose gate was closed at `atMs` by a request that left at the same moment. */
function gated(retryAfterSeconds: number | undefined, atMs = 10_000): Pacer {
  const pacer = new Pacer({ rate: 20, burst: 5 });
  pacer.sent(atMs);
  pacer.throttled(atMs, retryAfterSeconds, atMs);
  return pacer;
}

/** Sends at once as many as may leave. */
function sendAll(pacer: Pacer, nowMs: number, most = 1_000): number {
  let sent = 0;
  while (sent < most && pacer.next(nowMs) <= nowMs) {
    pacer.sent(nowMs);
    sent += 1;
  }
  return sent;
}

/** A service takes at once whatever leaves, which is as soon as it may; each time `see` is called. */
function takeAll(pacer: Pacer, untilMs: number, see: () => void = () => undefined): void {
  let nowMs = 0;
  while (nowMs < untilMs) {
    nowMs = Math.max(nowMs, pacer.next(nowMs));
    pacer.sent(nowMs);
    pacer.accepted(nowMs, nowMs);
    see();
  }
}

describe('a pacer that was never refused', () => {
  it('lets the burst out at once, and then keeps to the rate', () => {
    const pacer = new Pacer({ rate: 10, burst: 30 });
    // The last few are kept for the bunches in which requests arrive.
    expect(sendAll(pacer, 0)).toBe(27);
    let sent = 0;
    let nowMs = 0;
    while (nowMs < 60_000) {
      nowMs = pacer.next(nowMs);
      pacer.sent(nowMs);
      sent += 1;
    }
    // 99 % of the rate: a bucket that never runs dry answers no 429.
    expect(sent).toBeGreaterThanOrEqual(593);
    expect(sent).toBeLessThanOrEqual(595);
  });

  it('saves up no more than the burst while nothing is sent', () => {
    const pacer = new Pacer({ rate: 10, burst: 3 });
    sendAll(pacer, 0);
    expect(sendAll(pacer, 3_600_000)).toBe(2);
  });

  it('holds nothing back when nothing is known of the service', () => {
    const pacer = new Pacer({ burst: 1 });
    expect(sendAll(pacer, 0, 500)).toBe(500);
    expect(pacer.view().pace).toBeUndefined();
  });

  it('starts from what Microsoft documents: 3,000 in 150 seconds', () => {
    expect(DOCUMENTED_WRITES).toEqual({ rate: 20, burst: 3_000, likely: 20 });
    expect(new Pacer(DOCUMENTED_WRITES).view().pace).toBeCloseTo(19.8);
  });

  it('does not raise the pace above what is believed while all goes well', () => {
    const pacer = new Pacer({ rate: 20, burst: 1 });
    for (let nowMs = 0; nowMs < 600_000; nowMs += 100) {
      pacer.sent(nowMs);
      pacer.accepted(nowMs + 50, nowMs);
    }
    expect(pacer.view().pace).toBeCloseTo(19.8);
  });
});

describe('the gate', () => {
  it.each([
    ['in whole seconds', 120, 120_000],
    ['in decimals', 2.128, 2_128],
    ['of a day', 86_400, 86_400_000],
    ['of zero, which would be a hot loop', 0, 1_000],
    ['of less than a second', 0.249, 1_000],
  ])('stays closed for a Retry-After %s', (_what, seconds, ms) => {
    const pacer = gated(seconds);
    expect(pacer.next(10_000)).toBe(10_000 + ms);
    expect(pacer.next(10_000 + ms - 1)).toBe(10_000 + ms);
    expect(pacer.next(10_000 + ms)).toBe(10_000 + ms);
    expect(pacer.view().gateUntilMs).toBe(10_000 + ms);
  });

  it.each([
    ['the longer comes second', 5, 60],
    ['the longer comes first', 60, 5],
  ])('obeys the longer of two: %s', (_what, first, second) => {
    const pacer = new Pacer({ rate: 20, burst: 5 });
    pacer.sent(9_000);
    pacer.sent(9_001);
    pacer.throttled(10_000, first, 9_000);
    pacer.throttled(10_100, second, 9_001);
    expect(pacer.next(10_100)).toBe(first > second ? 70_000 : 70_100);
  });

  it('doubles from one second to sixty when the service names no time', () => {
    const pacer = new Pacer({ rate: 20, burst: 5 });
    const waits: number[] = [];
    let nowMs = 10_000;
    for (let n = 0; n < 9; n += 1) {
      pacer.sent(nowMs);
      pacer.throttled(nowMs, undefined, nowMs);
      waits.push(pacer.next(nowMs) - nowMs);
      nowMs = pacer.next(nowMs);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
  });

  it('begins at one second again once the service has taken a request', () => {
    const pacer = gated(undefined);
    pacer.sent(11_000);
    pacer.throttled(11_000, undefined, 11_000);
    pacer.sent(13_000);
    pacer.accepted(13_100, 13_000);
    pacer.sent(20_000);
    pacer.throttled(20_000, undefined, 20_000);
    expect(pacer.next(20_000)).toBe(21_000);
  });

  it.each<readonly [string, readonly (number | undefined)[], number]>([
    ['is one second after a gate whose time was told', [3], 1_000],
    ['is one second after two refusals in doubt whose time was told', [1, 1], 1_000],
    ['is doubled after two refusals in doubt, the first without a word', [undefined, 1], 2_000],
    ['is doubled after two refusals in doubt, the second without a word', [1, undefined], 2_000],
  ])('%s', (_what, told, waitMs) => {
    const pacer = new Pacer({ rate: 20, burst: 5 });
    told.forEach((_seconds, n) => void pacer.sent(10_000 + n));
    for (const [n, seconds] of told.entries()) pacer.throttled(10_100, seconds, 10_000 + n);
    const nowMs = pacer.next(10_100);
    pacer.sent(nowMs);
    pacer.throttled(nowMs, undefined, nowMs);
    expect(pacer.next(nowMs) - nowMs).toBe(waitMs);
  });

  it('is not doubled by the requests that left together with the refused one', () => {
    const pacer = new Pacer({ rate: 20, burst: 20 });
    for (let n = 0; n < 16; n += 1) pacer.sent(10_000);
    for (let n = 0; n < 16; n += 1) pacer.throttled(10_100 + n, undefined, 10_000);
    expect(pacer.next(10_200)).toBe(11_115);
  });

  it('counts the time it was closed once, however many closed it', () => {
    const pacer = gated(10);
    pacer.throttled(12_000, 10, 9_000);
    pacer.throttled(13_000, 1, 9_000);
    expect(pacer.view().gatedMs).toBe(12_000);
  });
});

describe('the canary', () => {
  it('goes alone after a gate, until it is answered', () => {
    const pacer = gated(5);
    expect(sendAll(pacer, 15_000)).toBe(1);
    expect(pacer.next(15_000)).toBe(Number.POSITIVE_INFINITY);
    expect(pacer.next(3_600_000)).toBe(Number.POSITIVE_INFINITY);
    pacer.accepted(15_200, 15_000);
    expect(Number.isFinite(pacer.next(15_200))).toBe(true);
  });

  it('is followed by another one when it is refused', () => {
    const pacer = gated(5);
    pacer.sent(15_000);
    pacer.throttled(15_100, 3, 15_000);
    expect(pacer.next(15_100)).toBe(18_100);
    expect(sendAll(pacer, 18_100)).toBe(1);
  });

  it('is followed by another one when nothing is known of it', () => {
    const pacer = gated(5);
    pacer.sent(15_000);
    pacer.ended(15_100, 15_000);
    // One second at the learnt pace is more than enough for several tokens, if it were open for all.
    expect(sendAll(pacer, 30_000)).toBe(1);
  });

  it.each([
    ['accepted', (pacer: Pacer) => pacer.accepted(15_100, 9_000)],
    ['lost', (pacer: Pacer) => pacer.ended(15_100, 9_000)],
  ])('is not mistaken for a request from before the gate that is %s', (_what, answer) => {
    const pacer = gated(5);
    pacer.sent(15_000);
    answer(pacer);
    expect(pacer.next(15_200)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the pace', () => {
  it('is not lowered by a refused request that left before the gate closed', () => {
    const pacer = new Pacer({ rate: 20, burst: 20 });
    for (let n = 0; n < 10; n += 1) pacer.sent(n * 50);
    pacer.throttled(10_000, 5, 450);
    const { pace } = pacer.view();
    for (let n = 0; n < 8; n += 1) pacer.throttled(10_100, 5, n * 50);
    expect(pacer.view().pace).toBe(pace);
    expect(pacer.view().throttled).toBe(9);
  });

  it('keeps what is documented after the first refusal, which ends a burst', () => {
    expect(gated(1).view().pace).toBeCloseTo(19.8);
  });
});

describe('a ceiling', () => {
  it('is never passed, although the service takes whatever comes after a lesson', () => {
    const pacer = new Pacer({ rate: 10, burst: 1, ceiling: 10, likely: 20 });
    let nowMs = 0;
    for (let n = 0; n < 5_000; n += 1) {
      nowMs = Math.max(nowMs, pacer.next(nowMs));
      expect(Number.isFinite(nowMs)).toBe(true);
      pacer.sent(nowMs);
      // Dry twice in the first half minute, and never again.
      const isRefused = (n >= 50 && n < 54) || (n >= 150 && n < 154);
      if (isRefused) pacer.throttled(nowMs, 1, nowMs);
      else pacer.accepted(nowMs, nowMs);
      expect(pacer.view().pace).toBeLessThanOrEqual(10);
    }
    expect(nowMs / 1_000).toBeGreaterThanOrEqual(495);
  });
});

describe('a rate that an earlier run has learned', () => {
  it('is started from by one request alone', () => {
    const pacer = new Pacer({ rate: 5, burst: 1, likely: 20, remembered: 5 });
    expect(sendAll(pacer, 0)).toBe(1);
    expect(pacer.next(60_000)).toBe(Number.POSITIVE_INFINITY);
    pacer.accepted(200, 0);
    expect(pacer.view().pace).toBeCloseTo(4.95);
    expect(Number.isFinite(pacer.next(200))).toBe(true);
  });

  it('is what was learned, until the service teaches another', () => {
    expect(new Pacer({ rate: 5, burst: 1, likely: 20, remembered: 5 }).view().learnedRate).toBeCloseTo(4.95);
    expect(new Pacer({ rate: 8, burst: 1, likely: 20, remembered: 5 }).view().learnedRate).toBeUndefined();
    expect(new Pacer({ burst: 1, likely: 20, remembered: 5 }).view().learnedRate).toBeUndefined();
    expect(new Pacer({ rate: 5, burst: 1, likely: 20 }).view().learnedRate).toBeUndefined();
  });

  it('is climbed from although the long run brings what is documented, while nothing is refused', () => {
    const pacer = new Pacer({ rate: 20, burst: 1, likely: 20, remembered: 20 });
    for (let nowMs = 0; nowMs < 400_000; nowMs += 50) {
      pacer.sent(nowMs);
      pacer.accepted(nowMs, nowMs);
    }
    expect(pacer.view().pace).toBeGreaterThan(25);
  });

  it('is no pace to climb from where the job begins with another', () => {
    const pacer = new Pacer({ rate: 8, burst: 1, likely: 20, remembered: 5 });
    takeAll(pacer, 90_000);
    expect(pacer.view().pace).toBeCloseTo(7.92);
  });

  it('is what a climb leaps from, and what was learned in this run is not', () => {
    const pacer = new Pacer({ rate: 10, burst: 1, likely: 20 });
    for (let n = 0; n < 3; n += 1) pacer.sent(0);
    for (let n = 0; n < 3; n += 1) pacer.throttled(0, 1, 0);
    takeAll(pacer, 13_000);
    expect(pacer.view().pace).toBeCloseTo(1.05 * 9.9);
  });

  it('is climbed from when the service takes more by now', () => {
    const pacer = new Pacer({ rate: 5, burst: 1, likely: 20, remembered: 5 });
    takeAll(pacer, 90_000);
    expect(pacer.view().pace).toBeGreaterThan(20);
  });

  it('begins with an empty bucket, however large the bucket is', () => {
    const pacer = new Pacer({ rate: 5, burst: 3_000, likely: 20, remembered: 5 });
    expect(sendAll(pacer, 0)).toBe(1);
    pacer.accepted(200, 0);
    expect(sendAll(pacer, 200)).toBeLessThanOrEqual(1);
  });

  it('gives way at once to what is documented, when that is more', () => {
    const pacer = new Pacer({ rate: 5, burst: 3_000, likely: 20, remembered: 5 });
    const paces = new Set<number>();
    takeAll(pacer, 25_000, () => paces.add(Math.round(100 * (pacer.view().pace ?? 0)) / 100));
    expect([...paces].slice(0, 2)).toEqual([4.95, 19.8]);
  });

  it('gives way to nothing above a ceiling', () => {
    const pacer = new Pacer({ rate: 5, burst: 1, ceiling: 8, likely: 20, remembered: 5 });
    takeAll(pacer, 60_000);
    expect(pacer.view().pace).toBeCloseTo(7.92);
  });

  it('is told once the bucket ran dry a second time, and not while nothing was refused', () => {
    const pacer = new Pacer({ rate: 20, burst: 5 });
    const dry = (atMs: number): void => {
      for (let n = 0; n < 3; n += 1) pacer.sent(atMs);
      for (let n = 0; n < 3; n += 1) pacer.throttled(atMs + 50, 1, atMs);
      pacer.sent(atMs + 1_100);
      pacer.accepted(atMs + 1_200, atMs + 1_100);
      pacer.sent(atMs + 1_300);
    };
    expect(pacer.view().learnedRate).toBeUndefined();
    dry(0);
    expect(pacer.view().learnedRate).toBeUndefined();
    dry(10_000);
    expect(pacer.view().learnedRate).toBeGreaterThan(0);
  });
});

describe('a refusal that stands alone', () => {
  it('holds back only until one that left after it was taken', () => {
    const pacer = new Pacer({ rate: 20, burst: 100 });
    for (let n = 0; n < 8; n += 1) pacer.sent(n);
    pacer.throttled(100, 30, 3);
    expect(pacer.next(100)).toBe(Number.POSITIVE_INFINITY);
    pacer.accepted(110, 2);
    expect(pacer.next(110)).toBe(Number.POSITIVE_INFINITY);
    pacer.accepted(120, 4);
    expect(pacer.next(120)).toBe(120);
    expect(pacer.view()).toMatchObject({ gateUntilMs: 0, throttled: 1 });
  });

  it('closes the gate when nobody is left to say that it stood alone', () => {
    const pacer = new Pacer({ rate: 20, burst: 100 });
    for (let n = 0; n < 3; n += 1) pacer.sent(n);
    pacer.throttled(100, 30, 1);
    pacer.ended(200, 2);
    expect(pacer.next(200)).toBe(30_100);
  });

  it('closes the gate together with two others', () => {
    const pacer = new Pacer({ rate: 20, burst: 100 });
    for (let n = 0; n < 9; n += 1) pacer.sent(n);
    for (const sentAtMs of [1, 3, 5]) {
      pacer.throttled(100 + sentAtMs, 10, sentAtMs);
      if (sentAtMs < 5) pacer.accepted(101 + sentAtMs, sentAtMs + 1);
    }
    expect(pacer.next(110)).toBe(10_105);
  });

  it('closes the gate when it asks for a time that ends the run', () => {
    const pacer = new Pacer({ rate: 20, burst: 100 });
    for (let n = 0; n < 3; n += 1) pacer.sent(n);
    pacer.throttled(100, 86_400, 1);
    expect(pacer.next(100)).toBe(86_400_100);
  });
});

describe('what is learned', () => {
  /** Sixteen leave one after the other, and are answered in that order: taken, refused, or not yet. */
  function answered(pacer: Pacer, refused: readonly number[]): void {
    for (let n = 0; n < 16; n += 1) pacer.sent(n);
    for (let n = 0; n < 16; n += 1) {
      if (refused.includes(n)) pacer.throttled(100 + n, 10, n);
      else if (n < 13) pacer.accepted(100 + n, n);
    }
  }

  it('counts the refusals that come when the gate has closed already', () => {
    const pacer = new Pacer({ burst: 1, likely: 20 });
    // Two refusals are in doubt, and close the gate when the last that is in the air is lost.
    answered(pacer, [11, 12]);
    for (const n of [13, 14]) pacer.ended(200, n);
    expect(pacer.next(200)).toBe(Number.POSITIVE_INFINITY);
    pacer.ended(201, 15);
    expect(pacer.next(201)).toBe(10_112);
    expect(pacer.view().pace).toBeUndefined();
    // A request of which nobody knew any more is refused as well: a third one among so few.
    pacer.throttled(300, 10, 10);
    pacer.sent(10_400);
    expect(pacer.view().pace).toBeCloseTo(19.8);
  });

  it('draws nothing from a second refusal that comes when the gate has closed already', () => {
    const pacer = new Pacer({ burst: 1, likely: 20 });
    answered(pacer, [12]);
    for (const n of [13, 14, 15]) pacer.ended(200, n);
    expect(pacer.next(200)).toBeGreaterThan(10_000);
    pacer.throttled(300, 10, 10);
    pacer.sent(10_400);
    expect(pacer.view().pace).toBeUndefined();
  });

  it('draws nothing from refusals of requests from before a gate, once it is open', () => {
    const pacer = new Pacer({ burst: 1, likely: 20 });
    answered(pacer, [11, 12]);
    for (const n of [13, 14, 15]) pacer.ended(200, n);
    pacer.sent(10_200);
    pacer.accepted(10_300, 10_200);
    pacer.throttled(10_400, 1, 10);
    pacer.throttled(10_400, 1, 10);
    pacer.sent(12_000);
    expect(pacer.view().pace).toBeUndefined();
  });

  it('lets what was saved up behind a long gate leave at twice the pace, and not all at once', () => {
    const pacer = new Pacer({ rate: 20, burst: 3_000, likely: 20 });
    let nowMs = 0;
    // 600 of the burst are found to be there, and then nothing for ten seconds.
    for (let n = 0; n < 600; n += 1) {
      pacer.sent(nowMs);
      pacer.accepted(nowMs, nowMs);
    }
    for (let n = 0; n < 3; n += 1) pacer.sent(nowMs);
    for (let n = 0; n < 3; n += 1) pacer.throttled(nowMs, 10, nowMs);
    nowMs = pacer.next(nowMs);
    pacer.sent(nowMs);
    pacer.accepted(nowMs, nowMs);
    const openedAtMs = nowMs;
    for (let n = 0; n < 40; n += 1) {
      nowMs = Math.max(nowMs, pacer.next(nowMs));
      pacer.sent(nowMs);
      pacer.accepted(nowMs, nowMs);
    }
    const pace = pacer.view().pace ?? 0;
    expect((40 * 1_000) / (nowMs - openedAtMs)).toBeGreaterThan(1.5 * pace);
    expect((40 * 1_000) / (nowMs - openedAtMs)).toBeLessThanOrEqual(2.001 * pace);
  });
});

/** One thing that happens: time passes, a request leaves if it may, or the answer to one in flight comes. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({ kind: fc.constant('send' as const) }),
  fc.record({ kind: fc.constant('accepted' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('ended' as const), which: fc.nat() }),
  fc.record({
    kind: fc.constant('throttled' as const),
    which: fc.nat(),
    retryAfter: fc.option(fc.double({ min: 0, max: 300, noNaN: true }), { nil: undefined }),
  }),
);

describe('in any order of events', () => {
  it('nothing leaves inside a gate, one alone leaves after it, the pace is bounded, and nobody starves', () => {
    const settings = fc.record({
      rate: fc.option(fc.double({ min: 0.5, max: 100, noNaN: true }), { nil: undefined }),
      burst: fc.integer({ min: 0, max: 20 }),
      likely: fc.option(fc.double({ min: 0.5, max: 100, noNaN: true }), { nil: undefined }),
      ceiling: fc.option(fc.double({ min: 0.5, max: 100, noNaN: true }), { nil: undefined }),
      isRemembered: fc.boolean(),
    });
    fc.assert(
      fc.property(
        settings,
        fc.array(happening, { maxLength: 200 }),
        ({ rate, burst, likely, ceiling, isRemembered }, events) => {
          const pacer = new Pacer({
            burst,
            ...(rate === undefined ? {} : { rate }),
            ...(likely === undefined ? {} : { likely }),
            ...(ceiling === undefined ? {} : { ceiling }),
            ...(isRemembered && rate !== undefined ? { remembered: rate } : {}),
          });
          let nowMs = 0;
          let canaryAtMs: number | undefined;
          const inFlight: number[] = [];
          for (const event of events) {
            const { gateUntilMs } = pacer.view();
            if (event.kind === 'wait') nowMs += event.ms;
            else if (event.kind === 'send') {
              const atMs = pacer.next(nowMs);
              if (nowMs < gateUntilMs) expect(atMs).toBeGreaterThanOrEqual(gateUntilMs);
              if (atMs === Number.POSITIVE_INFINITY) expect(inFlight.length).toBeGreaterThan(0);
              else
                expect(pacer.next(Math.max(nowMs, atMs) + 1)).toBeLessThanOrEqual(Math.max(nowMs, atMs) + 1);
              if (atMs > nowMs) continue;
              expect(canaryAtMs === undefined || !inFlight.includes(canaryAtMs)).toBe(true);
              const isCanary =
                (gateUntilMs > 0 || (isRemembered && rate !== undefined)) && canaryAtMs === undefined;
              pacer.sent(nowMs);
              inFlight.push(nowMs);
              canaryAtMs = isCanary ? nowMs : Number.NEGATIVE_INFINITY;
            } else if (inFlight.length > 0) {
              const [sentAtMs = 0] = inFlight.splice(event.which % inFlight.length, 1);
              if (event.kind === 'accepted') pacer.accepted(nowMs, sentAtMs);
              else if (event.kind === 'ended') pacer.ended(nowMs, sentAtMs);
              else pacer.throttled(nowMs, event.retryAfter, sentAtMs);
              if (event.kind === 'ended' && sentAtMs === canaryAtMs) canaryAtMs = undefined;
            }
            const after = pacer.view();
            // A gate that closed, or closed again: the next one goes alone.
            if (after.gateUntilMs > gateUntilMs) canaryAtMs = undefined;
            expect(after.gateUntilMs).toBeGreaterThanOrEqual(gateUntilMs);
            if (after.pace !== undefined) expect(after.pace).toBeGreaterThanOrEqual(0.1);
            if (after.pace !== undefined && ceiling !== undefined)
              expect(after.pace).toBeLessThanOrEqual(ceiling);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
