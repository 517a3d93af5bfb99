// Stops a run of 50 rows at every operation of the ledger and the network in turn: before it, between its effect
// and the word of it, and after it. Carried on, it must come to the same reports as the run that was not stopped.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmulatorSettings, emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { noteCount } from '../counts.js';
import type { Variant } from './crash.js';
import { type Drawn, draw, ROW_KINDS } from './draw.js';
import { differences, violations } from './invariants.js';
import type { Played } from './played.js';
import { Playground } from './playground.js';

const ROWS = 50;

/** The rehearsal Graph as it comes, but for its quickness. */
const SERVICE: EmulatorSettings = { ...draw(1).quiet, bulk: emulatorSettingsSchema.parse({}).bulk };

/** Nothing goes wrong in it but the crash that the sweep brings. */
const CALM: Drawn = {
  ...draw(1),
  ...{ seed: 1, classes: new Set(), hasSameFortune: true, isOnDisk: false, isRunAgain: false },
  rows: Array.from({ length: ROWS }, (_, n) => ROW_KINDS[n % ROW_KINDS.length] ?? 'assign'),
  ...{
    settings: SERVICE,
    quiet: SERVICE,
    concurrency: 2,
    pace: { burst: 1 },
    crashes: [],
    signalsAfterMs: [],
    diskFailures: [],
    flushMs: undefined,
    jumps: [],
  },
  ...{ tokenLifetimeMs: undefined, revokedMs: undefined },
};

describe.each([1, 10])('a run that is stopped at any operation (tokens in a request: %i)', (createChunk) => {
  const playground = new Playground();
  const calm: Drawn = { ...CALM, createChunk };
  let undisturbed: Played;

  beforeAll(async () => {
    undisturbed = await playground.play(calm);
    expect(violations(undisturbed)).toEqual([]);
    expect(undisturbed.operations).toBeGreaterThan(ROWS);
  });

  afterAll(() => playground.close());

  it.each(['before', 'between', 'after'] satisfies Variant[])(
    'comes to the same reports when it is stopped %s it',
    async (variant) => {
      const wrong: string[] = [];
      for (let at = 1; at <= undisturbed.operations; at += 1) {
        const played = await playground.play({ ...calm, crashes: [{ at, variant }] });
        const found = [...violations(played), ...differences(played, undisturbed)];
        // The first life ended where it should; after the last operation there is nothing left to stop.
        if (played.ends[0] !== 'crash' && !(variant === 'after' && at === undisturbed.operations)) {
          found.push(`the first life ended by ${played.ends[0]}`);
        }
        wrong.push(...found.map((one) => `operation ${at}: ${one}`));
      }
      noteCount('crashPoints', undisturbed.operations);
      expect(wrong).toEqual([]);
    },
  );
});
