// What an operator meets who cannot sign in, may not do what the job needs, or reaches nobody.

import { createServer, type Server } from 'node:net';
import { expect } from 'vitest';
import { z } from 'zod';
import { it, tokenLines } from './command.js';
import { expectNoTrace, expectRefusal, refusal } from './refusal.js';
import { effects, heldTokens, users } from './rehearsal.js';

/** A port on which nothing but the number of callers is of interest. */
async function listen(): Promise<{
  readonly server: Server;
  readonly port: number;
  readonly calls: () => number;
}> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { server, port, calls: () => calls };
}

it.concurrent('says that OATHBATCH_ACCESS_TOKEN is empty', async ({ place }) => {
  place.job(tokenLines(1), ['credential: access-token']);
  const rehearsal = await place.serve(users(1));
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url], {
    OATHBATCH_ACCESS_TOKEN: ' ',
  });
  const what = 'The job signs in with an access token, and the variable OATHBATCH_ACCESS_TOKEN is empty.';
  const next = 'Set OATHBATCH_ACCESS_TOKEN, or choose another credential in the job file.';
  expectRefusal(ended, 1, refusal(what, 'Nothing was sent.', next));
  expect((await rehearsal.truth()).counters.http).toBe(0);
});

it.concurrent('says that no credential was found, and calls nobody for that', async ({
  place,
  onTestFinished,
}) => {
  place.job(tokenLines(1));
  const { server, port, calls } = await listen();
  onTestFinished(() => {
    server.close();
  });
  const somewhere = `http://127.0.0.1:${port}`;
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', `https://127.0.0.1:${port}/beta`], {
    AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
    HTTPS_PROXY: somewhere,
    HTTP_PROXY: somewhere,
  });
  expectRefusal(ended, 1, /^oathbatch: No credential was found on this machine: /);
  expect(ended.stderr).toContain('Next: Name a credential in the job file, or sign in with the Azure CLI');
  expect(calls()).toBe(0);
});

it.concurrent('says that the service does not accept the token, and never shows it', async ({ place }) => {
  place.job(tokenLines(2), ['credential: access-token']);
  const rehearsal = await place.serve(users(2), { requireToken: 'the-right-one' });
  const command = ['run', 'job.yaml', '--yes', '--graph', rehearsal.url];
  const wrong = await place.run(command, { OATHBATCH_ACCESS_TOKEN: 'the-wrong-one' });
  const what =
    'Microsoft Graph does not accept the access token (HTTP 401): Access token is missing or not valid.';
  const data = 'The request had no effect. What was sent before is recorded.';
  const next =
    'Check that the token is for this cloud and tenant and has not expired, then run the command again.';
  expectRefusal(wrong, 1, refusal(what, data, next));
  expect((await rehearsal.truth()).counters.writes).toBe(0);
  const right = await place.run(command, { OATHBATCH_ACCESS_TOKEN: 'the-right-one' });
  expect(right.exitCode).toBe(0);
});

it.concurrent('names what it may not read, and sends nothing', async ({ place }) => {
  place.job(tokenLines(2));
  const rehearsal = await place.serve(users(2), { permissions: { inventoryRead: false } });
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expectRefusal(
    ended,
    1,
    /^oathbatch: Microsoft Graph forbids reading \/beta\/directory\/authenticationMethodDevices\/hardwareOathDevices \(HTTP 403, \w+\): /,
  );
  expect(ended.stderr).toContain('docs/permissions.md');
  expect((await rehearsal.truth()).counters.writes).toBe(0);
});

it.concurrent('stops soon when it may not write, and resume finishes once it may', async ({ place }) => {
  place.job(tokenLines(30), ['throttle: { concurrency: 2 }']);
  const rehearsal = await place.emulate({ permissions: { methodsWrite: false } });
  const stopped = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expect(stopped.exitCode).toBe(1);
  expectNoTrace(stopped);
  expect(stopped.stderr.match(/^oathbatch: /gm)).toHaveLength(1);
  expect(stopped.stderr).toMatch(
    /^oathbatch: Microsoft Graph forbids one write after another: HTTP 403 \w+: [^.]+\.$/m,
  );
  expect(stopped.stderr).toMatch(
    /docs\/permissions\.md lists, with admin consent, then run: oathbatch resume$/m,
  );
  expect(new Set(place.verdicts())).toEqual(new Set(['unsent/stopped']));
  const before = await rehearsal.truth();
  expect(effects(before)).toBe(0);
  expect(before.counters.writes).toBeLessThan(10);

  await rehearsal.change({ permissions: {} });
  const resumed = await place.run(['resume']);
  expect(resumed.exitCode).toBe(0);
  expectNoTrace(resumed);
  expect(new Set(place.verdicts())).toEqual(new Set(['assigned']));
  expect(heldTokens(await rehearsal.truth())).toHaveLength(30);
});

// Reads are tried eight times, with pauses, which takes up to a minute: the other tests run beside it.
it.concurrent('says that nobody answers at the endpoint', { timeout: 100_000 }, async ({ place }) => {
  place.job(tokenLines(1));
  const { server, port } = await listen();
  await new Promise((resolve) => server.close(resolve));
  const graph = `http://127.0.0.1:${port}`;
  const log = ['--log-file', 'log.json'];
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', `${graph}/beta`, ...log]);
  const what = `Microsoft Graph cannot be reached at ${graph}: connect ECONNREFUSED 127.0.0.1:${port}.`;
  const data = 'What was sent before is recorded; nothing is lost.';
  const next = 'Check the network, the proxy and the endpoint, then run the same command again.';
  expectRefusal(ended, 1, refusal(what, data, next));
  expect(place.read('log.json')).toMatch(/"level":"error".*graph-unreachable/);
});
