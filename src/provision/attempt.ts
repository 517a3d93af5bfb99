// One action of one row, carried out until it is settled: intent recorded, request sent, answer judged, doubt
// removed by a read. The only place that moves an action from state to state.

import type { Clock } from '../clock.js';
import { isoTime } from '../clock.js';
import { assertNever } from '../errors.js';
import type { GraphAnswer } from '../graph/answer.js';
import type { GraphClient } from '../graph/client.js';
import { decodeDevice } from '../graph/device.js';
import { notSignedIn } from '../graph/failures.js';
import { rowWaitMs } from '../graph/gate.js';
import { Stopped } from '../graph/limiter.js';
import type { ActionState, Ledger, LedgerAction, SettledRecord } from '../ledger/ledger.js';
import type { ActionKind, ActionTarget } from '../plan/action.js';
import type { Random } from '../random.js';
import { awayFromEdgeMs, untilNextCodeMs } from './activation-code.js';
import { judge, type Outcome } from './outcome.js';
import { detailsOf, type RowFacts, requestOf } from './request.js';
import type { RetryBudget } from './retry-budget.js';
import { settle } from './settle.js';

export interface AttemptOptions {
  readonly runId: string;
  readonly client: GraphClient;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  /** How often an action is sent before it is given up; being throttled does not count. */
  readonly attemptsMax: number;
  /** What may be sent again after failures. */
  readonly retries: RetryBudget;
  /** Told of every outcome, so that the run can stop when the service is to blame. */
  readonly observe: (outcome: Outcome) => void;
}

/** How an action ended. */
export type ActionEnd =
  /** `sentAtMs`: when the write left that succeeded, on the monotonic clock; absent when a read showed it. */
  | { readonly kind: 'done'; readonly deviceId: string; readonly sentAtMs?: number }
  /** The row ends here; the ledger says why. */
  | { readonly kind: 'stopped' }
  /**
   * 403: whether it is final depends on what the other rows meet. `inDoubt`: an earlier request of the action may
   * have taken effect all the same.
   */
  | {
      readonly kind: 'forbidden';
      readonly outcome: Outcome;
      readonly requestId: string;
      readonly inDoubt: boolean;
    };

type Settled = Pick<SettledRecord, 'outcome' | 'state'> &
  Partial<Pick<SettledRecord, 'status' | 'requestId' | 'deviceId' | 'reason' | 'detail' | 'counts'>>;

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
  target: ActionTarget,
  options: AttemptOptions,
): Promise<ActionEnd> {
  const { client, ledger, clock, random, runId } = options;
  const { serialNumber, replacedId = '' } = row;
  const settleRequest = { kind, serialNumber, target, replacedId };
  const request = requestOf(row, kind, target, () => clock.wallMs());
  const computesCode = kind === 'activate' && row.code === undefined;
  // A code is followed by one other at most, in a later step and whatever became of the run in between: more
  // wrong ones could lock the token.
  let mayTryAnotherCode = computesCode && action.attempts === 0 && action.state !== 'sent';
  // Field by field: every write passes here, and an object that is spread over another one costs more than the rest.
  const record = (settled: Settled): Promise<void> =>
    ledger.settled({
      runId,
      n: row.n,
      step: action.step,
      at: isoTime(clock.wallMs()),
      outcome: settled.outcome,
      status: settled.status ?? 0,
      requestId: settled.requestId ?? '',
      state: settled.state,
      deviceId: settled.deviceId ?? '',
      reason: settled.reason ?? '',
      detail: settled.detail ?? '',
      counts: settled.counts ?? false,
    });

  /** Sent by a life of the program that ended before it had noted any answer: nobody has counted it yet. */
  let isUncounted = action.state === 'sent' && action.reason === '';
  let inDoubt = action.state === 'sent';
  // Whether any request of this action may have taken effect, unseen as yet: late, or behind a list that lags. A
  // short look that does not show it is no proof, so the ledger keeps the doubt until the action is settled: what
  // a later life, or a later refusal, makes of it depends on that.
  let wasInDoubt = inDoubt;
  const atRest = (): ActionState => (wasInDoubt ? 'sent' : 'pending');
  let last: Outcome = {
    kind: 'ambiguous',
    status: 0,
    reason: 'answer-lost',
    detail: action.detail === '' ? 'the run ended before the answer' : action.detail,
  };
  let requestId = action.requestId;
  let sentAtMs = 0;

  /** What the row comes to after a refusal; `undefined` when another code may be tried. */
  const explain = async (
    said: Pick<SettledRecord, 'requestId' | 'reason' | 'detail'> & Partial<SettledRecord>,
    patience: 'once' | 'short' | 'long',
  ): Promise<ActionEnd | undefined> => {
    const found = await settle(client, clock, settleRequest, patience);
    if (found.kind === 'so') {
      await record({ outcome: 'already', state: 'already', deviceId: found.deviceId, requestId });
      return { kind: 'done', deviceId: found.deviceId };
    }
    if (found.kind === 'held-by-other') {
      await record({ ...heldByOther(found.holderId), requestId });
      return { kind: 'stopped' };
    }
    if (client.signal.aborted) throw new Stopped('the run was stopped before a refusal was explained');
    if (mayTryAnotherCode) return undefined;
    const reason = kind === 'activate' ? 'code-refused' : said.reason;
    await record({ ...said, outcome: 'refused', state: 'refused', reason });
    return { kind: 'stopped' };
  };

  // The life before was refused, and ended before it had read why. That answer stands: it is not asked for again.
  if (action.state === 'sent' && action.reason === 'refused') {
    const { reason, detail } = action;
    const end = await explain({ requestId, reason, detail }, 'long');
    if (end !== undefined) return end;
  }

  for (let sent = 0; ; ) {
    if (inDoubt) {
      const found = await settle(client, clock, settleRequest, 'short');
      if (found.kind === 'so') {
        const counts = isUncounted;
        await record({ outcome: 'done', state: 'done', deviceId: found.deviceId, requestId, counts });
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
        state: atRest(),
        reason: last.reason,
        detail: last.detail,
        requestId,
      });
      inDoubt = false;
      isUncounted = false;
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
      ...request,
      beforeSending: async (clientRequestId) => {
        if (computesCode) await awaitGoodMoment(row, options);
        const at = isoTime(clock.wallMs());
        await ledger.sent({ runId, n: row.n, step: action.step, at, clientRequestId });
        sentAtMs = clock.monotonicMs();
      },
    });
    const judged = judge(answer);
    const outcome = withDoubt(kind, withProof(kind, answer, judged));
    requestId = answer.requestId;
    last = outcome;
    const { status, reason, detail } = outcome;
    const said = { status, requestId, reason, detail };
    options.observe(judged.status === 404 ? judged : outcome);

    switch (outcome.kind) {
      case 'done': {
        const id = kind === 'create' ? (createdId(answer) ?? '') : target.deviceId;
        // The usual end, without an object that is spread over another one.
        const [state, counts] = ['done', true] as const;
        await record({ outcome: 'done', state, deviceId: id, counts, status, requestId, reason, detail });
        return { kind: 'done', deviceId: id, sentAtMs };
      }
      case 'throttled':
        await record({ ...said, outcome: 'throttled', state: atRest() });
        await clock.sleep(rowWaitMs(outcome.retryAfterSeconds), client.signal);
        continue;
      case 'transient':
        await record({ ...said, outcome: 'transient', state: atRest(), counts: true });
        break;
      case 'ambiguous':
        await record({ ...said, outcome: 'ambiguous', state: 'sent', counts: true });
        inDoubt = true;
        wasInDoubt = true;
        break;
      case 'refused': {
        // It stays in doubt until a read has said why: a run that ends in between goes on from here.
        await record({ ...said, outcome: 'refused', state: 'sent', counts: true });
        const end = await explain(said, patienceFor(outcome, wasInDoubt, kind));
        if (end !== undefined) return end;
        mayTryAnotherCode = false;
        await record({ ...said, outcome: 'transient', state: atRest() });
        await clock.sleep(untilNextCodeMs(detailsOf(row), clock.wallMs()), client.signal);
        continue;
      }
      case 'forbidden':
        await record({ ...forbidden(said, wasInDoubt), outcome: 'refused', state: atRest(), counts: true });
        return { kind: 'forbidden', outcome, requestId, inDoubt: wasInDoubt };
      case 'unauthenticated':
        await record({ ...said, outcome: 'transient', state: atRest() });
        throw notSignedIn(outcome.detail);
      default:
        assertNever(outcome.kind);
    }
    sent += 1;
    await clock.sleep(options.retries.waitMs(sent, random.next(), outcome.retryAfterSeconds), client.signal);
  }
}

/** Words for something that is there already, and not for something that does not exist. */
const SPEAKS_OF_ANOTHER = /(?<!not )exist|duplicate/i;

/**
 * How long to look for the reason of a refusal. What may be there already, because it was sent before or because
 * the service speaks of a conflict, has to be found although lists lag, or its row is told as refused; and a
 * token that is not found ends its row. Which status says that a serial number exists is not documented, and a
 * request that was delivered twice meets its own token: the words of a refusal decide nothing, but they are
 * enough to go on looking (graph-api.md, section 8.3).
 */
function patienceFor(outcome: Outcome, wasInDoubt: boolean, kind: ActionKind): 'once' | 'short' | 'long' {
  if (wasInDoubt || outcome.status === 409 || SPEAKS_OF_ANOTHER.test(outcome.detail)) return 'long';
  return kind === 'create' ? 'short' : 'once';
}

/** What is told of a request that was forbidden after another one whose effect is not known. */
function forbidden<Said extends { readonly detail: string }>(said: Said, inDoubt: boolean): Said {
  return inDoubt ? { ...said, detail: `${said.detail}; an earlier request is in doubt` } : said;
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

/** Waits until the code that is computed next is away from the edges of its step. */
async function awaitGoodMoment(row: RowFacts, { client, clock }: AttemptOptions): Promise<void> {
  await clock.sleep(awayFromEdgeMs(detailsOf(row), clock.wallMs()), client.signal);
  if (client.signal.aborted) throw new Stopped('the run was stopped before a code was computed');
}

/** What is to be taken away and is not found may be gone: a read decides. */
function withDoubt(kind: ActionKind, outcome: Outcome): Outcome {
  const takesAway = kind === 'unassign' || kind === 'delete';
  return takesAway && outcome.status === 404 ? { ...outcome, kind: 'ambiguous' } : outcome;
}

/** A token that was created without its id being told is in doubt: the next action needs the id. */
function withProof(kind: ActionKind, answer: GraphAnswer, outcome: Outcome): Outcome {
  if (kind !== 'create' || outcome.kind !== 'done' || createdId(answer) !== undefined) return outcome;
  return { ...outcome, kind: 'ambiguous', reason: 'answer-unreadable', detail: 'the answer names no token' };
}
