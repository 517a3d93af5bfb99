// Plays many seeds and counts what happened in them. Each seed is played with its faults, and without.

import { draw } from './draw.js';
import { differences, sentenceOf, violations } from './invariants.js';
import { type Played, Playground } from './play.js';
import { counted, NOTHING, sumOf, type Tally } from './tally.js';

export interface FailedSeed {
  readonly seed: number;
  readonly found: readonly string[];
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
        // Nobody looks at what would come after its reports.
        isRunAgain: false,
      });
      found.push(...differences(played, undisturbed));
    }
    return { played, found };
  } catch (error) {
    return { played: undefined, found: [sentenceOf(error)] };
  }
}

function tallyOf(played: Played | undefined, hasFailed: boolean): Tally {
  const one = { ...NOTHING, seeds: 1, failed: hasFailed ? 1 : 0 };
  if (played === undefined) return one;
  const { drawn, ends, wire, operations, failures } = played;
  return {
    ...one,
    rows: drawn.rows.length,
    lives: ends.length,
    crashes: ends.filter((end) => end === 'crash').length,
    operations,
    writes: wire.writes,
    onDisk: drawn.isOnDisk ? 1 : 0,
    sameFortune: drawn.hasSameFortune ? 1 : 0,
    failures: counted(failures),
    classes: counted(drawn.classes),
  };
}

/** The turn of the event loop, in which a process hears that it is to stop: virtual time gives it none. */
const turn = setImmediate;

/**
 * Plays `seeds` seeds from `first` on, or those that it comes to before it is stopped.
 */
export async function simulate(
  first: number,
  seeds: number,
  onFailure: (failed: FailedSeed) => void,
  signal?: AbortSignal,
): Promise<Tally> {
  const playground = new Playground();
  let tally = NOTHING;
  try {
    for (let seed = first; seed < first + seeds; seed += 1) {
      const { played, found } = await playSeed(playground, seed);
      if (found.length > 0) onFailure({ seed, found });
      tally = sumOf(tally, tallyOf(played, found.length > 0));
      await new Promise((resolve) => turn(resolve));
      if (signal?.aborted === true) break;
    }
  } finally {
    playground.close();
  }
  return tally;
}
