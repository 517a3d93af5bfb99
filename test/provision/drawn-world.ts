// A world for one seed. Each fault is switched on or off as a whole ("swarm testing"), because faults that are
// all there all the time hide one another.

import {
  type EmulatorSettings,
  type EmulatorSettingsInput,
  emulatorSettingsSchema,
  FAULT_NAMES,
} from '../../src/emulator/settings.js';
import type { PacerSettings } from '../../src/graph/pacer-settings.js';
import { type Random, seededRandom } from '../../src/random.js';

type Limits = NonNullable<EmulatorSettingsInput['throttle']>['writes'];

export interface DrawnWorld {
  readonly seed: number;
  readonly settings: EmulatorSettings;
  readonly concurrency: number;
  readonly pace: PacerSettings;
  /** Whether a new token can be had after a 401. */
  readonly renews: boolean;
  /** After how many writes each life is stopped; the lives after these are not. */
  readonly stopsAfterWrites: readonly number[];
  /** Nothing but throttling and latency: every row must come to its end. */
  readonly isHarmless: boolean;
}

const RETRY_AFTER_FORMS = ['seconds', 'decimal', 'http-date', 'absent', 'zero', 'negative'] as const;

function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random.next() * items.length)] ?? items[0];
}

export function drawWorld(seed: number): DrawnWorld {
  const random = seededRandom(seed * 7_919);
  const isHarmless = random.next() < 0.2;
  const share = pick(random, [0.01, 0.04, 0.1]);
  const faults = Object.fromEntries(
    FAULT_NAMES.map((name) => [name, !isHarmless && random.next() < 0.35 ? share * random.next() : 0]),
  );
  const rate = pick(random, [2, 10, 40]);
  const burst = pick(random, [1, 10, 60]);
  const noLimit: Limits = [];
  const bucket: Limits = [{ kind: 'token-bucket', rate, burst }];
  const window: Limits = [{ kind: 'fixed-window', quota: burst + 5, window: '10s' }];
  const paces: readonly [PacerSettings, ...PacerSettings[]] = [
    { burst: 1 },
    { rate: 20, burst: 3_000 },
    { rate: 20, burst: 1 },
  ];
  return {
    seed,
    settings: emulatorSettingsSchema.parse({
      seed,
      latency: pick(random, [{}, { p5: '80ms', p95: '400ms' }]),
      throttle: {
        writes: pick(random, [noLimit, bucket, window]),
        reads: pick(random, [[], [{ kind: 'token-bucket', rate: 20, burst: 40 }]]),
        retryAfter: pick(random, RETRY_AFTER_FORMS),
        costOfRejection: pick(random, [0, 1]),
        spurious: pick(random, [0, 0, 0.02]),
      },
      consistency: { lag: isHarmless ? '0ms' : pick(random, ['0ms', '0ms', '2s', '15s']) },
      pageSize: pick(random, [7, 100]),
      shape: pick(random, ['flat', 'nested']),
      duplicateSerialStatus: pick(random, [400, 409]),
      alreadyAssigned: pick(random, ['refuse', 'accept']),
      faults,
    }),
    concurrency: pick(random, [1, 4, 16]),
    pace: pick(random, paces),
    renews: random.next() < 0.8,
    stopsAfterWrites:
      random.next() < 0.5 ? [] : [Math.ceil(random.next() * 30), Math.ceil(random.next() * 30)],
    isHarmless,
  };
}
