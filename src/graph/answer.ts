// What came of one request to Microsoft Graph, as a value. Pure. It sorts by status class, because the error
// codes of these operations are not documented (graph-api.md, section 8).

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
    | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string }
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

/** An error message that goes into a report is bounded; a proxy's error page is not a sentence. */
const MESSAGE_CHARACTERS_MAX = 300;

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Microsoft writes both innerError and innererror (graph-api.md, section 8.1).
  const found = Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `undefined` when the text is not JSON; an empty body is `null`, as that of 204 is. */
function parseJson(body: string): { readonly value: unknown } | undefined {
  if (body.trim() === '') return { value: null };
  try {
    return { value: JSON.parse(body) };
  } catch {
    // Not JSON is an expected outcome: the caller decides what it means for this status.
    return undefined;
  }
}

/** The documented error shape, or the status alone when the body is something else. */
export function parseGraphError(
  status: number,
  body: string,
): { readonly code: string; readonly message: string } {
  const error = property(parseJson(body)?.value, 'error');
  const code = text(property(error, 'code'));
  const message = text(property(error, 'message')).replaceAll(/\s+/g, ' ').slice(0, MESSAGE_CHARACTERS_MAX);
  return { code: code === '' ? `HTTP ${status}` : code, message };
}

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
  const { status, headers, body } = result;
  const ids: RequestIds = { clientRequestId, requestId: headers['request-id'] ?? '' };
  const retryAfter = parseRetryAfter(headers['retry-after'], nowWallMs);
  const wait = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter };

  if (status === 429) return { ...ids, kind: 'throttled', status, ...wait, ...throttleScope(headers) };
  if (status >= 200 && status < 300) {
    const json = parseJson(body);
    return json === undefined
      ? { ...ids, kind: 'garbled', status }
      : { ...ids, kind: 'success', status, body: json.value };
  }
  const error = parseGraphError(status, body);
  // A redirect is never followed, and a request time-out (408) says that nothing was processed for sure only
  // of requests that were not read: both are treated like a failing server.
  if (status >= 500 || status === 408 || status < 400)
    return { ...ids, kind: 'failed', status, ...error, ...wait };
  return { ...ids, kind: 'refused', status, ...error };
}
