// What is counted over many seeds.

import type { FaultClass } from './draw.js';

type Counts<Name extends string> = Readonly<Partial<Record<Name, number>>>;

export interface Tally {
  readonly seeds: number;
  readonly failed: number;
  readonly rows: number;
  readonly lives: number;
  readonly crashes: number;
  readonly operations: number;
  readonly writes: number;
  readonly onDisk: number;
  /** Seeds whose ledger is flushed beside the work. */
  readonly flushedBeside: number;
  /** Seeds in which a run was verified by users' own lists; and those of them whose reports were compared. */
  readonly ownLists: number;
  readonly ownListsCompared: number;
  /** Seeds whose reports had to be those of the undisturbed run. */
  readonly sameFortune: number;
  readonly failures: Counts<string>;
  readonly classes: Counts<FaultClass>;
}

export const NOTHING: Tally = {
  ...{ seeds: 0, failed: 0, rows: 0, lives: 0, crashes: 0, operations: 0, writes: 0 },
  ...{ onDisk: 0, flushedBeside: 0, ownLists: 0, ownListsCompared: 0 },
  ...{ sameFortune: 0, failures: {}, classes: {} },
};

/** One for each name, and more for a name that is there more than once. */
export function counted<Name extends string>(names: Iterable<Name>): Counts<Name> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sumOfCounts(one: Counts<string>, other: Counts<string>): Readonly<Record<string, number>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

export function sumOf(one: Tally, other: Tally): Tally {
  return {
    seeds: one.seeds + other.seeds,
    failed: one.failed + other.failed,
    rows: one.rows + other.rows,
    lives: one.lives + other.lives,
    crashes: one.crashes + other.crashes,
    operations: one.operations + other.operations,
    writes: one.writes + other.writes,
    onDisk: one.onDisk + other.onDisk,
    flushedBeside: one.flushedBeside + other.flushedBeside,
    ownLists: one.ownLists + other.ownLists,
    ownListsCompared: one.ownListsCompared + other.ownListsCompared,
    sameFortune: one.sameFortune + other.sameFortune,
    failures: sumOfCounts(one.failures, other.failures),
    classes: sumOfCounts(one.classes, other.classes),
  };
}
