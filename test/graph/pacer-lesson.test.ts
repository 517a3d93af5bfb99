// What a dry bucket teaches, worked out by hand: one figure of the stretch is another in each case.

import { describe, expect, it } from 'vitest';
import { type Belief, type Learned, learn, type Stretch } from '../../src/graph/lesson.js';

const BELIEF: Belief = { rate: 20, burst: 10, measured: 0, floor: 0, floorDoubts: 0, proven: 0 };
/** 150 requests in ten seconds, eight of them behind the gate, at a pace of 20. */
const STRETCH: Stretch = {
  ...{ isFirst: false, seconds: 10, openSeconds: 8, accepted: 150, acceptedOpen: 150, pace: 20 },
  ...{ tokensAtOpen: 0, tokensUnused: 0, overflowed: 0, isClimbing: false },
  ...{ survivedPace: 0, stepSeconds: 10, lastSeconds: 0 },
};
const OVER = { overflowed: 60 };
/** Too short behind the gate to be measured from there. */
const BRIEF = { ...OVER, openSeconds: 2.9 };
const CLIMB = { isClimbing: true, pace: 30, lastSeconds: 5, survivedPace: 25, accepted: 300, seconds: 20 };
const FIRST_CLIMB = { ...CLIMB, isFirst: true, pace: 40, lastSeconds: 2, survivedPace: 30 };
const MEASURED = 15.05;

type Case = readonly [
  what: string,
  stretch: Partial<Stretch>,
  gives: Partial<Learned>,
  belief?: Partial<Belief>,
  likely?: readonly number[],
];

const CASES: readonly Case[] = [
  [
    'all that came was accepted',
    {},
    { rate: MEASURED * 0.99, burst: 10, measured: MEASURED, floor: MEASURED, floorDoubts: 0 },
  ],
  [
    'what the bucket was seen to hold cannot hide that less flows in',
    { overflowed: 20, tokensAtOpen: 10 },
    { rate: 17.05 * 0.99, burst: 11, measured: 17.05, floor: 17.05, floorDoubts: 0, proven: 10 },
    { burst: 11, proven: 10, floor: 20, floorDoubts: 3 },
  ],
  [
    'a bucket that is believed to hold more than it was seen to hold can',
    { overflowed: 20, tokensAtOpen: 10 },
    { floor: 20 * 0.93 },
    { burst: 11.2, proven: 10, floor: 20 },
  ],
  [
    'nearly as much as was believed may have flowed in',
    { overflowed: 30, tokensAtOpen: 10 },
    { floor: 20 * 0.93 },
    { burst: 11, proven: 10, floor: 20 },
  ],
  [
    'it still moves when next to nothing can have flowed in',
    { accepted: 10, seconds: 1_000 },
    { rate: 0.1, measured: 0.0105 },
    { proven: 10 },
  ],
  ['a bucket is seen to hold what was in it at the gate', { tokensAtOpen: 9 }, { proven: 9 }, { proven: 4 }],
  ['what it was seen to hold before stays', { tokensAtOpen: 3 }, { proven: 4 }, { proven: 4 }],
  ['a little ran over, and is counted', { overflowed: 4.5 }, { measured: 15.5, rate: 15.5 * 0.99 }],
  [
    'much ran over, so that it is measured from the gate on',
    OVER,
    { measured: 17.5, rate: 17.5 * 0.99, floor: 17.5 },
  ],
  [
    'it is measured from the gate on, and never above the pace',
    { ...OVER, pace: 16 },
    { measured: 16, rate: 16 * 0.99 },
  ],
  ['three seconds behind the gate are enough', { ...OVER, openSeconds: 3 }, { measured: 20, rate: 19.8 }],
  ['less is not, and the middle is tried', BRIEF, { measured: MEASURED, rate: Math.sqrt(MEASURED * 19.4) }],
  ['fewer than four bursts behind the gate are not enough', OVER, { measured: MEASURED }, { burst: 38 }],
  ['the middle, below a pace that was too fast', BRIEF, { rate: Math.sqrt(MEASURED * 19.4) }, {}, [19.4]],
  ['the likeliest of those between the bounds', BRIEF, { rate: 17 }, {}, [19.8, 17, 16]],
  ['what is likely, though it is a little below', BRIEF, { rate: 14.7 }, {}, [14.7]],
  ['the middle, where what is likely is too low', BRIEF, { rate: Math.sqrt(MEASURED * 19.4) }, {}, [14.5]],
  ['the same was measured before', BRIEF, { rate: MEASURED * 0.99 }, { measured: 15.7 }],
  ['nearly the same was measured before', BRIEF, { rate: MEASURED * 0.99 }, { measured: 14.4 }],
  ['something else was measured before', BRIEF, { rate: Math.sqrt(MEASURED * 19.4) }, { measured: 15.9 }],
  [
    'a burst too small to be seen may have run over',
    {},
    { rate: Math.sqrt(MEASURED * 19.4) },
    { burst: 4.4 },
  ],
  ['nine requests measure nothing', { accepted: 9, seconds: 1 }, { rate: Math.sqrt(9.5 * 19.4) }],
  ['ten do', { accepted: 10, seconds: 1 }, { rate: 10.5 * 0.99 }],
  ['no stretch is shorter than a fifth of a second', { seconds: 0.1 }, { measured: 752.5, rate: 20 }],
  ['the run still moves when next to nothing is allowed', { accepted: 10, seconds: 1_000 }, { rate: 0.1 }],
  ['a burst that shows is believed', { openSeconds: 1 }, { burst: (150 - MEASURED * 0.99) * 0.9 }],
  ['a larger one that is believed stays', { openSeconds: 1 }, { burst: 200 }, { burst: 200 }],
  [
    'a sustained rate is believed a little less',
    BRIEF,
    { rate: 19 * 0.93 * 0.99, floor: 19 * 0.93, floorDoubts: 1 },
    { floor: 19 },
  ],
  [
    'and ever less',
    BRIEF,
    { rate: Math.sqrt(19 * 0.93 ** 2 * 19.4), floor: 19 * 0.93 ** 2, floorDoubts: 2 },
    { floor: 19, floorDoubts: 1 },
  ],
  [
    'a sustained rate that is shown again is no longer doubted',
    BRIEF,
    { floor: MEASURED, floorDoubts: 0 },
    { floor: 15, floorDoubts: 2 },
  ],

  [
    'nothing was known: half of what came',
    { accepted: 100, openSeconds: 4 },
    { rate: 12.5, burst: 45, measured: 0, floor: 0, floorDoubts: 0 },
    { rate: undefined, measured: 7, floor: 7, floorDoubts: 7 },
    [20, 1],
  ],
  [
    'nothing was known: what is likely',
    { accepted: 100, openSeconds: 4 },
    { rate: 5, burst: 72 },
    { rate: undefined },
    [5],
  ],
  [
    'nothing was known, and nothing is likely',
    { accepted: 100, openSeconds: 0.1 },
    { rate: 250, burst: 45 },
    { rate: undefined },
  ],
  [
    'nothing was known, and nothing came',
    { accepted: 0, openSeconds: 60 },
    { rate: 0.1, burst: 1 },
    { rate: undefined },
  ],

  [
    'the first refusal ends a burst, and says nothing of the rate',
    { isFirst: true, acceptedOpen: 90, openSeconds: 1 },
    { rate: 20, burst: 63, measured: 3, floor: 4, floorDoubts: 1 },
    { burst: 100, measured: 3, floor: 4, floorDoubts: 1 },
  ],
  [
    'the first refusal makes no burst larger',
    { isFirst: true, acceptedOpen: 90, openSeconds: 1 },
    { burst: 50 },
    { burst: 50 },
  ],
  [
    'the first refusal leaves one request at least',
    { isFirst: true, acceptedOpen: 5, openSeconds: 1 },
    { burst: 1 },
  ],
  [
    'a first climb: what lasted, as far as it is likely',
    FIRST_CLIMB,
    { rate: 25, burst: 72 },
    { burst: 100 },
    [50, 25],
  ],
  [
    'a first climb: what lasted, where nothing is likely',
    FIRST_CLIMB,
    { rate: 30, burst: 18 },
    { burst: 100 },
  ],
  ['a first climb never lowers the rate', FIRST_CLIMB, { rate: 20 }, { burst: 100 }, [5]],
  [
    'a first climb makes no burst larger',
    { ...FIRST_CLIMB, acceptedOpen: 400 },
    { rate: 30, burst: 100 },
    { burst: 100 },
  ],
  [
    'a first climb counts what came since the gate',
    { ...FIRST_CLIMB, acceptedOpen: 290 },
    { rate: 30, burst: 45 },
    { burst: 100 },
  ],
  [
    'a first climb leaves one request at least',
    { ...FIRST_CLIMB, lastSeconds: 0, acceptedOpen: 0 },
    { burst: 1 },
    { burst: 100 },
  ],

  [
    'it ran dry before the rate mattered: the burst was too much',
    { ...OVER, tokensAtOpen: 76, openSeconds: 4 },
    { rate: 20, burst: 30, measured: 3 },
    { burst: 40, measured: 3 },
  ],
  [
    'it ran dry before the rate mattered, which was more',
    { ...OVER, tokensAtOpen: 76 },
    { rate: 17.5, burst: 7.5 },
    { rate: 10 },
  ],
  ['no more is believed than was seen', { ...OVER, tokensAtOpen: 76 }, { rate: 20, burst: 1 }],
  ['two bursts matter', { ...OVER, tokensAtOpen: 75 }, { rate: 17.5 * 0.99, burst: 10 }],
  [
    'two that were saved up are no burst',
    { ...OVER, tokensAtOpen: 2, acceptedOpen: 3 },
    { burst: 10, measured: MEASURED },
  ],
  ['three are', { ...OVER, tokensAtOpen: 3, acceptedOpen: 5, openSeconds: 0.1 }, { burst: 1, rate: 20 }],
  ['more was left in it than could be', { ...OVER, tokensUnused: 3 }, { rate: 20, burst: 1 }],
  ['a little less was left', { ...OVER, tokensUnused: 2.9 }, { rate: 17.5 * 0.99 }],
  [
    'of a large bucket a tenth was left',
    { ...OVER, tokensAtOpen: 75, tokensUnused: 7.5 },
    { rate: 20, burst: 1 },
  ],
  [
    'of a large bucket less than a tenth was left',
    { ...OVER, tokensAtOpen: 75, tokensUnused: 7.4 },
    { rate: 17.5 * 0.99 },
  ],
  ['what was left says nothing when nothing ran over', { tokensUnused: 9 }, { rate: MEASURED * 0.99 }],
  ['it never held what was believed', { tokensAtOpen: 376 }, { rate: 20, burst: 1 }],
  ['it may have held what was believed', { tokensAtOpen: 375 }, { rate: MEASURED * 0.99 }],

  [
    'a climb shows more than was measured: the service has changed',
    CLIMB,
    { rate: 28 * 0.99, measured: 15.025, floor: 28, floorDoubts: 0 },
  ],
  [
    'a short last step counts together with the one before',
    { ...CLIMB, lastSeconds: 0.5 },
    { floor: 255 / 10.5, rate: (255 / 10.5) * 0.99 },
  ],
  [
    'a climb shows what was measured',
    { ...CLIMB, seconds: 11 },
    { rate: (300.5 / 11) * 0.99, floor: 300.5 / 11 },
  ],
  [
    'no climb is confirmed by what was measured before',
    { ...CLIMB, ...BRIEF, seconds: 11 },
    { floor: (27.5 / 0.99) * 1.004 },
    { rate: 27.5, measured: 27.3 },
  ],
  [
    'a climb holds no more than it shows',
    { ...CLIMB, ...BRIEF, seconds: 11 },
    { floor: 28, rate: 27.72 },
    { rate: 29 },
  ],
];

describe('a dry bucket teaches', () => {
  it.each(CASES.map((one) => [one[0], one] as const))(
    'that %s',
    (_what, [, stretch, gives, belief, likely = []]) => {
      const learned = learn({ ...BELIEF, ...belief }, { ...STRETCH, ...stretch }, likely);
      const close = Object.entries(gives).map(([key, value]) => [
        key,
        expect.closeTo(value ?? 0, 9) as number,
      ]);
      expect(learned).toMatchObject(Object.fromEntries(close));
    },
  );
});
