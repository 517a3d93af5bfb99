// What an error says, in each form that the documents show or that is met in front of Graph.

import { describe, expect, it } from 'vitest';
import { parseGraphError } from '../../src/graph/error-body.js';

type Case = readonly [what: string, body: string, code: string, message: string];

const CASES: readonly Case[] = [
  [
    'with an innerError',
    '{"error":{"code":"outer","message":"Outer.","innerError":{"code":"inner","message":"Inner."}}}',
    'outer',
    'Outer.',
  ],
  ['with an innererror', '{"error":{"code":"outer","message":"Outer.","innererror":{}}}', 'outer', 'Outer.'],
  ['with names in other case', '{"Error":{"Code":"c","Message":"m"}}', 'c', 'm'],
  ['whose code is empty', '{"error":{"code":"","message":"m"}}', 'HTTP 400', 'm'],
  ['whose code is a number', '{"error":{"code":7,"message":"m"}}', 'HTTP 400', 'm'],
  ['that is a text', '"no"', 'HTTP 400', ''],
  ['that is null', 'null', 'HTTP 400', ''],
  ['that is empty', '', 'HTTP 400', ''],
  ['that is a page', '<html>Bad gateway</html>', 'HTTP 400', ''],
  ['that is a list', '[1]', 'HTTP 400', ''],
  [
    'with lines in the message',
    '{"error":{"code":"c","message":"one\\r\\n two\\tthree"}}',
    'c',
    'one two three',
  ],
  [
    'of the directory, with the language of its words',
    '{"odata.error":{"code":"Request_ResourceNotFound","message":{"lang":"en","value":"No such user."}}}',
    'Request_ResourceNotFound',
    'No such user.',
  ],
  [
    'with details',
    '{"error":{"code":"badRequest","message":"Not valid.","details":[{"code":"x","target":"secretKey","message":"Too long."},{"message":"more"}]}}',
    'badRequest',
    'Not valid. secretKey: Too long.',
  ],
  [
    'with JSON in its message',
    '{"error":{"code":"BadRequest","message":"{\\"_version\\":3,\\"Message\\":\\"An error has occurred.\\"}"}}',
    'BadRequest',
    'An error has occurred.',
  ],
  ['with a brace in its message', '{"error":{"code":"c","message":"{not JSON"}}', 'c', '{not JSON'],
  [
    'of the token endpoint',
    '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret."}',
    'invalid_client',
    'AADSTS7000215: Invalid client secret.',
  ],
  [
    'of the admin centre',
    '{"errorCode":"BadRequest","localizedErrorDetails":{"hardwareTokenUploadValidationFailure":"Invalid base32."}}',
    'BadRequest',
    'Invalid base32.',
  ],
  ['of a gateway', '{"statusCode":400,"message":"No route."}', 'HTTP 400', 'No route.'],
];

describe('an error body', () => {
  it.each(CASES)('gives code and message %s', (_what, body, code, message) => {
    expect(parseGraphError(400, body)).toMatchObject({ code, message });
  });

  it('never makes a report longer than a sentence', () => {
    const body = JSON.stringify({ error: { code: 'c', message: 'x'.repeat(10_000) } });
    expect(parseGraphError(500, body).message).toBe('x'.repeat(300));
  });

  it("names the service's request id, however deep it lies", () => {
    const inner = { date: '2026-01-05T08:00:00', 'request-id': 'theirs' };
    const flat = JSON.stringify({ error: { code: 'c', message: 'm', innerError: inner } });
    const deep = JSON.stringify({ error: { code: 'c', innererror: { innerError: inner } } });
    expect([parseGraphError(400, flat).requestId, parseGraphError(400, deep).requestId]).toEqual([
      'theirs',
      'theirs',
    ]);
  });
});
