// Where tokens come from. The identity library is replaced: what it does is its own business.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Credential, createTokenSource, type TokenSource } from '../../src/graph/credential.js';

interface Issued {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

const library = vi.hoisted(() => ({
  made: [] as unknown[][],
  scopes: [] as string[],
  answer: async (_n: number): Promise<Issued | null> => null,
}));

vi.mock('@azure/identity', () => {
  class Fake {
    constructor(...made: unknown[]) {
      library.made.push([this.constructor.name, ...made]);
    }
    getToken(scope: string): Promise<Issued | null> {
      library.scopes.push(scope);
      return library.answer(library.scopes.length);
    }
  }
  return {
    DefaultAzureCredential: class Default extends Fake {},
    ClientSecretCredential: class ClientSecret extends Fake {},
    ClientCertificateCredential: class ClientCertificate extends Fake {},
  };
});

const SCOPE = 'https://graph.test/.default';
const AUTHORITY = 'https://login.microsoftonline.us';
/** The cloud that the job names, and our connection. */
const OPTIONS: unknown = expect.objectContaining({
  authorityHost: AUTHORITY,
  redirectOptions: { maxRetries: 0 },
});
const HOUR_MS = 3_600_000;

let nowMs = 0;

function sourceOf(credential: Credential = { kind: 'default' }): TokenSource {
  return createTokenSource(credential, {
    ...{ authority: AUTHORITY, scope: SCOPE, nowWallMs: () => nowMs, tell: () => undefined },
    transport: {
      send: async () => ({ kind: 'not-sent', reason: 'nobody is there' }),
      close: async () => undefined,
    },
  });
}

beforeEach(() => {
  nowMs = 1_000_000;
  library.made.length = 0;
  library.scopes.length = 0;
  library.answer = async (n) => ({ token: `t${n}`, expiresOnTimestamp: nowMs + HOUR_MS });
});

describe('a token from the identity library', () => {
  it('is asked for by one caller, however many want it at once', async () => {
    const source = sourceOf();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => source.token()));
    expect(new Set(tokens)).toEqual(new Set(['t1']));
    expect(library.scopes).toEqual([SCOPE]);
  });

  it('is kept until five minutes before it expires, and then replaced once', async () => {
    const source = sourceOf();
    expect(await source.token()).toBe('t1');
    nowMs += HOUR_MS - 5 * 60_000 - 1;
    expect(await source.token()).toBe('t1');
    nowMs += 1;
    expect(await Promise.all([source.token(), source.token()])).toEqual(['t2', 't2']);
  });

  it('is renewed once by eight who met a 401 at once', async () => {
    const source = sourceOf();
    const stale = await source.token();
    const renewed = await Promise.all(Array.from({ length: 8 }, () => source.refreshed(stale)));
    expect(new Set(renewed)).toEqual(new Set(['t2']));
    expect(library.scopes).toHaveLength(2);
  });

  it('is not renewed for a 401 to a token that was replaced already', async () => {
    const source = sourceOf();
    const stale = await source.token();
    await source.refreshed(stale);
    expect(await source.refreshed(stale)).toBe('t2');
    expect(library.scopes).toHaveLength(2);
  });

  it('is no other when the library has the same one again', async () => {
    library.answer = async () => ({ token: 'same', expiresOnTimestamp: nowMs + HOUR_MS });
    const source = sourceOf();
    expect(await source.refreshed(await source.token())).toBeUndefined();
  });

  it('may be had after a failure that has passed', async () => {
    const source = sourceOf();
    const works = library.answer;
    library.answer = () => Promise.reject(new Error('no network'));
    await expect(source.token()).rejects.toMatchObject({ code: 'sign-in-failed' });
    library.answer = works;
    expect(await source.token()).toBe('t2');
  });

  it('is the old one for as long as it is good, when renewing ahead of time fails', async () => {
    const source = sourceOf();
    expect(await source.token()).toBe('t1');
    const works = library.answer;
    library.answer = () => Promise.reject(new Error('no network'));
    nowMs += HOUR_MS - 5 * 60_000;
    // The sign-in service is left alone for a while.
    expect([await source.token(), await source.token(), library.scopes.length]).toEqual(['t1', 't1', 2]);
    nowMs += 30_000;
    library.answer = works;
    expect(await source.token()).toBe('t3');
  });

  it('is no more once it has expired and there is no other', async () => {
    const source = sourceOf();
    await source.token();
    library.answer = () => Promise.reject(new Error('no network'));
    nowMs += HOUR_MS;
    await expect(source.token()).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  it('that lives shortly is not asked for with every request', async () => {
    library.answer = async (n) => ({ token: `t${n}`, expiresOnTimestamp: nowMs + 60_000 });
    const source = sourceOf();
    expect([await source.token(), await source.token()]).toEqual(['t1', 't1']);
    nowMs += 45_000;
    expect(await source.token()).toBe('t2');
  });

  it('comes from a credential that is made once', async () => {
    const source = sourceOf();
    await source.refreshed(await source.token());
    expect(library.made).toHaveLength(1);
  });

  it.each<readonly [Credential, readonly unknown[]]>([
    [{ kind: 'default' }, ['Default', OPTIONS]],
    [
      { kind: 'client-secret', tenantId: 'tenant', clientId: 'app', clientSecret: 'made-up' },
      ['ClientSecret', 'tenant', 'app', 'made-up', OPTIONS],
    ],
    [
      { kind: 'client-certificate', tenantId: 'tenant', clientId: 'app', certificatePath: '/c.pem' },
      ['ClientCertificate', 'tenant', 'app', { certificatePath: '/c.pem' }, OPTIONS],
    ],
  ])('comes from the cloud that the job names: %j', async (credential, made) => {
    await sourceOf(credential).token();
    expect(library.made).toEqual([made]);
  });
});

describe('a sign-in that fails', () => {
  function named(name: string, message: string): Error {
    return Object.assign(new Error(message), { name });
  }

  it.each([
    ['CredentialUnavailableError', 'credential-missing', 'No credential was found on this machine: first'],
    ['AggregateAuthenticationError', 'credential-missing', 'No credential was found on this machine: first'],
    ['AuthenticationError', 'sign-in-failed', 'Signing in to Microsoft Entra failed: first.'],
  ])('as %s says what to do, in one line', async (name, code, message) => {
    library.answer = () => Promise.reject(named(name, 'first\nsecond\nthird'));
    await expect(sourceOf().token()).rejects.toMatchObject({ code, message });
  });

  it('without a token and without an error is a failure as well', async () => {
    library.answer = async () => null;
    await expect(sourceOf().token()).rejects.toMatchObject({ code: 'sign-in-failed' });
  });
});

describe('a token that is given', () => {
  it('is used as it is, and cannot be renewed', async () => {
    const source = sourceOf({ kind: 'access-token', token: ' given\n' });
    expect([await source.token(), await source.refreshed('given')]).toEqual(['given', undefined]);
    expect(library.made).toEqual([]);
  });

  it.each([undefined, '', '  '])('is missed before anything is sent: %j', (token) => {
    expect(() => sourceOf({ kind: 'access-token', token })).toThrow(
      expect.objectContaining({ code: 'credential-missing', data: 'Nothing was sent.' }) as Error,
    );
  });
});
