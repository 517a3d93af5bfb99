// What the pacer comes to in one run against some of the services, to the digit, so that whoever changes
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
  ['C', 'documented', 4_000, 1.0096, 17],
  ['D', 'documented', 4_000, 1.1124, 12],
  ['D', 'rate: 40', 4_000, 1.1026, 18],
  ['D', 'nothing', 4_000, 1.2409, 23],
  ['E', 'auto', 7_000, 1.0449, 17],
  ['G', 'auto, remembers 40/s', 5_000, 1.0109, 19],
  ['I', 'documented, remembers 10/s', 5_000, 1.0568, 19],
  ['I', 'auto', 5_000, 1.1233, 33],
  ['J', 'documented, remembers 10/s', 7_000, 1.2615, 60],
  ['J', 'documented', 14_000, 1.0775, 24],
  ['K', 'auto', 4_000, 1.2799, 12],
  ['N', 'auto', 5_000, 1.0045, 8],
  ['P', 'documented', 1_000, 1.0016, 54],
  ['S', 'documented, remembers 10/s', 4_000, 1.9247, 17],
  ['T', 'auto, remembers 40/s', 4_000, 1.3671, 45],
];

describe('the figures of the pacer', () => {
  it.each(FIGURES)('world %s from %s, %i rows', (name, from, rows, ratio, refused) => {
    const world = WORLDS.find((one) => one.name === name);
    if (world === undefined) throw new Error(`there is no world ${name}`);
    const played = play(world, FROM[from], rows, 1);
    expect([played.ratio.toFixed(4), played.refused]).toEqual([ratio.toFixed(4), refused]);
  });
});
