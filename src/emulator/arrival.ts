// A request as it comes in, understood as far as the edge needs: its operation, the operations of a `$batch`,
// or why it gets no further. Nothing is carried out here.

import type { Authority } from './authority.js';
import { parseBatch, type SubRequest } from './batch.js';
import type { Target } from './faults.js';
import {
  badRequest,
  type GraphFault,
  graphFault,
  isFault,
  type Trace,
  unauthenticated,
} from './graph-error.js';
import type { Caller } from './issued-tokens.js';
import type { EmulatorRequest } from './reply.js';
import { type Match, match } from './router.js';
import type { EmulatorSettings } from './settings.js';

/** One operation as it reaches the service. */
export interface Operation {
  readonly method: string;
  /** Below the root, without the query. */
  readonly path: string;
  readonly query: string;
  readonly root: string;
  readonly body: Body;
}

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly fault: GraphFault };

/** A request at the edge. */
export interface Arrival {
  readonly trace: Trace;
  readonly root: string;
  readonly target: Target;
  readonly content: Content;
  /** Who calls, when there is a sign-in service that knows. */
  readonly caller: Caller | undefined;
}

/** What a request asks for. */
export type Content =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'batch'; readonly requests: readonly SubRequest[] }
  | { readonly kind: 'refused'; readonly fault: GraphFault };

/** POST, PATCH, PUT and DELETE cost a write: graph-api.md, section 5.1. */
export function isWrite(method: string): boolean {
  return method !== 'GET';
}

/** The body of a request, understood. Writes need `Content-Type: application/json` (graph-api.md, section 3). */
function parseBody(text: string, contentType: string | undefined): Body {
  if (text === '') return { kind: 'none' };
  if (!/^application\/json\b/i.test(contentType ?? '')) {
    const fault = graphFault(415, 'UnsupportedMediaType', 'The Content-Type is not application/json.');
    return { kind: 'unreadable', fault };
  }
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the text, and the text may hold a secret.
    return {
      kind: 'unreadable',
      fault: graphFault(400, 'BadRequest', 'Unable to read JSON request payload.'),
    };
  }
}

/** What a fault may depend on. */
export function targetOf(operation: Operation, found: Match | GraphFault): Target {
  return {
    method: operation.method,
    path: operation.query === '' ? operation.path : `${operation.path}?${operation.query}`,
    isWrite: isWrite(operation.method),
    namesObject: !isFault(found) && found.params.size > 0,
  };
}

/** Understands a request. The trace is given, because ids are drawn by the caller. */
export function understand(
  request: EmulatorRequest,
  settings: EmulatorSettings,
  { requestId, wallMs }: Pick<Trace, 'requestId' | 'wallMs'>,
  authority: Authority | undefined,
): Arrival {
  const headers = lowerCaseNames(request.headers);
  const { version, path, query } = splitPath(request.path);
  const root = `${headers.get('x-forwarded-proto') ?? 'http'}://${headers.get('host') ?? 'localhost'}/beta`;
  const method = request.method.toUpperCase();
  const body = parseBody(request.body, headers.get('content-type'));
  const operation: Operation = { method, path, query, root, body };
  const caller = authority?.callerOf(headers.get('authorization'));
  const isUnknown = authority !== undefined && caller === undefined;
  const fault = isUnknown ? unauthenticated() : refusal(headers, version, settings);
  const content: Content = fault === undefined ? contentOf(operation) : { kind: 'refused', fault };
  const target = targetOf(operation, match(method, path, settings.me));
  const isWriting =
    content.kind === 'batch' ? content.requests.some((one) => isWrite(one.method)) : target.isWrite;
  return {
    trace: { requestId, clientRequestId: headers.get('client-request-id') ?? requestId, wallMs },
    root,
    target: { ...target, isWrite: isWriting },
    content,
    caller,
  };
}

function refusal(
  headers: ReadonlyMap<string, string>,
  version: string,
  { requireToken }: EmulatorSettings,
): GraphFault | undefined {
  if (requireToken !== undefined && headers.get('authorization') !== `Bearer ${requireToken}`) {
    return unauthenticated();
  }
  // There is nothing in v1.0: graph-api.md, section 1.
  return version === 'beta' ? undefined : badRequest('Only the beta endpoint is rehearsed.');
}

function contentOf(operation: Operation): Content {
  if (operation.path.toLowerCase() !== '/$batch' || operation.method !== 'POST') {
    return { kind: 'operation', operation };
  }
  const { body } = operation;
  const requests = parseBatch(body.kind === 'json' ? body.value : undefined);
  return isFault(requests) ? { kind: 'refused', fault: requests } : { kind: 'batch', requests };
}

/**
 * An operation of a `$batch`, whose address is relative and has no version (graph-api.md, section 6). A batch
 * inside a batch has no route, so it is refused like any other unknown address.
 */
export function innerOperation(request: SubRequest, root: string): Operation {
  const { path, query } = splitPath(`/beta/${request.url.replace(/^\//, '')}`);
  const text = request.body === undefined || request.body === null ? '' : JSON.stringify(request.body);
  const contentType = lowerCaseNames(request.headers ?? {}).get('content-type');
  return { method: request.method, path, query, root, body: parseBody(text, contentType) };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** `/beta/users?$top=5` is the path `/users` of the version `beta` with the query `$top=5`. */
function splitPath(target: string): {
  readonly version: string;
  readonly path: string;
  readonly query: string;
} {
  const [, version = '', path = '', query = ''] = /^\/([^/?]*)([^?]*)\??(.*)$/s.exec(target) ?? [];
  return { version: version.toLowerCase(), path, query };
}
