// The ways in which an operation is refused, with the status, code and message of each. Where no code is
// documented, the mapping is the assumption of graph-api.md, section 8.3. No message repeats a value that
// was sent, because a value could be a secret.

/** A refusal. Expected, so a value and not an exception. */
export interface GraphFault {
  readonly kind: 'fault';
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Beside the headers that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function isFault(value: object): value is GraphFault {
  return 'kind' in value && value.kind === 'fault';
}

export function graphFault(
  status: number,
  code: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): GraphFault {
  return headers === undefined
    ? { kind: 'fault', status, code, message }
    : { kind: 'fault', status, code, message, headers };
}

/** What the caller asked for cannot be (graph-api.md, section 8.3). */
export function badRequest(message: string): GraphFault {
  return graphFault(400, 'badRequest', message);
}

/** No such object, or none that has been propagated yet (graph-api.md, section 8.3). */
export function notFound(what: 'device' | 'method'): GraphFault {
  const type = what === 'device' ? 'hardware OATH token device' : 'hardware OATH method';
  return graphFault(404, 'resourceNotFound', `The ${type} does not exist.`);
}

/** How Entra answers for a user, group or other directory object. */
export function userNotFound(): GraphFault {
  const message = 'Resource does not exist or one of its queried reference-property objects are not present.';
  return graphFault(404, 'Request_ResourceNotFound', message);
}

/** On `/users/{id}/authentication/*`: graph-api.md, section 8.2. */
export function accessDenied(): GraphFault {
  return graphFault(403, 'accessDenied', 'Request Authorization failed');
}

/** On everything else: graph-api.md, section 8.2. */
export function insufficientPrivileges(): GraphFault {
  return graphFault(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

export function unauthenticated(): GraphFault {
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
  return graphFault(401, 'InvalidAuthenticationToken', 'Access token is missing or not valid.', headers);
}

/** graph-api.md, sections 5.3 and 8.2. */
export function concurrencyViolation(): GraphFault {
  const message = 'Error due to concurrent requests being made to the tenant. Please wait briefly and retry.';
  return graphFault(409, 'Directory_ConcurrencyViolation', message);
}

/** The service itself fails. */
export function serverFault(status: 500 | 502 | 503 | 504): GraphFault {
  switch (status) {
    case 500:
      return graphFault(500, 'generalException', 'An unexpected error occurred.');
    case 502:
      return graphFault(502, 'BadGateway', 'The service behind the gateway gave no valid answer.');
    case 503:
      return graphFault(503, 'serviceNotAvailable', 'The service is not available. Try again later.', {
        'retry-after': '1',
      });
    case 504:
      return graphFault(504, 'GatewayTimeout', 'The service behind the gateway did not answer in time.');
  }
}

/** Who asked, and when: what every error body carries. */
export interface Trace {
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly wallMs: number;
}

/** The error body of graph-api.md, section 8.1; for a 429, the one of section 5.3. */
export function errorBody(fault: GraphFault, trace: Trace): Readonly<Record<string, unknown>> {
  const date = new Date(trace.wallMs).toISOString().slice(0, 19);
  const ids = { 'request-id': trace.requestId, 'client-request-id': trace.clientRequestId };
  const innerError =
    fault.status === 429
      ? { code: '429', date, message: 'Please retry after', ...ids, status: '429' }
      : { date, ...ids };
  return { error: { code: fault.code, message: fault.message, innerError } };
}
