// Adds up the verdicts of a run. Pure.

import { invariant } from '../errors.js';
import { type RowVerdict, VERDICTS, type Verdict, type VerdictList } from './verdict.js';

/** How many rows got each verdict, and how many of them were so before the run. */
export interface VerdictTally {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly already: number;
}

/** Counts the verdicts; they add up to the rows, or the program is wrong. */
export function tallyVerdicts(
  rows: Iterable<RowVerdict> & Pick<VerdictList, 'counts'>,
  count: number,
): VerdictTally {
  const verdicts: Record<Verdict, number> = {
    activated: 0,
    assigned: 0,
    'in-inventory': 0,
    deleted: 0,
    conflict: 0,
    rejected: 0,
    invalid: 0,
    unknown: 0,
    unsent: 0,
  };
  let already = 0;
  const counted = rows.counts?.();
  for (const [verdict, one] of counted ?? []) {
    verdicts[verdict] = one.count;
    already += one.already;
  }
  for (const row of counted === undefined ? rows : []) {
    verdicts[row.verdict] += 1;
    if (row.already) already += 1;
  }
  const sum = VERDICTS.reduce((total, verdict) => total + verdicts[verdict], 0);
  invariant(sum === count, `${count} rows were read and ${sum} verdicts given`);
  return { verdicts, already };
}
