// The parts of the pacer, one by one: the climb, the count of refusals, the gate and the model of the bucket.

import { describe, expect, it } from 'vitest';
import { BucketModel } from '../../src/graph/bucket-model.js';
import { GATE_MAX_MS, Gate, refusedWaitMs, rowWaitMs } from '../../src/graph/gate.js';
import { LongRun } from '../../src/graph/long-run.js';
import { Probe } from '../../src/graph/probe.js';
import { Refusals } from '../../src/graph/refusals.js';

type Lesson = Parameters<Probe['restart']>[0];
const LESSON: Lesson = {
  ...{ rate: 10, prior: 0, change: 1, wastedMs: 0, factorMax: Number.POSITIVE_INFINITY, firstFactor: 1 },
};

/** A climb behind lessons, and the first seconds of it, a request in each. */
function climb(seconds: number, ...lessons: readonly Partial<Lesson>[]): Probe {
  const probe = new Probe();
  for (const lesson of lessons) probe.restart({ ...LESSON, ...lesson });
  for (let second = 0; second <= seconds; second += 1) probe.sent(second * 1_000);
  return probe;
}

/** How long the pace is held behind the last of these lessons, in seconds. */
function held(...lessons: readonly Partial<Lesson>[]): number {
  const probe = climb(-1, ...lessons);
  let second = 0;
  while (!probe.isClimbing) {
    probe.sent(second * 1_000);
    second += 1;
  }
  return second - 1;
}

describe('a climb', () => {
  it('is none before the first lesson', () => {
    const probe = climb(100);
    expect([probe.factor, probe.survived, probe.isClimbing]).toEqual([1, 1, false]);
  });

  it('goes by steps that double, each behind ten seconds, and knows what has lasted', () => {
    const factors = [9, 10, 19, 20, 30, 40, 50].map((second) => climb(second, {}).factor);
    const expected = [1, 1.05, 1.05, 1.155, 1.386, 1.8018, 2.34234];
    for (const [i, factor] of factors.entries()) expect(factor).toBeCloseTo(expected[i] ?? 0, 9);
    expect([9, 10, 20].map((second) => climb(second, {}).survived)).toEqual([1, 1, 1.05]);
    expect([9, 10].map((second) => climb(second, {}).isClimbing)).toEqual([false, true]);
    expect([5, 13, 27].map((second) => climb(second, {}).lastSeconds)).toEqual([0, 3, 7]);
  });

  it('stays as high as forty steps have brought it', () => {
    const [forty, more] = [climb(400, {}), climb(500, {})];
    expect(forty.factor).toBeGreaterThan(10_000);
    expect(more.factor).toBe(forty.factor);
  });

  it('lasts long enough for twenty requests at each step', () => {
    expect(climb(0, {}).stepSeconds).toBe(10);
    expect(climb(0, { rate: 1 }).stepSeconds).toBe(20);
    expect(climb(29, { rate: 1 }).factor).toBe(1.05);
  });

  it('does not count the time in which nothing was sent', () => {
    const probe = climb(0, {});
    probe.sent(3_600_000);
    expect([probe.factor, probe.lastSeconds]).toEqual([1.05, 0]);
  });

  it('stays below its ceiling, and is none where there is no room', () => {
    expect([climb(30, { factorMax: 1.2 }).factor, climb(40, { factorMax: 1.2 }).survived]).toEqual([
      1.2, 1.2,
    ]);
    expect(climb(30, { factorMax: 1 }).isClimbing).toBe(false);
  });

  it('leaps to what is likely first, and goes on from there', () => {
    expect(climb(10, { firstFactor: 3 }).factor).toBe(3);
    expect(climb(20, { firstFactor: 3 }).factor).toBeCloseTo(3.15, 9);
    expect(climb(9, { firstFactor: 3 }).factor).toBe(1);
    expect(climb(20, { firstFactor: 1.05 }).factor).toBeCloseTo(1.155, 9);
  });

  it('ends in no number that is none', () => {
    expect(climb(2_000, {}).factor).toBe(climb(3_000, {}).factor);
  });

  it.each<readonly [string, readonly Partial<Lesson>[], number]>([
    ['after the first lesson', [{}], 10],
    ['after the first lesson that wasted much', [{ wastedMs: 60_000 }], 10],
    ['twice as long after the second', [{}, {}], 20],
    ['up to eighty seconds', [{}, {}, {}, {}, {}], 80],
    [
      'up to forty below what is documented',
      [{}, { prior: 20 }, { prior: 20 }, { prior: 20 }, { prior: 20 }],
      40,
    ],
    ['for 400 requests where that is more', [{}, {}, {}, {}, {}, { rate: 4 }], 100],
    ['longer where a climb wastes time', [{}, { wastedMs: 3_000 }], 60],
    ['as long as the waste is two per cent', [{}, {}, {}, {}, {}, {}, { wastedMs: 2_000 }], 100],
    ['twice as long below what is documented, whatever is wasted', [{}, { wastedMs: 3_000, prior: 20 }], 20],
    ['from the start after a fall', [{}, {}, { change: 0.89 }], 10],
    ['longer after a small fall', [{}, {}, { change: 0.9 }], 40],
    ['from the start after a rise', [{}, {}, { change: 1.11 }], 10],
    ['longer after a small rise', [{}, {}, { change: 1.1 }], 40],
    ['longer after a rise to what is documented', [{}, {}, { change: 2, prior: 10 }], 40],
    ['longer after a rise to a little less than that', [{}, {}, { change: 2, prior: 10.5 }], 40],
    ['from the start after a rise beyond it', [{}, {}, { change: 2, prior: 9.5 }], 10],
    ['from the start after a rise that falls short of it', [{}, {}, { change: 2, prior: 10.6 }], 10],
  ])('is waited for: %s', (_when, lessons, seconds) => {
    expect(held(...lessons)).toBe(seconds);
  });
});

describe('refusals mean a dry bucket', () => {
  /** `+` is taken, `-` is refused. */
  function answered(answers: string): Refusals {
    const refusals = new Refusals();
    for (const answer of answers) {
      if (answer === '+') refusals.accepted();
      else refusals.refused();
    }
    return refusals;
  }
  const taken = (count: number): string => '+'.repeat(count);

  it.each<readonly [string, string, boolean, boolean]>([
    ['none', taken(300), false, false],
    ['one', '-', false, false],
    ['two in twenty', `-${taken(18)}-`, false, true],
    ['two in twenty-one', `-${taken(19)}-`, false, false],
    ['three in twenty', `-${taken(9)}-${taken(8)}-`, true, true],
    ['three in more', `-${taken(17)}-${taken(17)}-`, false, true],
    ['three far apart', `-${taken(30)}-${taken(30)}-`, false, false],
    ['four in two hundred', `-${taken(98)}-${taken(49)}-${taken(49)}-`, true, true],
    ['four in two hundred and one', `-${taken(98)}-${taken(49)}-${taken(50)}-`, false, false],
    [
      'four in two hundred, long after others',
      `-${taken(500)}-${taken(98)}-${taken(49)}-${taken(49)}-`,
      true,
      true,
    ],
  ])('%s', (_what, answers, dry, dryWhenExpected) => {
    expect([answered(answers).areDry(false), answered(answers).areDry(true)]).toEqual([dry, dryWhenExpected]);
  });

  it('until their lesson was drawn', () => {
    const refusals = answered('---');
    refusals.forget();
    expect(refusals.areDry(true)).toBe(false);
    refusals.refused();
    expect(refusals.areDry(true)).toBe(false);
  });
});

describe('a refused request waits', () => {
  it.each<readonly [number | undefined, number | undefined, number]>([
    [30, undefined, 30_000],
    [0.2, undefined, 1_000],
    [undefined, undefined, 1_000],
    [undefined, 3, 8_000],
    [undefined, 6, 60_000],
    [5, 6, 5_000],
  ])('for %s s as the service says, behind %s without a word: %i ms', (seconds, untold, ms) => {
    expect(refusedWaitMs(seconds, untold)).toBe(ms);
  });

  it('by itself up to ten minutes, and not at all for what ends the run', () => {
    expect(GATE_MAX_MS).toBe(600_000);
    expect([rowWaitMs(2), rowWaitMs(undefined), rowWaitMs(600), rowWaitMs(601)]).toEqual([
      2_000, 1_000, 600_000, 0,
    ]);
  });
});

describe('a gate', () => {
  it('that never closed is open', () => {
    const gate = new Gate();
    expect([gate.untilMs, gate.closedMs, gate.isCanaryDue, gate.next(7)]).toEqual([0, 0, false, 7]);
    gate.sent(7);
    expect([gate.next(8), gate.isCanary(7)]).toEqual([8, false]);
  });

  it('lets one through, and then nobody until that one is answered', () => {
    const gate = new Gate();
    gate.close(1_000, 5_000, false);
    expect([gate.next(4_999), gate.next(5_000), gate.isCanaryDue]).toEqual([5_000, 5_000, true]);
    gate.sent(6_000);
    expect([gate.isCanaryDue, gate.next(6_001)]).toEqual([false, Number.POSITIVE_INFINITY]);
    expect([gate.isCanary(5_999), gate.isCanary(6_000)]).toEqual([false, true]);
    gate.accepted(5_999);
    expect(gate.next(6_001)).toBe(Number.POSITIVE_INFINITY);
    gate.accepted(6_000);
    expect([gate.next(6_001), gate.isCanary(6_000)]).toEqual([6_001, false]);
  });

  it('lets another one through when nothing is known of the first', () => {
    const gate = new Gate();
    gate.openForOne();
    expect(gate.isCanaryDue).toBe(true);
    gate.sent(6_000);
    gate.ended(5_999);
    expect(gate.isCanaryDue).toBe(false);
    gate.ended(6_000);
    expect(gate.isCanaryDue).toBe(true);
    gate.sent(9_000);
    expect([gate.isCanary(8_999), gate.isCanary(9_000)]).toEqual([false, true]);
  });

  it('doubles with each refusal without a word, and begins anew behind a success', () => {
    const gate = new Gate();
    const asked = (sentAtMs: number): number => gate.askedUntilMs(10_000, undefined, sentAtMs) - 10_000;
    expect(asked(9_000)).toBe(1_000);
    gate.close(10_000, 11_000, true);
    expect([asked(11_000), asked(10_999)]).toEqual([2_000, 1_000]);
    gate.close(11_000, 13_000, true);
    expect([asked(13_000), asked(12_999)]).toEqual([4_000, 2_000]);
    gate.close(13_000, 14_000, false);
    expect(asked(14_000)).toBe(4_000);
    gate.accepted(13_999);
    expect(asked(14_000)).toBe(4_000);
    gate.accepted(14_000);
    expect([asked(14_000), asked(13_000)]).toEqual([1_000, 1_000]);
  });

  it('can only become longer, and counts the time once', () => {
    const gate = new Gate();
    gate.close(1_000, 5_000, false);
    gate.lengthen(2_000, 4_000);
    expect([gate.untilMs, gate.closedMs]).toEqual([5_000, 4_000]);
    gate.lengthen(2_000, 7_000);
    expect([gate.untilMs, gate.closedMs]).toEqual([7_000, 6_000]);
    gate.close(10_000, 11_000, false);
    expect([gate.untilMs, gate.closedMs]).toEqual([11_000, 7_000]);
    expect([gate.isBefore(10_999), gate.isBefore(11_000)]).toEqual([true, false]);
  });
});

describe('the model of a bucket', () => {
  it('keeps a fifth of a second in it, and a quarter at most', () => {
    expect(new BucketModel(10, 30, false).tokens).toBe(28);
    expect(new BucketModel(100, 4, false).tokens).toBe(3);
    expect(new BucketModel(10, 0, false).tokens).toBe(1);
    expect(new BucketModel(undefined, 30, false).tokens).toBe(30);
    expect(new BucketModel(10, 30, true).tokens).toBe(0);
  });

  it('fills at the pace from when it was first looked at, and tells what ran over', () => {
    const bucket = new BucketModel(10, 30, true);
    bucket.fill(5_000, 10);
    expect(bucket.tokens).toBe(0);
    bucket.fill(6_000, 10);
    expect([bucket.tokens, bucket.overflowed]).toEqual([10, 0]);
    bucket.fill(10_000, 10);
    expect([bucket.tokens, bucket.overflowed]).toEqual([28, 22]);
    bucket.fill(11_000, undefined);
    expect([bucket.tokens, bucket.overflowed]).toEqual([28, 22]);
    bucket.fill(12_000, 10);
    expect(bucket.overflowed).toBe(32);
  });

  it('says how long one has to wait, and holds nobody back when nothing is known', () => {
    const bucket = new BucketModel(10, 30, true);
    expect([bucket.waitMs(0, 10), bucket.waitMs(0, 4), bucket.waitMs(0, undefined)]).toEqual([100, 250, 0]);
    bucket.fill(0, 10);
    bucket.fill(100, 10);
    expect(bucket.waitMs(100, 10)).toBe(0);
    const unknown = new BucketModel(undefined, 1, false);
    unknown.take(0);
    expect(unknown.tokens).toBe(1);
  });

  it('is drawn on below nothing by no more than the reserve', () => {
    const bucket = new BucketModel(10, 30, true);
    for (let n = 0; n < 9; n += 1) bucket.take(0);
    expect([bucket.tokens, bucket.waitMs(0, 10)]).toEqual([-2, 300]);
  });

  it('is empty after a lesson, and holds what was learned', () => {
    const bucket = new BucketModel(10, 30, false);
    bucket.fill(0, 10);
    bucket.fill(9_000, 10);
    bucket.emptyAt(10_000, 20, 100);
    expect([bucket.tokens, bucket.overflowed]).toEqual([-4, 0]);
    bucket.fill(11_000, 20);
    expect(bucket.tokens).toBe(16);
    bucket.fill(60_000, 20);
    expect(bucket.tokens).toBe(96);
    bucket.emptyAt(60_000, 20, 0);
    bucket.fill(99_000, 20);
    expect(bucket.tokens).toBe(1);
  });

  it.each<readonly [string, number, number, number]>([
    ['within five seconds', 100, 0, 50],
    ['within a hundredth of the run', 100, 1_000, 100],
    ['within a minute at most', 1_000, 60_000, 60],
    ['at twice the pace at least', 40, 0, 50],
    ['at once, when it is worth three seconds only', 30, 0, 0],
  ])('lets what was saved up behind a gate leave %s', (_how, tokens, runSeconds, gapMs) => {
    const bucket = new BucketModel(10, tokens + 2, false);
    bucket.spread(runSeconds, true);
    // At a pace so low that twice of it holds nobody back, but where that is the question.
    const pace = tokens === 40 ? 10 : 0.1;
    expect(bucket.waitMs(7_000, pace)).toBe(0);
    bucket.take(7_000);
    expect(bucket.waitMs(7_000, pace)).toBe(gapMs);
    expect(bucket.waitMs(7_000 + gapMs, pace)).toBe(0);
  });

  it('does not spend what was saved up behind a short gate at a pace that nothing has proven', () => {
    const bucket = new BucketModel(10, 52, false);
    expect(bucket.tokens).toBe(50);
    bucket.spread(0, false);
    expect([bucket.tokens, bucket.waitMs(0, 10)]).toEqual([0, 100]);
  });

  it('leaves what is owed as it is, and spends what a long gate has saved up', () => {
    const owed = new BucketModel(10, 52, false);
    owed.emptyAt(0, 10, 50);
    owed.spread(0, false);
    expect(owed.tokens).toBe(-2);
    const much = new BucketModel(10, 53, false);
    much.spread(0, false);
    expect(much.tokens).toBe(51);
    much.take(0);
    expect(much.waitMs(0, 10)).toBe(50);
  });
});

describe('the long run', () => {
  /** So many requests a second are accepted, for so many seconds each. */
  function accepted(...parts: readonly (readonly [rate: number, seconds: number])[]): LongRun {
    const longRun = new LongRun();
    let nowMs = 0;
    for (const [rate, seconds] of parts) {
      for (let i = 0; i < rate * seconds; i += 1) {
        nowMs += 1_000 / rate;
        longRun.accepted(nowMs);
      }
    }
    return longRun;
  }
  const NONE = Number.POSITIVE_INFINITY;

  it.each<readonly [string, number, readonly (readonly [number, number])[]]>([
    ['is what is likely, once two windows have brought it', 20, [[20, 301]]],
    ['is nothing before that', NONE, [[20, 299]]],
    ['is what is likely, where a little less came', 20, [[16.5, 301]]],
    ['is nothing where less came', NONE, [[15.5, 302]]],
    ['is nothing where more came', NONE, [[20.8, 301]]],
    [
      'is nothing where the first window brought less',
      NONE,
      [
        [15, 151],
        [20, 152],
      ],
    ],
    [
      'is nothing where the second window brought more',
      NONE,
      [
        [20, 151],
        [24, 152],
      ],
    ],
    [
      'is nothing where less has come since',
      NONE,
      [
        [20, 301],
        [10, 149],
      ],
    ],
    [
      'forgets windows that are over',
      20,
      [
        [40, 151],
        [20, 301],
      ],
    ],
  ])('%s', (_what, sensible, parts) => {
    expect(accepted(...parts).sensible(20, 0)).toBe(sensible);
  });

  it('is nothing ten minutes after a refusal', () => {
    const longRun = accepted([20, 700]);
    expect(longRun.sensible(20, 100_000)).toBe(20);
    expect(longRun.sensible(20, 99_000)).toBe(NONE);
    expect(longRun.sensible(20, undefined)).toBe(NONE);
  });
});
