// The shape of summary.json and of everything else that the reports say about a run as a whole.

import type { FindingKind, Verdict } from '../reconcile/verdict.js';

/** The version of summary.json and rows.csv; it changes when a key or column changes its meaning. */
export const REPORT_VERSION = 1;

/** A limit that the service named when it answered 429. */
export interface LimitSummary {
  /** Whose limit, as `Tenant_Application/Write`; empty when the service did not say. */
  readonly scope: string;
  /** Which, as `WriteLimitExceeded`; empty when the service did not say. */
  readonly reason: string;
  readonly count: number;
}

/** How the pace of the writes went. */
export interface PaceSummary {
  /** Writes that the service accepted, a second, from the first to the last. */
  readonly acceptedPerSecond: number;
  /** Seconds during which a throttle gate was closed. */
  readonly gateSeconds: number;
  /** Requests a second that the pacer allowed at the end; null when it knew no limit. */
  readonly finalPace: number | null;
  /** The least seconds in which the throttle lets the accepted writes through; null when its limit is not known. */
  readonly leastSeconds: number | null;
  /** The seconds that the writes took, over `leastSeconds`; null where there is no bound to hold them against. */
  readonly ratioToLeast: number | null;
  /** The limits that the service named, the most frequent first; absent when it named none. */
  readonly limits?: readonly LimitSummary[];
  /** The highest share of a limit that the service said was used, 1 being the whole; absent when it said none. */
  readonly highestLimitShare?: number;
}

/** What summary.json holds. Keys are stable. */
export interface RunSummary {
  readonly version: typeof REPORT_VERSION;
  readonly tool: string;
  readonly runId: string;
  readonly job: string;
  /** The job file as the operator named it, for the commands that the reports tell to type. */
  readonly jobFile?: string;
  readonly kind: string;
  /** The Graph endpoint, without credentials. */
  readonly graph: string;
  readonly rows: number;
  /** How many rows got each verdict; every verdict is present. They add up to `rows`. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Of the settled rows, how many were so before the run. */
  readonly already: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  /** HTTP requests sent: all of them, and the writes among them. */
  readonly requests: number;
  readonly writes: number;
  /** Answers with status 429. */
  readonly throttled: number;
  readonly pace: PaceSummary;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** True when the run was stopped before its end; `oathbatch resume` carries it on. */
  readonly interrupted: boolean;
  readonly exitCode: number;
  readonly inputs: readonly {
    readonly role: string;
    readonly path: string;
    readonly sha256: string;
    readonly rows: number;
  }[];
}
