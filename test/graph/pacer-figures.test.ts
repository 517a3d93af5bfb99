// What the pacer comes to in one run of 10,000 rows against some of the services, to the digit, so that whoever changes
// it sees what the change does. None of these is an aim: those are in pacer-worlds.test.ts. Before new figures are
// taken over here, look at the whole table (npm run bench:throttle -- --ours).

import { describe, expect, it } from 'vitest';
import { play } from '../../bench/throttle/play.js';
import { WORLDS } from '../../bench/throttle/worlds.js';
import { AUTO, DOCUMENTED_WRITES, type PacerSettings } from '../../src/graph/pacer-settings.js';

const FROM = {
  documented: DOCUMENTED_WRITES,
  'documented, remembers 10/s': { ...DOCUMENTED_WRITES, rate: 10, remembered: 10 },
  auto: AUTO,
  'auto, remembers 40/s': { ...AUTO, remembered: 40 },
  'rate: 40': { rate: 40, burst: 6_000, ceiling: 40, likely: DOCUMENTED_WRITES.rate },
  nothing: { burst: 1 },
} as const satisfies Readonly<Record<string, PacerSettings>>;

type From = keyof typeof FROM;

/** The time against the bound, and the refusals. */
const FIGURES: readonly (readonly [
  world: string,
  from: From,
  rows: number,
  ratio: number,
  refused: number,
])[] = [
  ['C', 'documented', 10_000, 1.0041, 20],
  ['D', 'documented', 10_000, 1.0735, 14],
  ['D', 'rate: 40', 10_000, 1.0636, 20],
  ['D', 'nothing', 10_000, 1.1242, 25],
  ['E', 'auto', 10_000, 1.028, 22],
  ['G', 'auto, remembers 40/s', 10_000, 1.0041, 28],
  ['I', 'documented, remembers 10/s', 10_000, 1.0816, 46],
  ['I', 'auto', 10_000, 1.0899, 34],
  ['J', 'documented, remembers 10/s', 10_000, 1.1894, 60],
  ['J', 'documented', 40_000, 1.0181, 93],
  ['L', 'auto', 10_000, 1.057, 40],
  ['N', 'auto', 10_000, 1.0015, 19],
  ['P', 'documented', 1_000, 1.0014, 40],
  ['S', 'documented, remembers 10/s', 10_000, 1.7595, 17],
  ['T', 'auto, remembers 40/s', 10_000, 1.2211, 58],
];

describe('the figures of the pacer', () => {
  it.each(FIGURES)('world %s from %s, %i rows', (name, from, rows, ratio, refused) => {
    const world = WORLDS.find((one) => one.name === name);
    if (world === undefined) throw new Error(`there is no world ${name}`);
    const played = play(world, FROM[from], rows, 1);
    expect([played.ratio.toFixed(4), played.refused]).toEqual([ratio.toFixed(4), refused]);
  });
});
