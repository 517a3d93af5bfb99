// What came of a request, by status class.

import { describe, expect, it } from 'vitest';
import { toGraphAnswer } from '../../src/graph/answer.js';
import type { HttpResult } from '../../src/graph/transport.js';

const NOW_MS = Date.UTC(2026, 0, 5, 8);

function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResult {
  return { kind: 'answer', status, headers, body };
}

const error = (code: string, message: string): string => JSON.stringify({ error: { code, message } });
const HTML = '<html><body>Bad gateway</body></html>';

const CASES: readonly (readonly [
  what: string,
  result: HttpResult,
  answer: Readonly<Record<string, unknown>>,
])[] = [
  ['200 with JSON', reply(200, '{"value":[]}'), { kind: 'success', status: 200, body: { value: [] } }],
  ['201', reply(201, '{"id":"d1"}'), { kind: 'success', status: 201, body: { id: 'd1' } }],
  ['204 without a body', reply(204, ''), { kind: 'success', status: 204, body: null }],
  ['200 with a login page', reply(200, HTML), { kind: 'garbled', status: 200 }],
  ['201 with half a body', reply(201, '{"id":"d'), { kind: 'garbled', status: 201 }],
  [
    '429 with everything',
    reply(429, '', {
      'retry-after': '2.5',
      'x-ms-throttle-scope': 'Tenant_Application/Write/a/b',
      'x-ms-throttle-information': 'WriteLimitExceeded',
    }),
    {
      kind: 'throttled',
      status: 429,
      retryAfterSeconds: 2.5,
      scope: 'Tenant_Application/Write/a/b WriteLimitExceeded',
    },
  ],
  ['429 without a word', reply(429, HTML), { kind: 'throttled', status: 429 }],
  [
    '429 with a date',
    reply(429, '', { 'retry-after': 'Mon, 05 Jan 2026 08:00:07 GMT' }),
    { kind: 'throttled', status: 429, retryAfterSeconds: 7 },
  ],
  ...[400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 423].map(
    (status) =>
      [
        `${status}`,
        reply(status, error('someCode', 'Some words.')),
        { kind: 'refused', status, code: 'someCode', message: 'Some words.' },
      ] as const,
  ),
  ['400 without a body', reply(400, ''), { kind: 'refused', status: 400, code: 'HTTP 400', message: '' }],
  ...[500, 501, 502, 503, 504, 507, 509, 408].map(
    (status) =>
      [
        `${status}`,
        reply(status, error('serviceNotAvailable', 'Later.')),
        { kind: 'failed', status, code: 'serviceNotAvailable', message: 'Later.' },
      ] as const,
  ),
  [
    '500 with a page of HTML',
    reply(500, HTML),
    { kind: 'failed', status: 500, code: 'HTTP 500', message: '' },
  ],
  [
    '503 with Retry-After',
    reply(503, '', { 'retry-after': '30' }),
    { kind: 'failed', status: 503, code: 'HTTP 503', message: '', retryAfterSeconds: 30 },
  ],
  [
    'a redirect, which is never followed',
    reply(302, '', { location: 'https://login.test/' }),
    { kind: 'failed', status: 302, code: 'HTTP 302', message: '' },
  ],
  ['a lost answer', { kind: 'lost', reason: 'reset' }, { kind: 'lost', reason: 'reset' }],
  ['a refused connection', { kind: 'not-sent', reason: 'refused' }, { kind: 'not-sent', reason: 'refused' }],
];

describe('an answer', () => {
  it.each(CASES)('is sorted by its status class: %s', (_what, result, expected) => {
    expect(toGraphAnswer(result, 'ours', NOW_MS)).toEqual({
      ...expected,
      clientRequestId: 'ours',
      requestId: '',
    });
  });

  it("keeps the service's request id", () => {
    const answer = toGraphAnswer(reply(204, '', { 'request-id': 'theirs' }), 'ours', NOW_MS);
    expect([answer.clientRequestId, answer.requestId]).toEqual(['ours', 'theirs']);
  });

  it('finds that id in the body when the headers are gone', () => {
    const body = '{"error":{"code":"c","message":"m","innerError":{"request-id":"theirs"}}}';
    expect(toGraphAnswer(reply(404, body), 'ours', NOW_MS).requestId).toBe('theirs');
    expect(toGraphAnswer(reply(404, body, { 'request-id': 'header' }), 'ours', NOW_MS).requestId).toBe(
      'header',
    );
  });

  it('says what a new token has to answer', () => {
    const challenge = `Bearer error="insufficient_claims", claims="${btoa('{"a":1}')}"`;
    expect(toGraphAnswer(reply(401, '', { 'www-authenticate': challenge }), 'ours', NOW_MS)).toMatchObject({
      kind: 'refused',
      claims: '{"a":1}',
    });
  });
});
