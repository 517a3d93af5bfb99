// The ledger's interface: the durable memory of runs. It knows rows and attempts as plain records and no
// stage's types, so that another store can stand behind it. No secret is ever in it.

import type { Rows } from '../compact/rows.js';

/** How far a run has come. */
export type RunState = 'running' | 'finished' | 'interrupted' | 'failed';

export interface RunInput {
  readonly role: string;
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

export interface RunRecord {
  readonly id: string;
  readonly job: string;
  readonly kind: string;
  /** The job file as it was named on the command line, and the overrides. */
  readonly jobFile: string;
  readonly overrides: readonly string[];
  readonly jobSha256: string;
  readonly graph: string;
  readonly inputs: readonly RunInput[];
  readonly tool: string;
  readonly reportsDir: string;
  readonly startedAt: string;
  readonly state: RunState;
  /** Empty until the run has ended. */
  readonly endedAt: string;
  readonly exitCode: number | undefined;
}

/** One planned row, as it was when the run began. */
export interface LedgerRow {
  readonly n: number;
  readonly file: string;
  readonly line: number;
  readonly serialNumber: string;
  readonly user: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly expect: string;
  /** What the tenant showed before the run, when that was as it should be; else empty. */
  readonly already: string;
  /** Set when the row was decided before anything was sent. */
  readonly decided?: {
    readonly verdict: string;
    readonly reason: string;
    readonly detail: string;
    readonly next: string;
  };
}

/**
 * How far one action of a row has come.
 *
 * - `pending`: nothing was sent of which the effect is not known; it may be sent.
 * - `sent`: a request has left of which the effect is not known: nothing was answered, or what was answered settles
 *   nothing. It stays so, whatever a later request meets, until the effect is seen or another request has it.
 * - `done`, `already`: it is so.
 * - `refused`: the service refused it for good.
 * - `given-up`: every try failed; a later run may try again.
 */
export type ActionState = (typeof ACTION_STATES)[number];

export const ACTION_STATES = ['pending', 'sent', 'done', 'already', 'refused', 'given-up'] as const;

export interface LedgerAction {
  readonly n: number;
  /** Position among the row's actions, from 0. */
  readonly step: number;
  readonly kind: string;
  /** The token and the user that it is about, when they are not the row's own. */
  readonly target?: { readonly deviceId: string; readonly userId: string };
  readonly state: ActionState;
  /** Requests that were sent and not throttled. */
  readonly attempts: number;
  readonly throttled: number;
  /** The token's id, once a request of this action has told it. */
  readonly deviceId: string;
  /** Of the last request. */
  readonly clientRequestId: string;
  readonly requestId: string;
  readonly reason: string;
  readonly detail: string;
}

/** One request is about to leave. */
export interface SentRecord {
  readonly runId: string;
  readonly n: number;
  readonly step: number;
  readonly at: string;
  readonly clientRequestId: string;
}

/** What became of the request that was recorded as sent. */
export interface SettledRecord {
  readonly runId: string;
  readonly n: number;
  readonly step: number;
  readonly at: string;
  readonly outcome: string;
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  readonly requestId: string;
  readonly state: ActionState;
  readonly deviceId: string;
  readonly reason: string;
  readonly detail: string;
  /** Whether it counts as one of the row's attempts: a throttled request does not. */
  readonly counts: boolean;
}

/** What can happen to a run as a whole, beside its requests; each is a line of its chain. */
export type RunEvent = 'began' | 'session' | 'concluded';

/** One line of a run's chain, as it was written. */
export interface LedgerEvent {
  /** Position in the run's chain, from 1. */
  readonly seq: number;
  /** The row, and the position among its actions; -1 for what happened to the run as a whole. */
  readonly n: number;
  readonly step: number;
  /** `sent`, `settled`, or a {@link RunEvent}. */
  readonly event: string;
  readonly at: string;
  readonly clientRequestId: string;
  readonly requestId: string;
  readonly status: number;
  readonly outcome: string;
  readonly detail: string;
  readonly hash: string;
}

/** What a run came to. The texts are JSON whose shape the report stage knows. */
export interface Conclusion {
  readonly at: string;
  /** The report without its rows. */
  readonly report: string;
  /** In the order of the rows; they are gone through once. */
  readonly verdicts: Iterable<ConcludedRow>;
}

/** A conclusion as it was kept. */
export interface KeptConclusion extends Omit<Conclusion, 'verdicts'> {
  /** The texts of the verdicts; they are read when they are looked at, as long as the ledger is open. */
  readonly records: Rows<string>;
}

export interface ConcludedRow {
  readonly serialNumber: string;
  readonly verdict: string;
  /** All of it, in one line. Bytes are UTF-8, and may change once the row after the next one is asked for. */
  readonly record: string | Uint8Array;
}

/** Who holds a job's lock. */
export interface LockHolder {
  readonly lockId: string;
  readonly runId: string;
  readonly pid: number;
  readonly host: string;
  /** Differs after a restart of the computer; empty where the system does not tell. */
  readonly bootId: string;
  readonly since: string;
}

export type LockAnswer = { readonly kind: 'taken' } | { readonly kind: 'held'; readonly by: LockHolder };

/** Since when tokens are assigned and not activated, by serial number: ISO 8601, UTC. */
export type AssignedSince = Pick<ReadonlyMap<string, string>, 'get'> & {
  /** Tokens of which something may be known. */
  readonly size: number;
};

export interface Ledger {
  /** Records a run with its rows and actions, all or nothing. */
  beginRun(run: RunRecord, rows: Iterable<LedgerRow>, actions: Iterable<LedgerAction>): Promise<void>;
  setRunState(runId: string, state: RunState, endedAt: string, exitCode: number | undefined): Promise<void>;
  run(runId: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  runs(): Promise<readonly RunRecord[]>;
  /** The planned rows of a run, in their order, with a block of them in memory at a time. */
  eachRow(runId: string): AsyncIterable<LedgerRow>;
  /** Its actions, row by row and step by step, with a page of them in memory at a time. */
  eachAction(runId: string): AsyncIterable<LedgerAction>;
  /** Requests that were recorded as sent in a run, and those of them that were throttled. */
  tally(runId: string): Promise<{ readonly sent: number; readonly throttled: number }>;
  /** Resolves when the record is on the disk; only then may the request leave. */
  sent(record: SentRecord): Promise<void>;
  /** Resolves when the record is on the disk. Losing it makes the attempt ambiguous, which is safe. */
  settled(record: SettledRecord): Promise<void>;
  /** Appends to a run's chain what happened to the run as a whole. */
  note(runId: string, event: RunEvent, at: string, detail: string): Promise<void>;
  /** A run's chain, from its first line. */
  events(runId: string): AsyncIterable<LedgerEvent>;
  /** SHA-256 over a run's planned rows and the actions planned for them, in hexadecimal. */
  planDigest(runId: string): Promise<string>;
  /** Records what a run came to, in place of an earlier conclusion, and appends its hash to the chain. */
  conclude(runId: string, conclusion: Conclusion): Promise<void>;
  conclusion(runId: string): Promise<KeptConclusion | undefined>;
  /**
   * Since when runs on an endpoint have found tokens assigned and not activated, by serial number: the end of
   * the first run that did, after the last that found them otherwise. Only the tokens that are so still.
   *
   * @param besides - a run that does not count: one that is resumed would find what it came to before it was stopped.
   */
  assignedSince(graph: string, besides?: string): Promise<AssignedSince>;
  /** Ids of the tokens that runs on an endpoint have deleted and created again. */
  recreated(graph: string): Promise<ReadonlySet<string>>;
  /** Writes a second that the last run of a job has found an endpoint to sustain; `undefined` when none has. */
  learnedRate(job: string, graph: string): Promise<number | undefined>;
  /** Keeps what a run has learned, in place of what an earlier one had. */
  keepRate(run: Pick<RunRecord, 'id' | 'job' | 'graph'>, rate: number): Promise<void>;
  /** A value that is drawn once, and the same from then on. */
  drawn(name: string, draw: () => string): Promise<string>;
  /**
   * Takes a job's lock, or says who has it. A lock whose holder `isDead` is taken over.
   */
  lock(job: string, mine: LockHolder, isDead: (holder: LockHolder) => boolean): Promise<LockAnswer>;
  unlock(job: string, lockId: string): Promise<void>;
  /** Drops a lock by its id alone, for an operator who knows that its holder is gone. False: there is none. */
  dropLock(lockId: string): Promise<boolean>;
  close(): Promise<void>;
}
