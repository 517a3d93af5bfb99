// The words that every report uses for verdicts, and for numbers of things. It decides nothing: the
// verdicts come from the reconcile stage, and this page only says what each of them means to a reader.

import type { FindingKind, Verdict } from '../reconcile/verdict.js';

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
  'deleted',
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
  deleted: { settled: true, meaning: 'no longer in the tenant, as asked' },
  conflict: { settled: false, meaning: 'the token is someone else’s' },
  rejected: { settled: false, meaning: 'the service refused it, for good' },
  invalid: { settled: false, meaning: 'refused before anything was sent' },
  unknown: { settled: false, meaning: 'sent, but no list call settled it' },
  unsent: { settled: false, meaning: 'the run stopped first' },
};

const FINDING_PLACES: Readonly<Record<FindingKind, number>> = {
  'duplicate-serial': 0,
  'legacy-duplicate': 1,
  'unlisted-token': 2,
  'unlisted-assignment': 3,
  'holder-disabled': 4,
  'holder-gone': 5,
  'holder-guest': 6,
  'too-many-tokens': 7,
  'interval-mismatch': 8,
  'hash-mismatch': 9,
  'manufacturer-mismatch': 10,
  'model-mismatch': 11,
  'activation-failed': 12,
  'not-activated': 13,
  'old-method': 14,
  unused: 15,
  'missing-token': 16,
  'missing-assignment': 17,
  'other-holder': 18,
  'unusable-row': 19,
};

const isFindingKind = (name: string): name is FindingKind => Object.hasOwn(FINDING_PLACES, name);

/** The order in which kinds of findings are listed everywhere. */
export const FINDING_ORDER: readonly FindingKind[] = Object.keys(FINDING_PLACES).filter(isFindingKind);

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
