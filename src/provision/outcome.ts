// The outcome table: what the answer to a write means for the row. Pure. It keys on the status class and not
// on error codes, which are not documented for these operations (graph-api.md, section 8.2).

import { assertNever } from '../errors.js';
import type { GraphAnswer } from '../graph/answer.js';

/**
 * - `done`: it took effect.
 * - `throttled`: it certainly had no effect, and says nothing about the row. It is sent again when the time
 *   that the service asked for has passed, and uses up none of the row's attempts.
 * - `transient`: it certainly had no effect, and may be sent again.
 * - `ambiguous`: it may have taken effect. A read decides before anything is sent again.
 * - `refused`: the service will not do it. A read decides whether that is because it is so already.
 * - `unauthenticated`, `forbidden`: it certainly had no effect; whether the row or the run is to blame is
 *   decided by what happens to the others.
 */
export type OutcomeKind =
  | 'done'
  | 'throttled'
  | 'transient'
  | 'ambiguous'
  | 'refused'
  | 'forbidden'
  | 'unauthenticated';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** A stable code for the report; empty when done. */
  readonly reason: string;
  /** What the service or the network said; empty when done. */
  readonly detail: string;
  /** Seconds that the service asks to wait before this row is tried again. */
  readonly retryAfterSeconds?: number;
}

/** Documented to have had no effect and to be worth repeating: https://learn.microsoft.com/graph/errors */
const CONCURRENCY_CODE = 'Directory_ConcurrencyViolation';

/** The table. */
export function judge(answer: GraphAnswer): Outcome {
  switch (answer.kind) {
    case 'success':
      return { kind: 'done', status: answer.status, reason: '', detail: '' };
    case 'garbled':
      // A success whose body cannot be read is no proof (a captive portal answers 200 as well).
      return {
        kind: 'ambiguous',
        status: answer.status,
        reason: 'answer-unreadable',
        detail: `HTTP ${answer.status} with a body that is not JSON`,
      };
    case 'throttled':
      return {
        kind: 'throttled',
        status: 429,
        reason: 'throttled',
        detail: answer.scope ?? '',
        ...(answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
      };
    case 'refused':
      return judgeRefusal(answer.status, answer.code, answer.message);
    case 'failed':
      return {
        kind: 'ambiguous',
        status: answer.status,
        reason: 'service-failed',
        detail: describe(answer.status, answer.code, answer.message),
        ...(answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
      };
    case 'not-sent':
      return { kind: 'transient', status: 0, reason: 'not-connected', detail: answer.reason };
    case 'lost':
      return { kind: 'ambiguous', status: 0, reason: 'answer-lost', detail: answer.reason };
    default:
      return assertNever(answer);
  }
}

function judgeRefusal(status: number, code: string, message: string): Outcome {
  const detail = describe(status, code, message);
  if (status === 401) return { kind: 'unauthenticated', status, reason: 'not-signed-in', detail };
  if (status === 403) return { kind: 'forbidden', status, reason: 'forbidden', detail };
  if (status === 409 && code === CONCURRENCY_CODE) {
    return { kind: 'transient', status, reason: 'concurrency', detail };
  }
  // What was created or changed a moment ago may not be visible yet (graph-api.md, section 7).
  if (status === 404) return { kind: 'transient', status, reason: 'not-found', detail };
  return { kind: 'refused', status, reason: 'refused', detail };
}

function describe(status: number, code: string, message: string): string {
  const head = code === `HTTP ${status}` || code === '' ? `HTTP ${status}` : `HTTP ${status} ${code}`;
  return message === '' ? head : `${head}: ${message}`;
}
