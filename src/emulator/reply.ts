// From an answer to what goes over the wire: headers and body. Nothing is decided here.

import type { Answer } from './call.js';
import { errorBody, isFault, type Trace } from './graph-error.js';

/** One request as it comes in. */
export interface EmulatorRequest {
  readonly method: string;
  /** With the query: `/beta/users?$top=5`. */
  readonly path: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the client sees: an answer, or a connection that breaks. */
export type EmulatorReply = AnswerReply | { readonly kind: 'reset' };

export interface AnswerReply {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

const DIAGNOSTIC = JSON.stringify({
  ServerInfo: { DataCenter: 'Rehearsal', Slice: 'E', Ring: '0', ScaleUnit: '000' },
});

/** The body of an answer; `undefined` for 204. */
export function bodyOf(answer: Answer, trace: Trace): Readonly<Record<string, unknown>> | undefined {
  return isFault(answer) ? errorBody(answer, trace) : answer.body;
}

/** The headers that belong to one operation, inside a `$batch` as well. */
export function ownHeaders(answer: Answer, hasBody: boolean): Readonly<Record<string, string>> {
  const special = isFault(answer) ? answer.headers : undefined;
  return { ...(hasBody ? { 'content-type': JSON_TYPE } : {}), ...special };
}

/** The headers that every answer has: graph-api.md, sections 5.2 and 8.1. */
function traceHeaders(trace: Trace): Readonly<Record<string, string>> {
  return {
    'request-id': trace.requestId,
    'client-request-id': trace.clientRequestId,
    'x-ms-ags-diagnostic': DIAGNOSTIC,
    date: new Date(trace.wallMs).toUTCString(),
  };
}

export function replyOf(answer: Answer, trace: Trace): AnswerReply {
  const body = bodyOf(answer, trace);
  const headers = { ...traceHeaders(trace), ...ownHeaders(answer, body !== undefined) };
  const cost: Readonly<Record<string, string>> = isFault(answer) ? {} : { 'x-ms-resource-unit': '1' };
  return {
    kind: 'answer',
    status: answer.status,
    headers: { ...headers, ...cost },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

/** What a broken gateway says: not JSON, and not the service's words. */
export function garbageReply(status: number, trace: Trace): AnswerReply {
  return {
    kind: 'answer',
    status: status === 204 ? 200 : status,
    headers: { ...traceHeaders(trace), 'content-type': 'text/html' },
    body: '<html><head><title>Gateway</title></head><body>An error occurred.</body></html>',
  };
}

/** `Retry-After` for `retry-after`: inside a `$batch`, names are written as Microsoft writes them. */
export function writtenName(name: string): string {
  return name.startsWith('x-') ? name : name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
