// Plays many seeds and counts what happened in them. Each seed is played with its faults, and without.

import { draw } from './draw.js';
import { differences, sentenceOf, violations } from './invariants.js';
import type { Played } from './played.js';
import { Playground } from './playground.js';
import { counted, NOTHING, sumOf, type Tally } from './tally.js';

export interface FailedSeed {
  readonly seed: number;
  readonly found: readonly string[];
}

interface PlayedSeed {
  readonly played: Played | undefined;
  /** The same without faults, when the reports had to be the same. */
  readonly undisturbed: Played | undefined;
  readonly found: readonly string[];
}

/** Whether a run was verified by users' own lists, without the inventory. */
function isByOwnLists({ said }: Played): boolean {
  const begun = said.split("Verifying by users' own lists").length;
  return begun > said.split("Users' own lists do not show all of it").length;
}

/** Plays one seed and says what is wrong with it. */
async function playSeed(playground: Playground, seed: number): Promise<PlayedSeed> {
  const drawn = draw(seed);
  let undisturbed: Played | undefined;
  try {
    const played = await playground.play(drawn);
    const found = [...violations(played)];
    if (drawn.hasSameFortune) {
      undisturbed = await playground.play({
        ...drawn,
        ...{ settings: drawn.quiet, crashes: [], signalsAfterMs: [], diskFailures: [], jumps: [] },
        // Nobody looks at what would come after its reports.
        isRunAgain: false,
      });
      found.push(...differences(played, undisturbed));
    }
    return { played, undisturbed, found };
  } catch (error) {
    return { played: undefined, undisturbed: undefined, found: [sentenceOf(error)] };
  }
}

function tallyOf({ played, undisturbed, found }: PlayedSeed): Tally {
  const one = { ...NOTHING, seeds: 1, failed: found.length > 0 ? 1 : 0 };
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
    flushedBeside: drawn.flushMs === undefined ? 0 : 1,
    ownLists: isByOwnLists(played) ? 1 : 0,
    ownListsCompared: undisturbed !== undefined && [played, undisturbed].some(isByOwnLists) ? 1 : 0,
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
      const played = await playSeed(playground, seed);
      if (played.found.length > 0) onFailure({ seed, found: played.found });
      tally = sumOf(tally, tallyOf(played));
      await new Promise((resolve) => turn(resolve));
      if (signal?.aborted === true) break;
    }
  } finally {
    playground.close();
  }
  return tally;
}
