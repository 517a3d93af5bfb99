// The words that every report uses for verdicts, and for numbers of things. It decides nothing: the
// verdicts come from the reconcile stage, and this page only says what each of them means to a reader.

import type { Verdict } from '../reconcile/verdict.js';

interface VerdictWords {
  /** True when the verdict was seen in a list call and needs no person. */
  readonly settled: boolean;
  /** One clause for the legend. */
  readonly meaning: string;
}

/** The order in which verdicts are listed everywhere: from the furthest that a token can get, downwards. */
export const VERDICT_ORDER: readonly Verdict[] = [
  'activated',
  'assigned',
  'in-inventory',
  'conflict',
  'rejected',
  'invalid',
  'unknown',
  'unsent',
];

export const VERDICT_WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  activated: { settled: true, meaning: 'held by the user and active' },
  assigned: { settled: true, meaning: 'held by the user, not yet active' },
  'in-inventory': { settled: true, meaning: 'in the tenant, held by nobody' },
  conflict: { settled: false, meaning: 'the token is someone else’s' },
  rejected: { settled: false, meaning: 'the service refused it, for good' },
  invalid: { settled: false, meaning: 'refused before anything was sent' },
  unknown: { settled: false, meaning: 'sent, but no list call settled it' },
  unsent: { settled: false, meaning: 'the run stopped first' },
};

const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/**
 * A number as the reports write it: thousands apart, at most one decimal, the same in every locale.
 *
 * @example
 * formatNumber(1204.56); // '1,204.6'
 */
export function formatNumber(value: number): string {
  return grouping.format(value);
}

/**
 * A number of things.
 *
 * @example
 * countOf(1, 'row');    // '1 row'
 * countOf(1204, 'row'); // '1,204 rows'
 */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
