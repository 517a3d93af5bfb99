// The pacer against services with limits of their own: how near a run comes to the least time that the limit
// allows, and how many requests are refused on the way. The worlds are those of the benchmark
// (bench/throttle/worlds.ts). Nothing real is waited for.

import { describe, expect, it } from 'vitest';
import { play } from '../../bench/throttle/play.js';
import { WORLDS } from '../../bench/throttle/worlds.js';
import { DOCUMENTED_WRITES, type PacerSettings } from '../../src/graph/pacer.js';

const ROWS = 10_000;
const SEEDS = [1, 2, 3];

const NOTHING_KNOWN: PacerSettings = { burst: 1 };
const TOO_HIGH: PacerSettings = { rate: 40, burst: 6_000 };

/** By world: the largest ratio to the bound, and the most refusals, as means of the seeds. */
const CASES: readonly (readonly [world: string, from: string, PacerSettings, number, number])[] = [
  ['A', 'what is documented', DOCUMENTED_WRITES, 1.03, 0],
  ['B', 'what is documented', DOCUMENTED_WRITES, 1.03, 0],
  ['C', 'what is documented', DOCUMENTED_WRITES, 1.03, 50],
  ['D', 'what is documented', DOCUMENTED_WRITES, 1.1, 50],
  // The last window takes 2.8 % by itself: a thousand answers, sixteen at a time.
  ['E', 'what is documented', DOCUMENTED_WRITES, 1.032, 50],
  ['G', 'what is documented', DOCUMENTED_WRITES, 1.03, 0],
  ['I', 'what is documented', DOCUMENTED_WRITES, 1.1, 50],
  ['K', 'what is documented', DOCUMENTED_WRITES, 1.03, 50],
  ['L', 'what is documented', DOCUMENTED_WRITES, 1.05, 60],
  ['M', 'what is documented', DOCUMENTED_WRITES, 1.03, 0],
  ['R', 'what is documented', DOCUMENTED_WRITES, 1.02, 80],
  ['A', 'nothing', NOTHING_KNOWN, 1.03, 50],
  ['C', 'nothing', NOTHING_KNOWN, 1.03, 100],
  ['G', 'nothing', NOTHING_KNOWN, 1.03, 50],
  ['A', 'twice too much', TOO_HIGH, 1.03, 50],
  ['G', 'twice too much', TOO_HIGH, 1.03, 50],
];

describe('a run ends near the least time that the service allows, with few refusals', () => {
  it.each(CASES)('world %s, when it starts from %s', (name, _from, settings, ratioMax, refusedMax) => {
    const world = WORLDS.find((one) => one.name === name);
    if (world === undefined) throw new Error(`there is no world ${name}`);
    const results = SEEDS.map((seed) => play(world, settings, ROWS, seed));
    const mean = (of: (result: (typeof results)[number]) => number): number =>
      results.reduce((sum, result) => sum + of(result), 0) / results.length;
    expect(mean(({ insideGate }) => insideGate)).toBe(0);
    expect(mean(({ ratio }) => ratio)).toBeLessThanOrEqual(ratioMax);
    expect(mean(({ refused }) => refused)).toBeLessThanOrEqual(refusedMax);
  });

  it.each(WORLDS.map((world) => [world.name, world] as const))(
    'world %s never stands still',
    (_name, world) => {
      for (const settings of [DOCUMENTED_WRITES, NOTHING_KNOWN, TOO_HIGH]) {
        expect(play(world, settings, 1_000, 7).insideGate).toBe(0);
      }
    },
  );
});
