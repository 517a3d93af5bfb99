// The log: JSON lines in which no secret can stand, whatever is handed to it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperationError } from '../src/errors.js';
import { createLog, type LogLevel, redact, silentLog } from '../src/log.js';
import { Secret } from '../src/secret.js';
import { temporaryDirectory } from './temporary-directory.js';

const CANARY = 'LEAKCANARYGEZDGNBVGY3TQOJQ';

const SECRET_KEYS = [
  ...[
    'secret',
    'secretKey',
    'SecretKey',
    'secret_key',
    'SECRET-KEY',
    'clientSecret',
    'client_secret',
    'seed',
  ],
  ...['verificationCode', 'Authorization', 'accessToken', 'access_token', 'password', 'assertion'],
];

/** Logs once, and gives back what stands in the file. */
function logged(fields: Readonly<Record<string, unknown>>, level: LogLevel = 'debug'): string {
  const file = join(temporaryDirectory(), 'made', 'run.log');
  createLog(level, file).debug(fields, 'graph');
  return readFileSync(file, 'utf8');
}

function cycle(): Record<string, unknown> {
  const one: Record<string, unknown> = { secretKey: CANARY };
  one['self'] = one;
  return one;
}

const HOLDERS: readonly (readonly [what: string, fields: Readonly<Record<string, unknown>>])[] = [
  ...SECRET_KEYS.map((key) => [`under the key ${key}`, { [key]: CANARY }] as const),
  ['in a Secret', { anything: new Secret(CANARY) }],
  ['in a Secret within a list', { rows: [{ token: new Secret(CANARY) }] }],
  ['under a secret key deep inside', { a: { b: { c: { d: { e: [{ f: { secretKey: CANARY } }] } } } } }],
  ['in an object under a secret key', { secret: { value: [CANARY] } }],
  [
    'deeper than a log line goes',
    { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: CANARY } } } } } } } } } },
  ],
  ['in a structure that contains itself', cycle()],
  [
    'in the fields of an error',
    { err: Object.assign(new Error('no'), { secretKey: CANARY, config: CANARY }) },
  ],
  ['in the cause of an error', { error: new Error('no', { cause: new Error(CANARY) }) }],
  [
    'in the headers of a request',
    { headers: { Authorization: `Bearer ${CANARY}`, accept: 'application/json' } },
  ],
];

describe('a secret', () => {
  it.each(HOLDERS)('never stands in the log: %s', (_what, fields) => {
    const line = logged(fields);
    expect(line).toContain('graph');
    expect(line).not.toContain(CANARY);
  });

  it('never leaves the redaction, at whatever depth and under whatever spelling of its name', () => {
    const key = fc
      .constantFrom(...SECRET_KEYS)
      .chain((name) =>
        fc.constantFrom(name, name.toUpperCase(), name.toLowerCase(), name.replace(/(?=[A-Z])/g, '_')),
      );
    const holder = key.map((name) => ({ [name]: CANARY, other: 'kept' }));
    const nested = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        holder,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(nested.tree, (value) => {
        expect(JSON.stringify(redact(value)) ?? '').not.toContain(CANARY);
      }),
    );
  });
});

describe('what is redacted', () => {
  it('keeps everything else as it is', () => {
    const fields = { path: '/users', status: 429, ok: true, none: null, list: [1, 'two', { three: 3 }] };
    expect(redact(fields)).toEqual(fields);
  });

  it('shows where a secret was, and says no more', () => {
    expect(redact({ row: { token: new Secret(CANARY) }, secretKey: CANARY })).toEqual({
      ...{ row: { token: '[secret]' }, secretKey: '[secret]' },
    });
  });

  it('does not change what it was given', () => {
    const fields = { inner: { secretKey: CANARY } };
    redact(fields);
    expect(fields).toEqual({ inner: { secretKey: CANARY } });
  });

  it('keeps of an error its name, its code and its message', () => {
    const error = new OperationError({ code: 'disk-failed', what: 'Full.', data: 'D.', next: 'N.' });
    expect(redact({ error })).toEqual({
      error: { name: 'OperationError', code: 'disk-failed', message: 'Full.' },
    });
    expect(redact(Object.assign(new Error('no'), { code: 7 }))).toEqual({ name: 'Error', message: 'no' });
  });

  it('ends where a structure is too deep or contains itself', () => {
    expect(JSON.stringify(redact(cycle()))).toContain('[deep]');
  });

  it('is told from keys that only resemble a secret one', () => {
    expect(redact({ seedDate: 'x', secretary: 'y', passwordless: true })).toEqual({
      ...{ seedDate: 'x', secretary: 'y', passwordless: true },
    });
  });
});

describe('a log', () => {
  it('is one JSON object a line, with time, level and message', () => {
    const line: unknown = JSON.parse(logged({ status: 429 }));
    expect(line).toEqual({
      level: 'debug',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      status: 429,
      msg: 'graph',
    });
  });

  it('holds nothing below its level', () => {
    expect(logged({ status: 429 }, 'info')).toBe('');
  });

  it('has each line in the file when the call returns', () => {
    const file = join(temporaryDirectory(), 'run.log');
    const log = createLog('info', file);
    for (const write of [log.info, log.warn, log.error]) {
      write.call(log, { a: 1 }, 'said');
    }
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  it('that is silent says nothing', () => {
    for (const level of ['debug', 'info', 'warn', 'error'] as const)
      expect(silentLog[level]({}, '')).toBeUndefined();
  });
});
