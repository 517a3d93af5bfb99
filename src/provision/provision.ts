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
import { carryOut } from './attempt.js';
import type { Outcome } from './outcome.js';
import type { RowFacts } from './request.js';
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
  /** Requests in flight at most; rows in hand are a few times as many, because some wait without a request. */
  readonly concurrency: number;
  /** Stops the run: no further request leaves. Its signal is also the client's. */
  readonly halt: AbortController;
  readonly onRowEnd: () => void;
}

const ROWS_PER_REQUEST = 4;

interface Suspect {
  readonly n: number;
  readonly step: number;
  readonly outcome: Outcome;
  readonly requestId: string;
}

/**
 * Carries out what is left to do. Every outcome is in the ledger when it returns or throws.
 *
 * @returns when each row has come to its end, or the run was stopped from outside.
 * @throws {OperationError} when the run cannot go on; the rows that were not sent stay `pending`.
 */
export async function provision(work: Iterable<RowWork>, options: ProvisionOptions): Promise<void> {
  const run = new ProvisionRun(options);
  const limit = pLimit(options.concurrency * ROWS_PER_REQUEST);
  const inHand = new Set<Promise<void>>();
  for (const row of work) {
    if (options.halt.signal.aborted) break;
    const task = limit(() => run.carryRow(row)).finally(() => inHand.delete(task));
    inHand.add(task);
    if (inHand.size >= limit.concurrency) await Promise.race(inHand);
  }
  await Promise.all(inHand);
  await run.end();
}

class ProvisionRun {
  readonly #options: ProvisionOptions;
  readonly #health = new ServiceHealth();
  /** Rows that were forbidden since the last success. */
  #suspects: Suspect[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ProvisionOptions) {
    this.#options = options;
  }

  /** Never rejects: a failure stops the run and is thrown by {@link end}, after the rows in hand have ended. */
  async carryRow(row: RowWork): Promise<void> {
    try {
      await this.#carryActions(row);
      this.#options.onRowEnd();
    } catch (error) {
      if (!(error instanceof Stopped)) this.#fail(error);
    }
  }

  async end(): Promise<void> {
    const outcome = this.#failure === undefined ? this.#health.allForbidden() : undefined;
    if (outcome !== undefined && this.#suspects.length > 0 && !this.#options.halt.signal.aborted) {
      this.#fail(writesForbidden(outcome));
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!this.#options.halt.signal.aborted) await this.#condemnSuspects();
  }

  async #carryActions(row: RowWork): Promise<void> {
    let deviceId = row.deviceId;
    for (const action of row.actions) {
      if (action.state === 'refused') return;
      if (action.state === 'done' || action.state === 'already') {
        deviceId = deviceAfter(action, deviceId);
        continue;
      }
      const target = action.target ?? { deviceId, userId: row.userId };
      const end = await carryOut(row, action, actionKind(action.kind), target, {
        ...this.#options,
        observe: (outcome) => this.#observe(outcome),
      });
      if (end.kind === 'forbidden') {
        this.#suspects.push({ n: row.n, step: action.step, outcome: end.outcome, requestId: end.requestId });
        return;
      }
      if (end.kind === 'stopped') return;
      deviceId = deviceAfter({ ...action, deviceId: end.deviceId }, deviceId);
      await this.#condemnSuspects();
    }
  }

  #observe(outcome: Outcome): void {
    const health = this.#health.observe(outcome);
    if (health.kind === 'forbidden') this.#fail(writesForbidden(health.outcome));
    if (health.kind === 'failing') this.#fail(serviceFails(health.outcome));
  }

  /** A success shows that the permission is there, so those that were forbidden before it were so for good. */
  async #condemnSuspects(): Promise<void> {
    const suspects = this.#suspects;
    this.#suspects = [];
    const { ledger, runId, clock } = this.#options;
    await Promise.all(
      suspects.map(({ n, step, outcome, requestId }) =>
        ledger.settled({
          runId,
          n,
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
        }),
      ),
    );
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
