// One action of one row, carried out until it is settled: intent recorded, request sent, answer judged, doubt
// removed by a read. The only place that moves an action from state to state.

import type { Clock } from '../clock.js';
import { isoTime } from '../clock.js';
import { assertNever, invariant } from '../errors.js';
import type { GraphAnswer } from '../graph/answer.js';
import { backOffMs } from '../graph/back-off.js';
import type { GraphClient } from '../graph/client.js';
import { decodeDevice } from '../graph/device.js';
import { assignBody, type CreateDevice, INVENTORY_PATH, userMethodsPath } from '../graph/endpoints.js';
import { notSignedIn } from '../graph/failures.js';
import { Stopped } from '../graph/limiter.js';
import type { ActionState, Ledger, LedgerAction, SettledRecord } from '../ledger/ledger.js';
import type { TokenDetails } from '../manifest/row.js';
import type { ActionKind } from '../plan/plan.js';
import type { Random } from '../random.js';
import { judge, type Outcome } from './outcome.js';
import { settle } from './settle.js';

/** What an attempt needs to know of its row. */
export interface RowFacts {
  readonly n: number;
  readonly serialNumber: string;
  readonly userId: string;
  /** Present when the manifest has the token's details; needed to create it. */
  readonly token?: TokenDetails;
}

export interface AttemptOptions {
  readonly runId: string;
  readonly client: GraphClient;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  /** How often an action is sent before it is given up; being throttled does not count. */
  readonly attemptsMax: number;
  /** Told of every outcome, so that the run can stop when the service is to blame. */
  readonly observe: (outcome: Outcome) => void;
}

/** How an action ended. */
export type ActionEnd =
  | { readonly kind: 'done'; readonly deviceId: string }
  /** The row ends here; the ledger says why. */
  | { readonly kind: 'stopped' }
  /** 403: whether it is final depends on what the other rows meet. */
  | { readonly kind: 'forbidden'; readonly outcome: Outcome; readonly requestId: string };

type Settled = Pick<SettledRecord, 'outcome' | 'state'> & Partial<SettledRecord>;

/**
 * Carries out one action.
 *
 * @throws {Stopped} when the run was stopped; the ledger holds what is known.
 * @throws {OperationError} when the run cannot go on.
 */
export async function carryOut(
  row: RowFacts,
  action: LedgerAction,
  kind: ActionKind,
  deviceId: string,
  options: AttemptOptions,
): Promise<ActionEnd> {
  const { client, ledger, clock, random, runId } = options;
  const settleRequest = { kind, serialNumber: row.serialNumber, userId: row.userId, deviceId };
  const record = (settled: Settled): Promise<void> =>
    ledger.settled({
      runId,
      n: row.n,
      step: action.step,
      at: isoTime(clock.wallMs()),
      status: 0,
      requestId: '',
      deviceId: '',
      reason: '',
      detail: '',
      counts: false,
      ...settled,
    });

  let inDoubt = action.state === 'sent';
  // Whether any request of this action may have taken effect, unseen as yet: late, or behind a list that lags.
  let wasInDoubt = inDoubt;
  let last: Outcome = {
    kind: 'ambiguous',
    status: 0,
    reason: 'answer-lost',
    detail: 'the run ended before the answer',
  };
  let requestId = action.requestId;

  for (let sent = 0; ; ) {
    if (inDoubt) {
      const found = await settle(client, clock, settleRequest, 'short');
      if (found.kind === 'so') {
        await record({ outcome: 'done', state: 'done', deviceId: found.deviceId, requestId });
        options.observe({ kind: 'done', status: last.status, reason: '', detail: '' });
        return { kind: 'done', deviceId: found.deviceId };
      }
      if (found.kind === 'held-by-other') {
        await record({ ...heldByOther(found.holderId), requestId });
        return { kind: 'stopped' };
      }
      // A read that was cut short by a stop proves nothing: the doubt stays in the ledger.
      if (client.signal.aborted) throw new Stopped('the run was stopped before a doubt was settled');
      await record({
        outcome: 'transient',
        state: 'pending',
        reason: last.reason,
        detail: last.detail,
        requestId,
      });
      inDoubt = false;
    }
    if (sent >= options.attemptsMax) {
      await record({
        // Given up is what certainly had no effect. Of the rest the lists tell in the end, or nobody knows.
        ...(wasInDoubt ? { outcome: 'ambiguous', state: 'sent' } : { outcome: 'refused', state: 'given-up' }),
        reason: last.reason,
        detail: last.detail,
        requestId,
      });
      return { kind: 'stopped' };
    }

    const answer = await client.write({
      method: 'POST',
      path: kind === 'create' ? INVENTORY_PATH : userMethodsPath(row.userId),
      body: () => (kind === 'create' ? createBody(row) : assignBody(deviceId)),
      beforeSending: (clientRequestId) =>
        ledger.sent({ runId, n: row.n, step: action.step, at: isoTime(clock.wallMs()), clientRequestId }),
    });
    const outcome = withProof(kind, answer, judge(answer));
    requestId = answer.requestId;
    last = outcome;
    const said = { status: outcome.status, requestId, reason: outcome.reason, detail: outcome.detail };
    options.observe(outcome);

    switch (outcome.kind) {
      case 'done': {
        const id = createdId(answer) ?? deviceId;
        await record({ ...said, outcome: 'done', state: 'done', deviceId: id, counts: true });
        return { kind: 'done', deviceId: id };
      }
      case 'throttled':
        await record({ ...said, outcome: 'throttled', state: 'pending' });
        continue;
      case 'transient':
        await record({ ...said, outcome: 'transient', state: 'pending', counts: true });
        break;
      case 'ambiguous':
        await record({ ...said, outcome: 'ambiguous', state: 'sent', counts: true });
        inDoubt = true;
        wasInDoubt = true;
        break;
      case 'refused': {
        // It stays in doubt until a read has said why: a run that ends in between goes on from here.
        await record({ ...said, outcome: 'refused', state: 'sent', counts: true });
        const found = await settle(client, clock, settleRequest, patienceFor(outcome, wasInDoubt, kind));
        if (found.kind === 'not-so') {
          if (client.signal.aborted) throw new Stopped('the run was stopped before a refusal was explained');
          await record({ ...said, outcome: 'refused', state: 'refused' });
          return { kind: 'stopped' };
        }
        if (found.kind === 'held-by-other') {
          await record({ ...heldByOther(found.holderId), requestId });
          return { kind: 'stopped' };
        }
        await record({ outcome: 'already', state: 'already', deviceId: found.deviceId, requestId });
        return { kind: 'done', deviceId: found.deviceId };
      }
      case 'forbidden':
        await record({ ...said, outcome: 'refused', state: 'pending', counts: true });
        return { kind: 'forbidden', outcome, requestId };
      case 'unauthenticated':
        await record({ ...said, outcome: 'transient', state: 'pending' });
        throw notSignedIn(outcome.detail);
      default:
        assertNever(outcome.kind);
    }
    sent += 1;
    await clock.sleep(backOffMs(sent, random.next(), outcome.retryAfterSeconds), client.signal);
  }
}

/**
 * How long to look for the reason of a refusal. What may be there already, because it was sent before or because
 * the service speaks of a conflict, has to be found although lists lag, or its row is told as refused; and a
 * token that is not found ends its row.
 */
function patienceFor(outcome: Outcome, wasInDoubt: boolean, kind: ActionKind): 'once' | 'short' | 'long' {
  if (wasInDoubt || outcome.status === 409) return 'long';
  return kind === 'create' ? 'short' : 'once';
}

function heldByOther(holderId: string): {
  outcome: string;
  state: ActionState;
  reason: string;
  detail: string;
} {
  return {
    outcome: 'refused',
    state: 'refused',
    reason: 'held-by-other',
    detail: `The token was given to another user (${holderId}) while the run was under way.`,
  };
}

/** The id of a token that was created, when the answer tells it. */
function createdId(answer: GraphAnswer): string | undefined {
  if (answer.kind !== 'success') return undefined;
  const device = decodeDevice(answer.body);
  return device === undefined || device.serialNumber === '' ? undefined : device.id;
}

/** A token that was created without its id being told is in doubt: the next action needs the id. */
function withProof(kind: ActionKind, answer: GraphAnswer, outcome: Outcome): Outcome {
  if (kind === 'assign' || outcome.kind !== 'done' || createdId(answer) !== undefined) return outcome;
  return { ...outcome, kind: 'ambiguous', reason: 'answer-unreadable', detail: 'the answer names no token' };
}

function createBody(row: RowFacts): CreateDevice {
  invariant(row.token !== undefined, `row ${row.n} is to be created and has no token details`);
  return {
    serialNumber: row.serialNumber,
    manufacturer: row.token.manufacturer,
    model: row.token.model,
    secretKey: row.token.secretKey.reveal(),
    timeIntervalInSeconds: row.token.timeIntervalInSeconds,
    hashFunction: row.token.hashFunction,
  };
}
