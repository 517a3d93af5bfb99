// The vocabulary of the reconcile stage: verdicts, the reasons behind them, and findings.

import type { PlainLines } from '../compact/plain-lines.js';
import type { Rows } from '../compact/rows.js';
import type { PlannedPart } from '../plan/planned-rows.js';

/** What is true of a row at the end (docs/reports.md lists each with its meaning). */
export const VERDICTS = [
  'activated',
  'assigned',
  'in-inventory',
  'deleted',
  'conflict',
  'rejected',
  'invalid',
  'unknown',
  'unsent',
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The verdicts that need no person: each was seen in a list call. */
export const SETTLED_VERDICTS: ReadonlySet<Verdict> = new Set([
  'activated',
  'assigned',
  'in-inventory',
  'deleted',
]);

/** The verdict of one row, with its evidence. */
export interface RowVerdict {
  readonly n: number;
  readonly file: string;
  readonly line: number;
  readonly serialNumber: string;
  /** As it stands in the file; empty when the row names nobody. */
  readonly user: string;
  readonly verdict: Verdict;
  /** True when the tenant was already so before the run. */
  readonly already: boolean;
  /** A stable code; empty for a settled row. */
  readonly reason: string;
  /** One sentence; empty for a settled row. */
  readonly detail: string;
  /** What to do next: one sentence; empty for a settled row. */
  readonly next: string;
  /** The token's id in the tenant; empty when there is none. */
  readonly deviceId: string;
  /** The user's object id; empty when not resolved. */
  readonly userId: string;
  /** Write requests that were sent for this row, throttled ones left out. */
  readonly attempts: number;
  /** Of the last write request: ours, and the service's. Empty when nothing was sent. */
  readonly clientRequestId: string;
  readonly requestId: string;
  /**
   * Since when runs have found the token assigned and not activated: ISO 8601, UTC. Empty for every verdict but
   * `assigned`; absent in an audit, which has it in `token`.
   */
  readonly assignedSince?: string;
  /** What an audit saw of the token; absent in every other report. */
  readonly token?: AuditedToken;
}

/** How many rows have a verdict, and how many of those were so before the run. */
export interface VerdictCount {
  readonly count: number;
  readonly already: number;
}

/** Rows with their verdicts, of which the verdicts may be counted, and parts written, without looking at each row. */
export interface VerdictList extends Rows<RowVerdict> {
  counts?(): ReadonlyMap<Verdict, VerdictCount>;
  readonly parts?: VerdictParts;
}

/** Rows of which there is nothing to tell but their verdict: what stands in them otherwise is empty. */
export interface VerdictParts {
  /** `undefined` for a row of which there is more to tell, or that cannot be written in parts. */
  plainAt(position: number): PlainVerdict | undefined;
  /** The serial number of any row, where it can be had without the rest. */
  serialNumberAt(position: number): string | undefined;
  /** Adds a part of such a row to a line. */
  write(part: PlannedPart, position: number, to: PlainLines): void;
}

/** What is known of such a row without making texts of its parts. */
export type PlainVerdict = Pick<RowVerdict, 'file' | 'line' | 'verdict' | 'already' | 'assignedSince'>;

/** A token as an audit saw it, beside what every row says. */
export interface AuditedToken {
  /** As the service says it: `available`, `assigned`, `activated`, `failedActivation`, or something newer. */
  readonly status: string;
  readonly manufacturer: string;
  readonly model: string;
  /** Seconds; null when the service did not say. */
  readonly timeInterval: number | null;
  readonly hashFunction: string;
  /** ISO 8601, UTC; empty when the service knows of no use. */
  readonly lastUsed: string;
  /** When this ledger's runs first saw it assigned and not activated, at the latest now; empty when it is not so. */
  readonly waitingSince: string;
  /** Of the holder; empty when nobody holds the token. */
  readonly account: '' | 'enabled' | 'disabled' | 'missing' | 'unknown';
  readonly guest: boolean;
  /** How many tokens of the inventory the holder has. */
  readonly heldByUser: number;
}

/** What list calls show that no row explains. */
export const FINDING_KINDS = [
  'duplicate-serial',
  'legacy-duplicate',
  'unlisted-token',
  'unlisted-assignment',
  'holder-disabled',
  'holder-gone',
  'too-many-tokens',
  'interval-mismatch',
  'hash-mismatch',
  'manufacturer-mismatch',
  'model-mismatch',
  'activation-failed',
  'not-activated',
  'old-method',
  'holder-guest',
  'unused',
  'missing-token',
  'missing-assignment',
  'other-holder',
  'unusable-row',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly serialNumber: string;
  readonly deviceId: string;
  /** Object id of the token's holder, where the finding is about one. */
  readonly userId?: string;
  /** The row it touches, when there is one. */
  readonly file?: string;
  readonly line?: number;
  readonly detail: string;
  readonly next: string;
}
