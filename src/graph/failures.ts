// What a command ends with when Microsoft Graph cannot be used: sentences for the operator. Which answer ends a
// command is decided by the callers.

import { OperationError } from '../errors.js';
import type { GraphAnswer } from './answer.js';

/** A read that was repeated in vain. */
export type FailedRead = Extract<GraphAnswer, { kind: 'not-sent' | 'lost' | 'failed' | 'garbled' }>;

export function pathOf(url: string): string {
  return new URL(url).pathname;
}

export function whyFailed(answer: FailedRead): string {
  if (answer.kind === 'not-sent' || answer.kind === 'lost') return answer.reason;
  return answer.kind === 'garbled' ? 'the body is not JSON' : `HTTP ${answer.status}`;
}

/** After a read was given up. */
export function readFailed(answer: FailedRead, url: string, attempts: number): OperationError {
  if (answer.kind === 'not-sent' || answer.kind === 'lost') {
    return new OperationError({
      code: 'graph-unreachable',
      what: `Microsoft Graph cannot be reached at ${new URL(url).origin}: ${answer.reason}.`,
      data: 'What was sent before is recorded; nothing is lost.',
      next: 'Check the network, the proxy and the endpoint, then run the same command again.',
    });
  }
  return new OperationError({
    code: 'graph-failed',
    what: `Reading ${pathOf(url)} from Microsoft Graph failed ${attempts} times; the last time: ${whyFailed(answer)}.`,
    data: 'What was sent before is recorded; nothing is lost.',
    next: `Try again later; for a support case name request-id ${answer.requestId || 'unknown'}.`,
  });
}

/** After 401 although the token was renewed. */
export function notSignedIn(message: string): OperationError {
  return new OperationError({
    code: 'sign-in-failed',
    what: `Microsoft Graph does not accept the access token (HTTP 401)${message === '' ? '' : `: ${message}`}`,
    data: 'The request had no effect. What was sent before is recorded.',
    next: 'Check that the token is for this cloud and tenant and has not expired, then run the command again.',
  });
}

/** After 403. */
export function forbidden(doing: string, code: string, message: string): OperationError {
  return new OperationError({
    code: 'permission-missing',
    what: `Microsoft Graph forbids ${doing} (HTTP 403, ${code})${message === '' ? '.' : `: ${message}`}`,
    data: 'The request had no effect. What was sent before is recorded; the other rows were not sent.',
    next: 'Grant the permissions that docs/permissions.md lists for this job, with admin consent, and run it again.',
  });
}
