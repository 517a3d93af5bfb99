// Thousands of runs under drawn faults and crashes, against the ground truth. The same as
// `npm run sim -- --seeds N`, which plays as many as one likes; SEEDS is how many are played here.

import { describe, expect, it } from 'vitest';
import { FAULT_CLASSES } from './draw.js';
import { type FailedSeed, simulate } from './simulate.js';
import type { Tally } from './tally.js';

const SEEDS = Number(process.env['SEEDS'] ?? '2000');

describe('whatever fails, and wherever the program is killed', () => {
  let tally: Tally;

  it(`no row is lost, told wrong or done twice, in ${SEEDS} drawn worlds`, async () => {
    const failed: FailedSeed[] = [];
    tally = await simulate(1, SEEDS, (one) => failed.push(one));
    // Each line plays its seed again: npm run sim -- --seed N
    expect(failed.map(({ seed, found }) => `npm run sim -- --seed ${seed}: ${found.join('; ')}`)).toEqual([]);
  }, 600_000);

  it('and every class of faults was among them', () => {
    expect(Object.keys(tally.classes).sort()).toEqual([...FAULT_CLASSES].sort());
    expect(tally.crashes).toBeGreaterThan(SEEDS / 4);
    expect(tally.sameFortune).toBeGreaterThan(SEEDS / 10);
    expect(tally.onDisk).toBeGreaterThan(SEEDS / 100);
    expect(tally.flushedBeside).toBeGreaterThan(SEEDS / 3);
    expect(tally.ownLists).toBeGreaterThan(SEEDS / 200);
    expect(tally.ownListsCompared).toBeGreaterThan(SEEDS / 500);
    expect(tally.lives).toBeGreaterThan(tally.seeds * 2);
  });
});
