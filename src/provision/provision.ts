// Carries a plan out: the rows side by side, each row's actions one after the other. It decides when the run
// as a whole has to stop; what becomes of one action is decided in attempt.ts.

import pLimit from 'p-limit';
import { type Clock, isoTime } from '../clock.js';
import { invariant, OperationError } from '../errors.js';
import type { GraphClient } from '../graph/client.js';
import { Stopped } from '../graph/limiter.js';
import type { Ledger, LedgerAction } from '../ledger/ledger.js';
import type { Log } from '../log.js';
import type { ActionKind } from '../plan/action.js';
import type { Random } from '../random.js';
import { type ActionEnd, type AttemptOptions, carryOut } from './attempt.js';
import { BulkCreation } from './bulk-create.js';
import { isForChunk } from './chunk.js';
import type { Outcome } from './outcome.js';
import { Patience, type StopRules } from './patience.js';
import type { RowFacts } from './request.js';
import { RetryBudget } from './retry-budget.js';
import { ServiceHealth } from './service-health.js';

/** A row that has something left to do. */
export interface RowWork extends RowFacts {
  readonly deviceId: string;
  /** All actions of the row, those that are done among them, in order. */
  readonly actions: readonly LedgerAction[];
}

export interface ProvisionOptions {
  readonly runId: string;
  readonly client: GraphClient;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly attemptsMax: number;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Rows that are carried out at the same time: a few for each request in flight, because some wait without one. */
  readonly rowsInHand: number;
  readonly stop: StopRules;
  /** Tokens that are created in one request at most; 1 for a request each. */
  readonly createChunk: number;
  /** Stops the run: no further request leaves. Its signal is also the client's. */
  readonly halt: AbortController;
  readonly onRowEnd: () => void;
}

type Forbidden = Extract<ActionEnd, { kind: 'forbidden' }>;

/** A row whose write was forbidden: because of the row, or because the permission is gone. */
interface Suspect {
  readonly row: RowWork;
  readonly step: number;
  readonly deviceId: string;
  /** Whether an earlier request of the same step may have taken effect. */
  readonly inDoubt: boolean;
  /** When it was forbidden, on the monotonic clock. */
  readonly atMs: number;
}

/**
 * Carries out what is left to do. Every outcome is in the ledger when it returns or throws.
 *
 * @returns when each row has come to its end, or the run was stopped from outside.
 * @throws {OperationError} when the run cannot go on; the rows that were not sent stay `pending`.
 */
export async function provision(work: AsyncIterable<RowWork>, options: ProvisionOptions): Promise<void> {
  const run = new ProvisionRun(options);
  const rows = run.inChunks(work);
  const hands = options.rowsInHand;
  const patience = run.watchPatience();
  // Each hand takes the next row when it has ended one.
  await Promise.all(Array.from({ length: hands }, () => run.carryRows(rows)));
  const limit = pLimit(hands);
  await Promise.all([...run.toTryAgain()].map((suspect) => limit(() => run.carryRow(suspect.row, suspect))));
  await run.end(patience);
}

class ProvisionRun {
  readonly #options: ProvisionOptions;
  readonly #health: ServiceHealth;
  readonly #retries = new RetryBudget();
  readonly #patience: Patience;
  readonly #bulk: BulkCreation;
  readonly #attempt: AttemptOptions;
  /** Forbidden, and no write that left afterwards has succeeded. */
  #suspects: Suspect[] = [];
  /** Forbidden, and one has: the permission is there, or there again. */
  #again: Suspect[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ProvisionOptions) {
    this.#options = options;
    this.#health = new ServiceHealth(options.concurrency);
    this.#patience = new Patience(options.stop, options.clock);
    this.#attempt = {
      ...options,
      retries: this.#retries,
      observe: (outcome) => this.#observe(outcome),
    };
    this.#bulk = new BulkCreation({
      ...options,
      ...this.#attempt,
      succeeded: (sentAtMs) => this.#permissionSeen(sentAtMs),
    });
  }

  /** Stops the run when it takes too long, or comes to nothing. */
  async watchPatience(): Promise<void> {
    const failure = await this.#patience.runsOut();
    if (failure !== undefined) this.#fail(failure);
  }

  /** The rows one by one, and those whose tokens are created in bulk together. */
  async *inChunks(work: AsyncIterable<RowWork>): AsyncGenerator<readonly RowWork[], void> {
    let chunk: RowWork[] = [];
    for await (const row of work) {
      if (this.#bulk.size < 2 || !isForChunk(row)) {
        yield [row];
        continue;
      }
      chunk.push(row);
      if (chunk.length < this.#bulk.size) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  /** Never rejects, as {@link carryRow}: rows that cannot be read from the ledger stop the run as well. */
  async carryRows(rows: AsyncIterator<readonly RowWork[]>): Promise<void> {
    try {
      while (!this.#options.halt.signal.aborted) {
        const next = await rows.next();
        if (next.done === true) return;
        const [first, ...others] = next.value;
        if (first !== undefined && others.length === 0) await this.carryRow(first);
        else await this.#bulk.create(next.value, (row) => this.carryRow(row));
      }
    } catch (error) {
      if (!(error instanceof Stopped)) this.#fail(error);
    }
  }

  /** Never rejects: a failure stops the run and is thrown by {@link end}, after the rows in hand have ended. */
  async carryRow(row: RowWork, again?: Suspect): Promise<void> {
    try {
      await this.#carryActions(row, again);
      if (again === undefined) this.#options.onRowEnd();
    } catch (error) {
      if (!(error instanceof Stopped)) this.#fail(error);
    }
  }

  /** @param patience - what {@link watchPatience} has answered. */
  async end(patience: Promise<void>): Promise<void> {
    this.#patience.end();
    await patience;
    const outcome = this.#failure === undefined ? this.#health.allForbidden() : undefined;
    if (outcome !== undefined && this.#suspects.length > 0 && !this.#options.halt.signal.aborted) {
      this.#fail(writesForbidden(outcome));
    }
    // The last of the run that were forbidden stay as they are: no success shows that the permission is still there.
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** The suspects of whom a second request tells whether it is they that are forbidden. */
  toTryAgain(): readonly Suspect[] {
    return this.#options.halt.signal.aborted ? [] : this.#again;
  }

  async #carryActions(row: RowWork, again: Suspect | undefined): Promise<void> {
    let deviceId = again?.deviceId ?? row.deviceId;
    let isNew = false;
    for (const planned of row.actions) {
      if (again !== undefined && planned.step < again.step) continue;
      const recorded = again?.step === planned.step ? actionAgain(planned, again) : planned;
      // What went into a chunk together with a creation that had no effect had none either.
      const action: LedgerAction =
        isNew && recorded.state === 'sent' ? { ...recorded, state: 'pending' } : recorded;
      if (action.state === 'refused') return;
      if (action.state === 'done' || action.state === 'already') {
        deviceId = deviceAfter(action, deviceId);
        continue;
      }
      const target = action.target ?? { deviceId, userId: row.userId };
      const end = await carryOut(row, action, actionKind(action.kind), target, this.#attempt);
      if (end.kind === 'forbidden') {
        if (again?.step === action.step) await this.#condemn(again, end);
        else this.#suspect({ row, step: action.step, deviceId, inDoubt: end.inDoubt });
        return;
      }
      if (end.kind === 'stopped') return;
      deviceId = deviceAfter({ ...action, deviceId: end.deviceId }, deviceId);
      isNew = action.kind === 'create' && end.sentAtMs !== undefined;
      this.#permissionSeen(end.sentAtMs);
    }
  }

  #suspect(suspect: Omit<Suspect, 'atMs'>): void {
    this.#suspects.push({ ...suspect, atMs: this.#options.clock.monotonicMs() });
  }

  #observe(outcome: Outcome): void {
    if (isAnswer(outcome)) {
      this.#retries.succeeded();
      this.#patience.progressed();
    }
    const health = this.#health.observe(outcome);
    if (health.kind === 'forbidden') this.#fail(writesForbidden(health.outcome));
    if (health.kind === 'failing') this.#fail(serviceFails(health.outcome));
  }

  /** A write has succeeded that left after others were forbidden. An answer that was only late shows nothing. */
  #permissionSeen(sentAtMs: number | undefined): void {
    if (sentAtMs === undefined || this.#suspects.length === 0) return;
    this.#again.push(...this.#suspects.filter(({ atMs }) => atMs <= sentAtMs));
    this.#suspects = this.#suspects.filter(({ atMs }) => atMs > sentAtMs);
  }

  /** Forbidden twice, and others were not in between: so it is for good, unless an earlier request took effect. */
  async #condemn({ row, step }: Suspect, { outcome, requestId, inDoubt }: Forbidden): Promise<void> {
    // The ledger holds the doubt, and the lists decide in the end.
    if (inDoubt) return;
    const { ledger, runId, clock } = this.#options;
    await ledger.settled({
      runId,
      n: row.n,
      step,
      at: isoTime(clock.wallMs()),
      outcome: 'refused',
      status: outcome.status,
      requestId,
      state: 'refused',
      deviceId: '',
      reason: outcome.reason,
      detail: outcome.detail,
      counts: false,
    });
  }

  #fail(error: unknown): void {
    if (this.#failure === undefined) {
      this.#failure = { error };
      // The operator is told when the rows in hand have ended; this line keeps the moment.
      this.#options.log.debug({ error }, 'the run stops');
    }
    this.#options.halt.abort();
  }
}

/** Whether the service has dealt with a request, whatever it thought of it. */
function isAnswer({ kind }: Outcome): boolean {
  return kind === 'done' || kind === 'refused' || kind === 'forbidden';
}

const KINDS: Readonly<Record<ActionKind, true>> = {
  create: true,
  assign: true,
  activate: true,
  unassign: true,
  delete: true,
};

const isActionKind = (text: string): text is ActionKind => Object.hasOwn(KINDS, text);

function actionKind(text: string): ActionKind {
  const kind = isActionKind(text) ? text : undefined;
  invariant(kind !== undefined, `the ledger holds an unknown action: ${text}`);
  return kind;
}

/** A step as it stands when it was forbidden once. */
function actionAgain(action: LedgerAction, { inDoubt }: Suspect): LedgerAction {
  return inDoubt ? { ...action, state: 'sent', reason: 'forbidden' } : action;
}

/** The row's token after a step is done: a creation tells a new id, and other steps may be about other tokens. */
function deviceAfter(action: LedgerAction, deviceId: string): string {
  return action.kind === 'create' && action.deviceId !== '' ? action.deviceId : deviceId;
}

function writesForbidden(outcome: Outcome): OperationError {
  return new OperationError({
    code: 'permission-missing',
    what: `Microsoft Graph forbids one write after another: ${outcome.detail}.`,
    data: 'Those requests had no effect. What was sent before is recorded; the other rows were not sent.',
    next: 'Grant the permissions that docs/permissions.md lists, with admin consent, then run: oathbatch resume',
  });
}

function serviceFails(outcome: Outcome): OperationError {
  return new OperationError({
    code: 'graph-failed',
    what: `Microsoft Graph fails one request after another; the last said: ${outcome.detail}.`,
    data: 'What was sent is recorded, and what is in doubt will be looked up; the other rows were not sent.',
    next: 'Wait until the service is well again, then run: oathbatch resume',
  });
}
