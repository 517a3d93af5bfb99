// The way out through a proxy: the built command reaches Microsoft Graph and the sign-in service by names that only
// the proxy knows, so that nothing can go past it unseen. TLS is checked all the way.

import { expect } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { type ConnectProxy, startProxy } from '../connect-proxy.js';
import { it, type Place, tokenLines, type Variables } from './command.js';
import { users } from './rehearsal.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const APP = '22222222-2222-4222-8222-222222222222';
const tls = selfSigned({ hosts: ['graph.test', 'login.test'], notBeforeMs: systemClock.wallMs() });

interface World {
  readonly emulator: Emulator;
  readonly proxy: ConnectProxy;
  readonly port: string;
  readonly environment: Variables;
}

/** A tenant that is only to be had through a proxy, and a job for it. */
async function behindProxy(
  place: Place,
  act: (world: World) => Promise<void>,
  connection = 'ca: ca.pem, ',
): Promise<void> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({ signIn: {} }),
    seed: { users: users(2), devices: [] },
    clock: systemClock,
  });
  const served = await serveEmulator(emulator, { tls });
  const { port } = new URL(served.url);
  const proxy = await startProxy(Number(port));
  place.write('ca.pem', tls.certificate);
  place.job(tokenLines(2), [
    `credential: { kind: client-secret, tenantId: ${TENANT}, clientId: ${APP}, clientSecret: "\${APP_SECRET}" }`,
    `connection: { ${connection}authority: "https://login.test:${port}", scope: api://own-graph/.default }`,
  ]);
  const job = place.read('job.yaml').replace('graph: emulator', `graph: https://graph.test:${port}/beta`);
  place.write('job.yaml', job);
  try {
    const environment = { APP_SECRET: 'rehearsal-secret', HTTPS_PROXY: proxy.url };
    await act({ emulator, proxy, port, environment });
  } finally {
    await proxy.close();
    await served.close();
  }
}

it.concurrent('signs in and does the job through HTTPS_PROXY, with a CA of its own and the scope of the job', async ({
  place,
}) => {
  await behindProxy(place, async ({ emulator, proxy, port, environment }) => {
    const ran = await place.run(['run', 'job.yaml', '--yes'], environment);
    expect([ran.exitCode, place.verdicts()]).toEqual([0, ['assigned', 'assigned']]);
    expect(new Set(proxy.asked)).toEqual(new Set([`login.test:${port}`, `graph.test:${port}`]));
    expect(emulator.signInCounts?.lastScope).toContain('api://own-graph/.default');
  });
});

it.concurrent('follows NO_PROXY for signing in, and then finds nobody there', async ({ place }) => {
  await behindProxy(place, async ({ proxy, port, environment }) => {
    const ran = await place.run(['doctor', 'job.yaml'], { ...environment, NO_PROXY: 'login.test' });
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain(`https://login.test:${port} cannot be reached`);
    expect(proxy.asked).toEqual([]);
  });
});

it.concurrent('follows NO_PROXY for Microsoft Graph', async ({ place }) => {
  await behindProxy(place, async ({ proxy, port, environment }) => {
    const ran = await place.run(['doctor', 'job.yaml'], { ...environment, no_proxy: 'graph.test' });
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain(`Microsoft Graph cannot be reached at https://graph.test:${port}`);
    expect(new Set(proxy.asked)).toEqual(new Set([`login.test:${port}`]));
  });
});

it.concurrent('trusts nobody behind a proxy whom nobody vouches for, and no variable switches that off', async ({
  place,
}) => {
  await behindProxy(
    place,
    async ({ emulator, port, environment }) => {
      const off = { ...environment, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
      for (const variables of [environment, off]) {
        const ran = await place.run(['doctor', 'job.yaml'], variables);
        expect(ran.exitCode).toBe(1);
        expect(ran.stdout).toContain(`the certificate of https://login.test:${port} is not trusted`);
        expect(ran.stdout).toContain('connection.ca');
      }
      expect(emulator.signInCounts?.tokenRequests).toBe(0);
    },
    '',
  );
});
