// Plays many seeds and counts what happened in them. Each seed is played with its faults, and without.

import { draw, type FaultClass } from './draw.js';
import { differences, sentenceOf, violations } from './invariants.js';
import { type Played, Playground } from './play.js';

export interface Tally {
  readonly seeds: number;
  readonly failed: number;
  readonly rows: number;
  readonly lives: number;
  readonly crashes: number;
  readonly operations: number;
  readonly writes: number;
  readonly onDisk: number;
  /** Seeds whose reports had to be those of the undisturbed run. */
  readonly sameFortune: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly classes: Readonly<Partial<Record<FaultClass, number>>>;
}

export interface FailedSeed {
  readonly seed: number;
  readonly found: readonly string[];
}

function count<Name extends string>(counts: Partial<Record<Name, number>>, name: Name): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Plays one seed and says what is wrong with it. */
async function playSeed(
  playground: Playground,
  seed: number,
): Promise<{ readonly played: Played | undefined; readonly found: readonly string[] }> {
  const drawn = draw(seed);
  try {
    const played = await playground.play(drawn);
    const found = [...violations(played)];
    if (drawn.hasSameFortune) {
      const undisturbed = await playground.play({
        ...drawn,
        ...{ settings: drawn.quiet, crashes: [], signalsAfterMs: [], diskFailures: [], jumps: [] },
      });
      found.push(...differences(played, undisturbed));
    }
    return { played, found };
  } catch (error) {
    return { played: undefined, found: [sentenceOf(error)] };
  }
}

/** Plays `seeds` seeds from `first` on. */
export async function simulate(
  first: number,
  seeds: number,
  onFailure: (failed: FailedSeed) => void,
): Promise<Tally> {
  const playground = new Playground();
  const failures: Record<string, number> = {};
  const classes: Partial<Record<FaultClass, number>> = {};
  let tally = {
    failed: 0,
    rows: 0,
    lives: 0,
    crashes: 0,
    operations: 0,
    writes: 0,
    onDisk: 0,
    sameFortune: 0,
  };
  try {
    for (let seed = first; seed < first + seeds; seed += 1) {
      const { played, found } = await playSeed(playground, seed);
      if (found.length > 0) onFailure({ seed, found });
      if (played === undefined) {
        tally = { ...tally, failed: tally.failed + 1 };
        continue;
      }
      const { drawn, ends, wire } = played;
      for (const name of drawn.classes) count(classes, name);
      for (const code of played.failures) count(failures, code);
      tally = {
        failed: tally.failed + (found.length > 0 ? 1 : 0),
        rows: tally.rows + drawn.rows.length,
        lives: tally.lives + ends.length,
        crashes: tally.crashes + ends.filter((end) => end === 'crash').length,
        operations: tally.operations + played.operations,
        writes: tally.writes + wire.writes,
        onDisk: tally.onDisk + (drawn.isOnDisk ? 1 : 0),
        sameFortune: tally.sameFortune + (drawn.hasSameFortune ? 1 : 0),
      };
    }
  } finally {
    playground.close();
  }
  return { seeds, ...tally, failures, classes };
}
