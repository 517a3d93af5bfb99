// What happens in one seed: its rows, its service, its faults. Each class of faults is switched on or off as a
// whole ("swarm testing"), because faults that are all there all the time hide one another.

import {
  type EmulatorSettings,
  type EmulatorSettingsInput,
  emulatorSettingsSchema,
  FAULT_NAMES,
} from '../../src/emulator/settings.js';
import type { PacerSettings } from '../../src/graph/pacer-settings.js';
import { type Random, seededRandom } from '../../src/random.js';
import type { CrashPoint, Variant } from './crash.js';

const COMMON_KINDS = [
  'create-and-assign',
  'assign',
  'create',
  'already-assigned',
  'already-activated',
  'in-stock',
  'held-by-other',
  'unknown-user',
  'guest',
  'user-with-five',
] as const;

/** What a row asks for, and how the tenant is before. */
export const ROW_KINDS = [...COMMON_KINDS, 'create-for-user-with-five'] as const;

export type RowKind = (typeof ROW_KINDS)[number];

/** What stands for a row where tokens are only given. */
const GIVING: Readonly<Partial<Record<RowKind, RowKind>>> = {
  create: 'assign',
  'user-with-five': 'assign',
  'create-for-user-with-five': 'create-and-assign',
};

/** What goes wrong, one class each. */
export const FAULT_CLASSES = [
  'answers',
  'throttling',
  'lag',
  'crash',
  'signal',
  'token-expiry',
  'permission',
  'disk',
  'wall-clock',
  'sleep',
  'clock-back',
] as const;

export type FaultClass = (typeof FAULT_CLASSES)[number];

/** Those that are drawn from one stream; what came later is drawn apart. */
const DRAWN_FIRST = FAULT_CLASSES.filter((name) => name !== 'clock-back');

/** A row must end as in a run without faults, and so must the reports, when nothing else goes wrong than these. */
const SAME_FORTUNE: ReadonlySet<FaultClass> = new Set(['throttling', 'crash', 'wall-clock', 'clock-back']);

export interface DiskFailure {
  /** The life in which it happens, from 0. */
  readonly life: number;
  /** The transaction, or the flush, at which it happens, from 1. */
  readonly at: number;
  /** In a flush beside the work, and not in a transaction. */
  readonly isInFlush: boolean;
  /** Whether the transaction is found on the disk all the same: a failed fsync does not tell. */
  readonly isKept: boolean;
  readonly message: string;
}

export interface Drawn {
  readonly seed: number;
  readonly rows: readonly RowKind[];
  readonly classes: ReadonlySet<FaultClass>;
  readonly hasSameFortune: boolean;
  readonly settings: EmulatorSettings;
  /** The same service when it is well. */
  readonly quiet: EmulatorSettings;
  readonly concurrency: number;
  /** Tokens in one request. */
  readonly createChunk: number;
  readonly pace: PacerSettings;
  /** The n-th life ends there. */
  readonly crashes: readonly CrashPoint[];
  /** When the n-th life is told to stop, after its start. */
  readonly signalsAfterMs: readonly number[];
  readonly tokenLifetimeMs: number | undefined;
  /** Since the start of the run. */
  readonly revokedMs: readonly [from: number, until: number] | undefined;
  readonly diskFailures: readonly DiskFailure[];
  /** How long a flush beside the work takes; without it a commit is durable by itself. */
  readonly flushMs: number | undefined;
  readonly jumps: readonly { readonly atMs: number; readonly byMs: number; readonly isSleep: boolean }[];
  /** Whether the monotonic clock goes on while the computer sleeps: it does on Windows, and does not on Linux. */
  readonly isSleepCounted: boolean;
  /** Whether the same job is run twice more afterwards, with everything well. */
  readonly isRunAgain: boolean;
  /** Whether the ledger is a file on a disk, and not in memory. */
  readonly isOnDisk: boolean;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DISK_MESSAGES = ['database or disk is full', 'disk I/O error', 'fsync: input/output error'] as const;
const VARIANTS: readonly [Variant, ...Variant[]] = ['before', 'between', 'after'];
const RETRY_AFTER_FORMS = ['seconds', 'decimal', 'http-date', 'absent', 'zero', 'negative'] as const;

function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random.next() * items.length)] ?? items[0];
}

function upTo(random: Random, most: number): number {
  return 1 + Math.floor(random.next() * most);
}

function some<Item>(random: Random, most: number, draw: (n: number) => Item): readonly Item[] {
  return Array.from({ length: upTo(random, most) }, (_, n) => draw(n));
}

/** How the service answers a request for many tokens, of which nothing is documented. */
function drawBulk(random: Random): EmulatorSettingsInput['bulk'] {
  return {
    maxItems: pick(random, [100, 100, 3, 1]),
    refuseStatus: pick(random, [413, 400, 404, 405, 501]),
    successStatus: pick(random, [200, 201]),
    answers: pick(random, ['full', 'full', 'bare', 'empty']),
    failures: pick(random, ['removed', 'annotated', 'error', 'absent']),
    contentIds: random.next() < 0.7,
    onFailure: pick(random, ['continue', 'continue', 'stop', 'refuse']),
    assignTo: pick(random, ['take', 'take', 'take', 'ignore']),
  };
}

export function draw(seed: number): Drawn {
  const random = seededRandom(Math.imul(seed, 7_919) + 13);
  // A fifth of the seeds must come to the very reports of an undisturbed run.
  const isSameFortune = random.next() < 0.2;
  const among = isSameFortune ? DRAWN_FIRST.filter((name) => SAME_FORTUNE.has(name)) : DRAWN_FIRST;
  const classes = new Set<FaultClass>(among.filter(() => random.next() < 0.5));
  // Drawn apart: whatever else happens in a seed is as it was before there were chunks.
  const chunks = seededRandom(Math.imul(seed, 31) + 7);
  // As before the clock was set back by a class of its own.
  const backwards = seededRandom(Math.imul(seed, 131) + 17);
  if (backwards.next() < 0.3) classes.add('clock-back');
  const beside = seededRandom(Math.imul(seed, 173) + 5);
  const flushMs = pick(beside, [undefined, undefined, 0, 4, 40]);
  const pages = seededRandom(Math.imul(seed, 211) + 3);
  const hasSmallPages = pages.next() < 0.15;
  // Where tokens are given and nothing else is done, users' own lists can take fewer requests than many pages.
  const isGivingOnly = hasSmallPages && pages.next() < 0.7;
  const has = (name: FaultClass): boolean => classes.has(name);
  const share = pick(random, [0.02, 0.08, 0.25]);
  const faults = Object.fromEntries(
    FAULT_NAMES.map((name) => [name, has('answers') && random.next() < 0.35 ? share * random.next() : 0]),
  );
  const rate = pick(random, [2, 10, 40]);
  const burst = pick(random, [1, 10, 60]);
  type Limits = NonNullable<EmulatorSettingsInput['throttle']>['writes'];
  const limits: readonly [Limits, ...Limits[]] = [
    [{ kind: 'token-bucket', rate, burst }],
    [{ kind: 'fixed-window', quota: burst + 5, window: '10s' }],
  ];
  const service = {
    seed,
    latency: pick(random, [{}, { p5: '80ms', p95: '400ms' }]),
    pageSize: pick(random, [3, 100]),
    ...(hasSmallPages ? { maxPageSize: pick(pages, [2, 4]) } : {}),
    shape: pick(random, ['flat', 'nested']),
    duplicateSerialStatus: pick(random, [400, 409]),
    alreadyAssigned: pick(random, ['refuse', 'accept']),
    bulk: drawBulk(chunks),
  } as const;
  const paces: readonly [PacerSettings, ...PacerSettings[]] = [
    { burst: 1 },
    { rate: 20, burst: 3_000 },
    { rate: 20, burst: 1 },
  ];
  const rows = some(random, 10, () => pick(random, COMMON_KINDS));
  return {
    seed,
    rows: rows
      .map(
        (kind): RowKind =>
          kind === 'create-and-assign' && chunks.next() < 0.2 ? 'create-for-user-with-five' : kind,
      )
      .map((kind) => (isGivingOnly ? (GIVING[kind] ?? kind) : kind)),
    classes,
    hasSameFortune: [...classes].every((name) => SAME_FORTUNE.has(name)),
    settings: emulatorSettingsSchema.parse({
      ...service,
      throttle: has('throttling')
        ? {
            writes: pick(random, limits),
            reads: pick(random, [[], [{ kind: 'token-bucket', rate: 20, burst: 10 }]]),
            retryAfter: pick(random, RETRY_AFTER_FORMS),
            costOfRejection: pick(random, [0, 1]),
            spurious: pick(random, [0, 0, 0.05]),
          }
        : {},
      consistency: { lag: has('lag') ? pick(random, ['2s', '15s', '60s']) : '0ms' },
      lateBy: pick(random, ['5s', '60s']),
      faults,
    }),
    quiet: emulatorSettingsSchema.parse(service),
    concurrency: pick(random, [1, 4, 16]),
    pace: pick(random, paces),
    crashes: has('crash')
      ? some(random, 5, () => ({ at: upTo(random, 40), variant: pick(random, VARIANTS) }))
      : [],
    signalsAfterMs: has('signal') ? some(random, 2, () => Math.floor(random.next() * 3_000)) : [],
    tokenLifetimeMs: has('token-expiry') ? pick(random, [700, 5_000, 60_000]) : undefined,
    revokedMs: has('permission') ? [random.next() * 2_000, 3_000 + random.next() * 60_000] : undefined,
    diskFailures: has('disk')
      ? some(random, 2, (life) => ({
          life,
          at: upTo(random, 30),
          isKept: random.next() < 0.5,
          message: pick(random, DISK_MESSAGES),
          isInFlush: flushMs !== undefined && beside.next() < 0.5,
        }))
      : [],
    flushMs,
    jumps: [
      ...(has('wall-clock')
        ? some(random, 2, () => ({
            atMs: random.next() * 5_000,
            byMs: pick(random, [DAY_MS, -DAY_MS, HOUR_MS]),
            isSleep: false,
          }))
        : []),
      ...(has('sleep') ? [{ atMs: random.next() * 5_000, byMs: DAY_MS / 3, isSleep: true }] : []),
      ...(has('clock-back')
        ? some(backwards, 3, () => ({
            atMs: backwards.next() * 10_000,
            byMs: -pick(backwards, [2_000, HOUR_MS, 5 * HOUR_MS, DAY_MS]),
            isSleep: false,
          }))
        : []),
    ],
    isRunAgain: random.next() < 0.25,
    isOnDisk: random.next() < 0.02,
    isSleepCounted: random.next() < 0.5,
    createChunk: pick(chunks, [1, 2, 5, 20]),
  };
}
