// The outcome table: what an answer to a write means for its row.

import { describe, expect, it } from 'vitest';
import { type GraphAnswer, toGraphAnswer } from '../../src/graph/answer.js';
import type { HttpResult } from '../../src/graph/transport.js';
import { judge, type Outcome, type OutcomeKind } from '../../src/provision/outcome.js';

const IDS = { clientRequestId: 'ours', requestId: 'theirs' };

function refused(status: number, code = `HTTP ${status}`, message = ''): GraphAnswer {
  return { ...IDS, kind: 'refused', status, code, message };
}

function failed(status: number, retryAfterSeconds?: number): GraphAnswer {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { ...IDS, kind: 'failed', status, code: `HTTP ${status}`, message: '', ...wait };
}

const TABLE: readonly (readonly [what: string, answer: GraphAnswer, outcome: Outcome])[] = [
  [
    '201',
    { ...IDS, kind: 'success', status: 201, body: {} },
    { kind: 'done', status: 201, reason: '', detail: '' },
  ],
  [
    '204',
    { ...IDS, kind: 'success', status: 204, body: null },
    { kind: 'done', status: 204, reason: '', detail: '' },
  ],
  [
    '200 with a page of a portal',
    { ...IDS, kind: 'garbled', status: 200 },
    {
      kind: 'ambiguous',
      status: 200,
      reason: 'answer-unreadable',
      detail: 'HTTP 200 with a body that is not JSON',
    },
  ],
  [
    '429',
    { ...IDS, kind: 'throttled', status: 429, retryAfterSeconds: 30, scope: 'Tenant_Application/Write' },
    {
      kind: 'throttled',
      status: 429,
      reason: 'throttled',
      detail: 'Tenant_Application/Write',
      retryAfterSeconds: 30,
    },
  ],
  [
    '429 without a word',
    { ...IDS, kind: 'throttled', status: 429 },
    { kind: 'throttled', status: 429, reason: 'throttled', detail: '' },
  ],
  [
    '409 for concurrency',
    refused(409, 'Directory_ConcurrencyViolation', 'Wait briefly.'),
    {
      kind: 'transient',
      status: 409,
      reason: 'concurrency',
      detail: 'HTTP 409 Directory_ConcurrencyViolation: Wait briefly.',
    },
  ],
  [
    '404, which may be lag',
    refused(404, 'resourceNotFound', 'No.'),
    { kind: 'transient', status: 404, reason: 'not-found', detail: 'HTTP 404 resourceNotFound: No.' },
  ],
  [
    '401',
    refused(401),
    { kind: 'unauthenticated', status: 401, reason: 'not-signed-in', detail: 'HTTP 401' },
  ],
  [
    '403',
    refused(403, 'accessDenied'),
    { kind: 'forbidden', status: 403, reason: 'forbidden', detail: 'HTTP 403 accessDenied' },
  ],
  ['503', failed(503), { kind: 'ambiguous', status: 503, reason: 'service-failed', detail: 'HTTP 503' }],
  [
    '503 with Retry-After',
    failed(503, 20),
    { kind: 'ambiguous', status: 503, reason: 'service-failed', detail: 'HTTP 503', retryAfterSeconds: 20 },
  ],
  [
    'no connection',
    { ...IDS, kind: 'not-sent', reason: 'connect ECONNREFUSED' },
    { kind: 'transient', status: 0, reason: 'not-connected', detail: 'connect ECONNREFUSED' },
  ],
  [
    'a lost answer',
    { ...IDS, kind: 'lost', reason: 'socket hang up' },
    { kind: 'ambiguous', status: 0, reason: 'answer-lost', detail: 'socket hang up' },
  ],
];

describe('an outcome', () => {
  it.each(TABLE)('of %s', (_what, answer, outcome) => {
    expect(judge(answer)).toEqual(outcome);
  });

  it.each([400, 405, 406, 409, 410, 411, 412, 413, 415, 422, 423])(
    'of %i is a refusal for good',
    (status) => {
      expect(judge(refused(status, 'someCode', 'Words.'))).toEqual({
        ...{ kind: 'refused', status, reason: 'refused', detail: `HTTP ${status} someCode: Words.` },
      });
    },
  );

  it('of a refusal without a code says its status alone', () => {
    expect(judge(refused(400, '', 'Words.')).detail).toBe('HTTP 400: Words.');
  });

  it.each([400, 412, 422])('of %i is no conflict that may pass, whatever its code', (status) => {
    const [conflict] = TABLE.flatMap(([, answer, { reason }]) =>
      answer.kind === 'refused' && reason === 'concurrency' ? [answer] : [],
    );
    expect(conflict?.status).toBe(409);
    expect(judge(refused(status, conflict?.code, 'Words.')).kind).toBe('refused');
  });

  it.each([408, 500, 501, 502, 503, 504, 507, 509])(
    'of %i is in doubt: it may have had its effect',
    (status) => {
      expect(judge(failed(status)).kind).toBe('ambiguous');
    },
  );

  it('is certain only when the service or the lack of a connection says so, whatever the status', () => {
    const kinds = new Map<OutcomeKind, number[]>();
    for (let status = 200; status < 600; status += 1) {
      const result: HttpResult = { kind: 'answer', status, headers: {}, body: '{}' };
      const { kind } = judge(toGraphAnswer(result, 'ours', 0));
      kinds.set(kind, [...(kinds.get(kind) ?? []), status]);
    }
    expect(kinds.get('done')).toEqual(Array.from({ length: 100 }, (_, n) => 200 + n));
    expect(kinds.get('throttled')).toEqual([429]);
    expect(kinds.get('transient')).toEqual([404]);
    expect(kinds.get('unauthenticated')).toEqual([401]);
    expect(kinds.get('forbidden')).toEqual([403]);
    expect(kinds.get('refused')?.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(kinds.get('ambiguous')?.every((status) => status < 400 || status >= 500 || status === 408)).toBe(
      true,
    );
  });
});
