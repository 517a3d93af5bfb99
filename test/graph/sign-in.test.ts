// Signing in by the real classes of the identity library, over TLS, at the rehearsal's sign-in service.

import { createPrivateKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import type { Credential } from '../../src/graph/credential.js';
import { claimsOf } from '../../src/graph/token-claims.js';
import { ada } from '../emulator/rehearsal.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { APP, rehearseSignIn, type SignInRehearsal, TENANT } from './sign-in.js';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function rehearse(signIn: NonNullable<EmulatorSettingsInput['signIn']> = {}): Promise<SignInRehearsal> {
  const rehearsal = await rehearseSignIn(signIn);
  cleanups.push(() => rehearsal.close());
  return rehearsal;
}

const bySecret = (clientSecret = 'rehearsal-secret', tenantId = TENANT, clientId = APP): Credential => ({
  ...{ kind: 'client-secret', tenantId, clientId, clientSecret },
});

/** A client certificate, as an operator has it: one PEM file. */
async function certificateFile(password?: string): Promise<string> {
  const { privateKey, certificate } = selfSigned({
    ...{ hosts: ['oathbatch'], keyType: 'rsa', notBeforeMs: systemClock.wallMs() },
  });
  const key =
    password === undefined
      ? privateKey
      : createPrivateKey(privateKey)
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password })
          .toString();
  const path = join(temporaryDirectory(), 'app.pem');
  await writeFile(path, `${key}${certificate}`);
  return path;
}

describe('an application signs in', () => {
  it('by its secret, and the token says who it is', async () => {
    const { source, emulator } = await rehearse();
    const token = await source(bySecret()).token();
    expect(claimsOf(token)).toMatchObject({ tenantId: TENANT, appId: APP, user: '' });
    expect(emulator.signInCounts?.tokenRequests).toBe(1);
  });

  it.each([undefined, 'made-up password'])('by a certificate in PEM (password: %s)', async (password) => {
    const { source } = await rehearse();
    const token = await source({
      ...{ kind: 'client-certificate', tenantId: TENANT, clientId: APP },
      certificatePath: await certificateFile(password),
      ...(password === undefined ? {} : { certificatePassword: password }),
    }).token();
    expect(claimsOf(token).appId).toBe(APP);
  });

  it('by the identity of its workload in Kubernetes', async () => {
    const { source } = await rehearse();
    const tokenFilePath = join(temporaryDirectory(), 'token');
    await writeFile(tokenFilePath, 'made-up.workload.token');
    const credential = { kind: 'workload-identity', tenantId: TENANT, clientId: APP, tokenFilePath } as const;
    expect(claimsOf(await source(credential).token()).appId).toBe(APP);
  });

  it('by the id token of GitHub Actions, which is asked for with the audience of Entra', async () => {
    const { source } = await rehearse();
    const asked: string[] = [];
    const github = createServer((request, response) => {
      asked.push(`${request.headers.authorization} ${request.url}`);
      response.end(JSON.stringify({ value: 'made-up.github.token' }));
    });
    await new Promise<void>((resolve) => {
      github.listen(0, '127.0.0.1', resolve);
    });
    cleanups.push(
      () =>
        new Promise((resolve) => {
          github.close(() => resolve());
          github.closeAllConnections();
        }),
    );
    const address = github.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const token = await source({
      ...{ kind: 'github-actions', tenantId: TENANT, clientId: APP },
      ...{ requestUrl: `http://127.0.0.1:${port}/token?api-version=2.0`, requestToken: 'made-up' },
    }).token();
    expect(claimsOf(token).appId).toBe(APP);
    expect([...new Set(asked)]).toEqual([
      'Bearer made-up /token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange',
    ]);
  });

  it('by whatever the environment has', async () => {
    const { source } = await rehearse();
    vi.stubEnv('AZURE_TENANT_ID', TENANT);
    vi.stubEnv('AZURE_CLIENT_ID', APP);
    vi.stubEnv('AZURE_CLIENT_SECRET', 'rehearsal-secret');
    try {
      expect(claimsOf(await source({ kind: 'default' }).token()).appId).toBe(APP);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('by the managed identity of its machine', async () => {
    let asked = '';
    const machine = createServer((request, response) => {
      asked = `${request.url} ${String(request.headers['x-identity-header'])}`;
      const expires_on = Math.floor(systemClock.wallMs() / 1_000) + 3_600;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ access_token: 'made-up', expires_on, token_type: 'Bearer', resource: 'r' }),
      );
    });
    await new Promise<void>((resolve) => {
      machine.listen(0, '127.0.0.1', resolve);
    });
    cleanups.push(
      () =>
        new Promise((resolve) => {
          machine.close(() => resolve());
          machine.closeAllConnections();
        }),
    );
    const address = machine.address();
    vi.stubEnv(
      'IDENTITY_ENDPOINT',
      `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/msi`,
    );
    vi.stubEnv('IDENTITY_HEADER', 'made-up-header');
    try {
      const { source } = await rehearse();
      expect(await source({ kind: 'managed-identity', clientId: APP }).token()).toBe('made-up');
      expect(asked).toContain('made-up-header');
      expect(asked).toContain(`client_id=${APP}`);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('once, however many want a token at the same time', async () => {
    const { source, emulator } = await rehearse();
    const tokens = source(bySecret());
    const all = await Promise.all(Array.from({ length: 8 }, () => tokens.token()));
    expect(new Set(all).size).toBe(1);
    expect(emulator.signInCounts?.tokenRequests).toBe(1);
  });

  it('again when the service challenges it, with the claims of the challenge', async () => {
    const { source, emulator } = await rehearse();
    const tokens = source(bySecret());
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    const first = await tokens.token();
    const second = await tokens.refreshed(first, claims);
    expect(second).not.toBe(first);
    expect(emulator.signInCounts?.tokenRequests).toBe(2);
    expect(emulator.signInCounts?.lastClaims).toContain('1604106651');
  });

  it('although the token endpoint throttles it', async () => {
    const { source, emulator } = await rehearse({ throttled: 1 });
    expect(claimsOf(await source(bySecret()).token()).appId).toBe(APP);
    expect(emulator.signInCounts?.tokenRequests).toBe(2);
  });
});

describe('a person signs in', () => {
  it('by a device code, which is told at the terminal', async () => {
    const { source, told } = await rehearse({ pendingPolls: 1 });
    const token = await source({ kind: 'device-code', tenantId: TENANT, clientId: APP }).token();
    expect(claimsOf(token)).toMatchObject({ user: ada.userPrincipalName, objectId: ada.id });
    expect(told).toEqual([expect.stringMatching(/^To sign in, open .*enter the code \w{8}/)]);
  });
});

describe('a sign-in that fails says what to do', () => {
  it.each<readonly [string, NonNullable<EmulatorSettingsInput['signIn']>, Credential, RegExp, RegExp]>([
    ['the wrong secret', {}, bySecret('wrong'), /secret is wrong \(AADSTS7000215\)/, /not its id/],
    ['an expired secret', { trouble: 'secret-expired' }, bySecret(), /has expired/, /Make a new one/],
    [
      'the wrong tenant',
      {},
      bySecret('rehearsal-secret', '99999999-9999-4999-8999-999999999999'),
      /no such tenant/,
      /credential\.tenantId/,
    ],
    [
      'an unknown application',
      {},
      bySecret('rehearsal-secret', TENANT, '99999999-9999-4999-8999-999999999999'),
      /does not know the application/,
      /credential\.clientId/,
    ],
    ['Conditional Access', { trouble: 'blocked' }, bySecret(), /Conditional Access/, /policy/],
    [
      'no consent',
      { trouble: 'no-consent' },
      { kind: 'device-code', tenantId: TENANT, clientId: APP },
      /consented/,
      /administrator/,
    ],
  ])('after %s', async (_what, signIn, credential, message, next) => {
    const { source } = await rehearse(signIn);
    await expect(source(credential).token()).rejects.toMatchObject({
      code: 'sign-in-failed',
      message: expect.stringMatching(message) as string,
      next: expect.stringMatching(next) as string,
    });
  });

  it('after a certificate that the application does not have', async () => {
    const { source } = await rehearse({ trouble: 'assertion-refused' });
    const certificatePath = await certificateFile();
    const credential = {
      kind: 'client-certificate',
      tenantId: TENANT,
      clientId: APP,
      certificatePath,
    } as const;
    await expect(source(credential).token()).rejects.toMatchObject({
      message: expect.stringContaining('is not that of the application') as string,
    });
  });

  it('when the sign-in service is not trusted, which the library calls endpoints_resolution_error', async () => {
    const { source } = await rehearse();
    await expect(source(bySecret(), { trusts: false }).token()).rejects.toMatchObject({
      code: 'sign-in-failed',
      message: expect.stringMatching(/certificate of https:\/\/localhost:\d+ is not trusted/) as string,
      next: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
    });
  });

  it('when the sign-in service cannot be reached', async () => {
    const { source, stop } = await rehearse();
    await stop();
    await expect(source(bySecret()).token()).rejects.toMatchObject({
      code: 'sign-in-failed',
      message: expect.stringMatching(/cannot be reached/) as string,
    });
  });

  it('when there is no Azure CLI', async () => {
    const { source } = await rehearse();
    vi.stubEnv('PATH', temporaryDirectory());
    try {
      await expect(source({ kind: 'azure-cli' }).token()).rejects.toMatchObject({
        code: 'credential-missing',
        next: expect.stringContaining('az login') as string,
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
