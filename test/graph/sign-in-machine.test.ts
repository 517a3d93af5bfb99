// Signing in by what a machine offers: the Azure CLI that somebody is signed in to, the machine's own identity, and
// a proxy on the way. The classes are the real ones; the Azure CLI is a stand-in that prints what the real one does.

import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { delimiter, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { listening } from '../listening.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { rehearseSignIn, TENANT } from './sign-in.js';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The documented form: https://learn.microsoft.com/cli/azure/account#az-account-get-access-token */
const AZ_ANSWER = JSON.stringify({
  accessToken: 'made-up.cli.token',
  expiresOn: '2030-01-01 12:00:00.000000',
  expires_on: 1_893_499_200,
  subscription: '33333333-3333-4333-8333-333333333333',
  tenant: TENANT,
  tokenType: 'Bearer',
});

it('takes the token of the Azure CLI, for Graph and for the tenant that the job names', async () => {
  const bin = temporaryDirectory();
  await writeFile(
    join(bin, 'az'),
    `#!/bin/sh\necho "$*" > '${join(bin, 'asked')}'\ncat '${join(bin, 'answer')}'\n`,
  );
  await writeFile(join(bin, 'answer'), AZ_ANSWER);
  await chmod(join(bin, 'az'), 0o755);
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
  const rehearsal = await rehearseSignIn();
  cleanups.push(() => rehearsal.close());
  expect(await rehearsal.source({ kind: 'azure-cli', tenantId: TENANT }).token()).toBe('made-up.cli.token');
  const asked = await readFile(join(bin, 'asked'), 'utf8');
  expect(asked).toContain('account get-access-token');
  expect(asked).toContain('https://graph.microsoft.com');
  expect(asked).toContain(TENANT);
});

it('takes the identity of the machine itself when the job names no other', async () => {
  let asked = '';
  const machine = createServer((request, response) => {
    asked = request.url ?? '';
    const expires_on = Math.floor(systemClock.wallMs() / 1_000) + 3_600;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ access_token: 'made-up', expires_on, token_type: 'Bearer', resource: 'r' }),
    );
  });
  const port = await listen(machine);
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/msi`);
  vi.stubEnv('IDENTITY_HEADER', 'made-up-header');
  const rehearsal = await rehearseSignIn();
  cleanups.push(() => rehearsal.close());
  expect(await rehearsal.source({ kind: 'managed-identity' }).token()).toBe('made-up');
  expect(new URL(asked, 'http://machine').searchParams.get('resource')).toBe('https://graph.microsoft.com');
  expect(asked).not.toMatch(/client_id|object_id|mi_res_id/);
});

async function listen(server: Server): Promise<number> {
  const { port, close } = await listening(server);
  cleanups.push(close);
  return port;
}
