// The pacer against services with limits of their own: how near a run comes to the least time that the limit
// allows, and how many requests are refused on the way. The worlds are those of the benchmark
// (bench/throttle/worlds.ts). Nothing real is waited for.

import { describe, expect, it } from 'vitest';
import { play } from '../../bench/throttle/play.js';
import { boundMs, lastWindowMs, WORLDS, type World } from '../../bench/throttle/worlds.js';
import { AUTO, DOCUMENTED_WRITES, type PacerSettings } from '../../src/graph/pacer-settings.js';
import { CONCURRENCY } from '../../src/job/schema.js';

const ROWS = 10_000;
const SEEDS = [1, 2, 3];

const TOO_HIGH: PacerSettings = { rate: 40, burst: 6_000, ceiling: 40, likely: DOCUMENTED_WRITES.rate };
const REMEMBERS_TOO_MUCH: PacerSettings = { ...AUTO, remembered: 40 };
const REMEMBERS_TOO_LITTLE: PacerSettings = { ...AUTO, remembered: 10 };
const SLOWER_BEFORE: PacerSettings = { ...DOCUMENTED_WRITES, rate: 10, remembered: 10 };
const MUCH_SLOWER_BEFORE: PacerSettings = { ...DOCUMENTED_WRITES, rate: 5, remembered: 5 };
const NOTHING_LIKELY: PacerSettings = { burst: 1 };

/** 0.5 % of the rows. */
const FEW = 50;

/** By world: the largest ratio to the bound, and the most refusals, as means of the seeds. */
type Case = readonly [world: string, from: string, PacerSettings, number, number];

const cases = (from: string, settings: PacerSettings, worlds: Readonly<Record<string, number>>): Case[] =>
  Object.entries(worlds).map(([world, ratio]) => [world, from, settings, ratio, FEW]);

// The last window of E takes 2.6 % by itself: a thousand answers, eighteen at a time.
const E = 1.03;

const CASES: readonly Case[] = [
  ...['A', 'B', 'G', 'M'].map((world): Case => [world, 'what is documented', DOCUMENTED_WRITES, 1.02, 0]),
  ...cases('what is documented', DOCUMENTED_WRITES, { C: 1.01, D: 1.09, E, I: 1.1, K: 1.02, L: 1.04 }),
  ...cases('nothing', AUTO, {
    ...{ A: 1.005, B: 1.005, C: 1.01, D: 1.09, E, F: 1.04, G: 1.005, H: 1.01 },
    ...{ I: 1.1, J: 1.05, K: 1.01, L: 1.04, M: 1.005, N: 1.005, O: 1.06 },
  }),
  ...cases('what is documented, after a slower run', SLOWER_BEFORE, {
    ...{ A: 1.02, B: 1.02, C: 1.02, D: 1.07, E, G: 1.03, I: 1.1, K: 1.03, L: 1.04, M: 1.02 },
    ...{ S: 1.8, T: 1.12 },
  }),
  ['S', 'what is documented, after a much slower run', MUCH_SLOWER_BEFORE, 1.85, FEW],
  ...cases('a remembered rate that is too high', REMEMBERS_TOO_MUCH, {
    ...{ A: 1.01, B: 1.01, C: 1.02, D: 1.09, E, G: 1.01, K: 1.01, L: 1.04, M: 1.01 },
  }),
  ['I', 'a remembered rate that is too high', REMEMBERS_TOO_MUCH, 1.08, FEW],
  ...cases('a remembered rate that is too low', REMEMBERS_TOO_LITTLE, {
    ...{ A: 1.01, B: 1.01, C: 1.02, D: 1.1, E, G: 1.01, I: 1.1, K: 1.01, L: 1.05, M: 1.01 },
  }),
  ...cases('twice too much', TOO_HIGH, { A: 1.01, C: 1.02, D: 1.08, E, G: 1.01, I: 1.08, K: 1.02 }),
  ['D', 'nothing, and nothing is likely', NOTHING_LIKELY, 1.17, FEW],
  ['R', 'what is documented', DOCUMENTED_WRITES, 1.01, 80],
  ['J', 'what is documented, after a slower run', SLOWER_BEFORE, 1.2, 80],
  ['S', 'what is documented', DOCUMENTED_WRITES, 1.35, FEW],
];

function worldOf(name: string): World {
  const world = WORLDS.find((one) => one.name === name);
  if (world === undefined) throw new Error(`there is no world ${name}`);
  return world;
}

describe('a run ends near the least time that the service allows, with few refusals', () => {
  it.each(CASES)('world %s, when it starts from %s', (name, _from, settings, ratioMax, refusedMax) => {
    const world = worldOf(name);
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
      for (const settings of [DOCUMENTED_WRITES, AUTO, NOTHING_LIKELY, TOO_HIGH, REMEMBERS_TOO_LITTLE]) {
        expect(play(world, settings, 1_000, 7).insideGate).toBe(0);
      }
    },
  );

  it.each([
    ['E', 'what is documented', DOCUMENTED_WRITES],
    ['E', 'nothing', AUTO],
    ['F', 'what is documented', DOCUMENTED_WRITES],
    ['F', 'nothing', AUTO],
  ] as const)(
    'world %s from %s: all but half a per cent is the answers of the last window',
    (name, _from, from) => {
      const world = worldOf(name);
      const least = (boundMs(world.limit, ROWS) + lastWindowMs(world.limit, ROWS, CONCURRENCY)) / 1_000;
      for (const seed of SEEDS)
        expect(play(world, from, ROWS, seed).seconds / least).toBeLessThanOrEqual(1.006);
    },
  );

  it('world D with 100,000 rows costs 5 % at most, because what costs time is tried seldom', () => {
    const { ratio, refused } = play(worldOf('D'), AUTO, 100_000, 1);
    expect(ratio).toBeLessThanOrEqual(1.05);
    expect(refused).toBeLessThanOrEqual(60);
  });

  it.each<readonly [string, PacerSettings]>([
    ['what is documented', DOCUMENTED_WRITES],
    ['what is documented, after a slower run', SLOWER_BEFORE],
    ['nothing', AUTO],
    ['a remembered rate that is too high', REMEMBERS_TOO_MUCH],
  ])(
    'world J with 300,000 rows from %s settles down, although its window gives back bursts as bursts',
    (_from, settings) => {
      const { ratio, refused } = play(worldOf('J'), settings, 300_000, 1);
      expect(ratio).toBeLessThanOrEqual(1.05);
      expect(refused).toBeLessThanOrEqual(500);
    },
  );

  it('finds out that the service allows more than it did for the first hours', () => {
    const raised: World = {
      ...worldOf('D'),
      limit: {
        kind: 'bucket',
        burst: 20,
        phases: [
          { rate: 20, share: 1 / 2 },
          { rate: 40, share: 1 / 2 },
        ],
      },
    };
    const { ratio, refused } = play(raised, DOCUMENTED_WRITES, 200_000, 1);
    expect(ratio).toBeLessThanOrEqual(1.09);
    expect(refused).toBeLessThanOrEqual(150);
  });
});
