// What came of one request to Microsoft Graph, as a value. Pure. It sorts by status class, because the error
// codes of these operations are not documented (graph-api.md, section 8).

import { claimsChallenge } from './claims-challenge.js';
import { parseGraphError, parseJson } from './error-body.js';
import { parseRetryAfter } from './retry-after.js';
import type { HttpAnswer, HttpResult } from './transport.js';

/** The ids by which Microsoft's support finds a request. */
export interface RequestIds {
  /** Ours, sent as `client-request-id`. */
  readonly clientRequestId: string;
  /** The service's `request-id`; empty when no answer came. */
  readonly requestId: string;
}

export type GraphAnswer = RequestIds &
  (
    | { readonly kind: 'success'; readonly status: number; readonly body: unknown }
    /** A status of success with a body that is no JSON: it took effect, most likely, and nothing proves it. */
    | { readonly kind: 'garbled'; readonly status: number }
    | {
        readonly kind: 'throttled';
        readonly status: 429;
        /** Absent when the service named no time. */
        readonly retryAfterSeconds?: number;
        /** `x-ms-throttle-scope` and `x-ms-throttle-information`, when present. */
        readonly scope?: string;
      }
    | {
        readonly kind: 'refused';
        readonly status: number;
        readonly code: string;
        readonly message: string;
        /** What a new token has to answer before the request is taken, as JSON. */
        readonly claims?: string;
      }
    | {
        readonly kind: 'failed';
        readonly status: number;
        readonly code: string;
        readonly message: string;
        readonly retryAfterSeconds?: number;
      }
    | { readonly kind: 'not-sent'; readonly reason: string }
    | { readonly kind: 'lost'; readonly reason: string }
  );

function throttleScope(headers: HttpAnswer['headers']): { readonly scope?: string } {
  const scope = [headers['x-ms-throttle-scope'], headers['x-ms-throttle-information']]
    .filter((part) => part !== undefined)
    .join(' ');
  return scope === '' ? {} : { scope };
}

/**
 * Sorts one HTTP result.
 *
 * @param nowWallMs - the wall clock, for a Retry-After in the form of a date.
 */
export function toGraphAnswer(result: HttpResult, clientRequestId: string, nowWallMs: number): GraphAnswer {
  if (result.kind !== 'answer') return { ...result, clientRequestId, requestId: '' };
  const { status, headers, body, bytes } = result;
  const requestId = headers['request-id'] ?? '';
  if (status >= 200 && status < 300) {
    const json = bytes === undefined ? parseJson(body) : bytes.read();
    return json === undefined
      ? { kind: 'garbled', status, clientRequestId, requestId }
      : { kind: 'success', status, body: json.value, clientRequestId, requestId };
  }
  return unsuccessful(result, { clientRequestId, requestId }, nowWallMs);
}

function unsuccessful(
  { status, headers, body }: HttpAnswer,
  ids: RequestIds,
  nowWallMs: number,
): GraphAnswer {
  const retryAfter = parseRetryAfter(headers['retry-after'], nowWallMs);
  const wait = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter };

  if (status === 429) return { ...ids, kind: 'throttled', status, ...wait, ...throttleScope(headers) };
  const { requestId, ...error } = parseGraphError(status, body);
  const traced: RequestIds = ids.requestId === '' ? { ...ids, requestId } : ids;
  // A redirect is never followed, and a request time-out (408) says that nothing was processed for sure only
  // of requests that were not read: both are treated like a failing server.
  if (status >= 500 || status === 408 || status < 400)
    return { ...traced, kind: 'failed', status, ...error, ...wait };
  const claims = claimsChallenge(headers['www-authenticate']);
  return { ...traced, kind: 'refused', status, ...error, ...(claims === undefined ? {} : { claims }) };
}
