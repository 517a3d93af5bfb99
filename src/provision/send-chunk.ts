// Sends one chunk until there is an answer to it, or it is in doubt. Its rows' intents are durable before it leaves,
// as those of a single request. What the answer means for each row is found out elsewhere, by the list.

import { isoTime } from '../clock.js';
import { INVENTORY_PATH } from '../graph/endpoints.js';
import { notSignedIn } from '../graph/failures.js';
import { rowWaitMs } from '../graph/gate.js';
import type { SettledRecord } from '../ledger/ledger.js';
import type { AttemptOptions } from './attempt.js';
import { type ChunkRow, chunkBody, stepsOf } from './chunk.js';
import { judge, type Outcome } from './outcome.js';

/** What became of a chunk as a whole. */
export interface Answered {
  /**
   * - `accepted`, `lost`, `refused`: any of its rows may have had its effect; nobody says that a refusal is of all or
   *   nothing.
   * - `too-large`, `unknown`, `unsent`: certainly none had; the service does not know such requests, when `unknown`.
   */
  readonly kind: 'accepted' | 'lost' | 'refused' | 'too-large' | 'unknown' | 'unsent';
  readonly outcome: Outcome;
  readonly requestId: string;
  /** When the request left, on the monotonic clock. */
  readonly sentAtMs: number;
  /** Of an accepted one. */
  readonly body: unknown;
}

const PAYLOAD_TOO_LARGE = 413;

/** No such address, or no such method at it. */
const UNKNOWN_REQUEST: ReadonlySet<number> = new Set([404, 405]);

export type Settled = Pick<SettledRecord, 'outcome' | 'state'> & Partial<SettledRecord>;

/** Records the same for all steps of these rows that a chunk carries out. */
export async function recordRows(
  { ledger, runId, clock }: AttemptOptions,
  rows: readonly ChunkRow[],
  settled: Settled,
): Promise<void> {
  const steps = rows.flatMap((row) => stepsOf(row).map(({ step }) => ({ n: row.n, step })));
  await Promise.all(
    steps.map(({ n, step }) =>
      ledger.settled({
        ...{ runId, n, step, at: isoTime(clock.wallMs()), deviceId: '' },
        // A chunk says nothing of its rows until the list shows them: it counts as no attempt before.
        ...{ status: 0, requestId: '', reason: '', detail: '', counts: false },
        ...settled,
      }),
    ),
  );
}

/** What a record says of an answer to a whole chunk. */
export function said({
  outcome,
  requestId,
}: Pick<Answered, 'outcome' | 'requestId'>): Pick<
  SettledRecord,
  'status' | 'requestId' | 'reason' | 'detail'
> {
  const { status, reason, detail } = outcome;
  return { status, requestId, reason, detail };
}

/**
 * Sends these rows in one request. Throttled ones go out again when the service asks for it.
 *
 * @param inDoubt - an earlier request may have had its effect on any of these rows.
 * @throws {Stopped} when the run was stopped; the ledger holds what is known.
 * @throws {OperationError} `not-signed-in`.
 */
export async function sendChunk(
  chunk: readonly ChunkRow[],
  inDoubt: boolean,
  options: AttemptOptions,
): Promise<Answered> {
  const { client, ledger, clock, random, retries, runId, attemptsMax, observe } = options;
  for (let failures = 0; ; ) {
    let sentAtMs = 0;
    const answer = await client.write({
      method: 'PATCH',
      path: INVENTORY_PATH,
      body: () => chunkBody(chunk),
      beforeSending: async (clientRequestId) => {
        const at = isoTime(clock.wallMs());
        const intents = chunk.flatMap((row) => stepsOf(row).map(({ step }) => ({ n: row.n, step })));
        await Promise.all(intents.map((intent) => ledger.sent({ runId, ...intent, at, clientRequestId })));
        sentAtMs = clock.monotonicMs();
      },
    });
    const outcome = judge(answer);
    const body = answer.kind === 'success' ? answer.body : undefined;
    const answered = { outcome, requestId: answer.requestId, sentAtMs, body };
    const rest = inDoubt ? ({ state: 'sent', reason: '' } as const) : ({ state: 'pending' } as const);
    const unsent = { outcome: 'transient', ...said(answered), ...rest } as const;
    switch (outcome.kind) {
      case 'done':
        return { ...answered, kind: 'accepted' };
      case 'ambiguous':
        return { ...answered, kind: 'lost' };
      case 'refused':
        if (outcome.status === PAYLOAD_TOO_LARGE || UNKNOWN_REQUEST.has(outcome.status)) {
          await recordRows(options, chunk, unsent);
          return { ...answered, kind: outcome.status === PAYLOAD_TOO_LARGE ? 'too-large' : 'unknown' };
        }
        return { ...answered, kind: 'refused' };
      case 'throttled':
        observe(outcome);
        await recordRows(options, chunk, { ...unsent, outcome: 'throttled' });
        await client.pause(rowWaitMs(outcome.retryAfterSeconds));
        continue;
      case 'unauthenticated':
        await recordRows(options, chunk, unsent);
        throw notSignedIn(outcome.detail);
      case 'forbidden':
        // Whether the rows or the permission are to blame is found out by single requests.
        await recordRows(options, chunk, unsent);
        return { ...answered, kind: 'unsent' };
      case 'transient':
        observe(outcome);
        await recordRows(options, chunk, unsent);
        failures += 1;
        // A 404 may pass; there is no token in it that could be missing.
        if (UNKNOWN_REQUEST.has(outcome.status) && failures > 1) return { ...answered, kind: 'unknown' };
        if (failures >= attemptsMax) return { ...answered, kind: 'unsent' };
        await client.pause(retries.waitMs(failures, random.next(), outcome.retryAfterSeconds));
    }
  }
}
