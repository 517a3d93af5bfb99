// A person gives a token to himself: the built command signs in by a device code at the rehearsal's sign-in service,
// over TLS, and goes through /me, where the self permissions are enough.

import { expect } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { it, Place, tokenLine } from './command.js';
import { users } from './rehearsal.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const APP = '22222222-2222-4222-8222-222222222222';
/** Authentication Policy Administrator: whoever creates tokens needs it, to act on himself nobody does. */
const POLICY_ADMINISTRATOR = '0526716b-113d-4c15-b2c8-68e3c22b9f80';
const SELF = 'UserAuthMethod-HardwareOATH.ReadWrite';

const tls = selfSigned({ notBeforeMs: systemClock.wallMs() });

async function asUser1(
  place: Place,
  scopes: readonly string[],
  act: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({
      signIn: { scopes: [...scopes], directoryRoles: [POLICY_ADMINISTRATOR], pendingPolls: 1 },
    }),
    seed: { users: users(2), devices: [] },
    clock: systemClock,
  });
  const served = await serveEmulator(emulator, { tls });
  const { origin } = new URL(served.url);
  place.write('ca.pem', tls.certificate);
  place.job(
    [tokenLine(0)],
    [
      'activation: computed',
      `credential: { kind: device-code, tenantId: ${TENANT}, clientId: ${APP} }`,
      `connection: { ca: ca.pem, authority: ${origin} }`,
    ],
  );
  place.write('job.yaml', place.read('job.yaml').replace('graph: emulator', `graph: ${served.url}`));
  try {
    await act(emulator);
  } finally {
    await served.close();
  }
}

/** What was asked about methods, with the ids of tokens left out; requests inside a batch as well. */
function methodRequests(emulator: Emulator): readonly string[] {
  const asked = emulator
    .truth()
    .log.filter(({ path }) => path.includes('/authentication/'))
    .map(({ method, path }) => `${method} ${path.replace(/^\/beta/, '').replace(/[0-9a-f-]{36}/g, '{id}')}`);
  return [...new Set(asked)];
}

it.concurrent.each(['me', 'user1@contoso.example'])(
  'a person assigns and activates a token of his own through /me, named as %s',
  async (name) => {
    const place = new Place();
    try {
      const scopes = ['Policy.ReadWrite.AuthenticationMethod', SELF, 'User.Read.All'];
      await asUser1(place, scopes, async (emulator) => {
        place.manifest([tokenLine(0).replace('user1@contoso.example', name)]);
        const looked = await place.run(['doctor', 'job.yaml']);
        expect([looked.exitCode, looked.stdout]).toEqual([0, expect.not.stringMatching(/[✗!] /)]);

        const ran = await place.run(['run', 'job.yaml', '--yes']);
        expect([ran.exitCode, place.verdicts()]).toEqual([0, ['activated']]);
        expect(ran.stderr).toMatch(/To sign in, open https:\S+ in a browser and enter the code/);
        const [user] = users(1);
        expect(emulator.truth().devices).toMatchObject([{ status: 'activated', holder: user?.id }]);
        expect(methodRequests(emulator).toSorted()).toEqual([
          'GET /me/authentication/hardwareOathMethods',
          'POST /me/authentication/hardwareOathMethods',
          'POST /me/authentication/hardwareOathMethods/{id}/activate',
        ]);

        const again = await place.run(['run', 'job.yaml', '--yes']);
        expect([again.exitCode, place.verdicts()]).toEqual([0, ['activated']]);
      });
    } finally {
      await place.close();
    }
  },
);

it.concurrent('a person without the self permission is stopped before anything is sent', async ({
  place,
}) => {
  await asUser1(place, ['Policy.ReadWrite.AuthenticationMethod', 'User.Read'], async (emulator) => {
    place.manifest([tokenLine(0).replace('user1@contoso.example', 'me')]);
    const ran = await place.run(['run', 'job.yaml', '--yes']);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(`Add UserAuthMethod-HardwareOATH.Read`);
    expect(ran.stderr).toContain('Nothing was sent.');
    expect(emulator.truth().log.filter(({ write }) => write)).toEqual([]);
  });
});

it.concurrent('the self permission is not enough for somebody else', async ({ place }) => {
  const scopes = ['Policy.ReadWrite.AuthenticationMethod', SELF, 'User.Read.All'];
  await asUser1(place, scopes, async (emulator) => {
    place.manifest([tokenLine(0).replace('user1@', 'user2@')]);
    const ran = await place.run(['run', 'job.yaml', '--yes']);
    expect([ran.exitCode, emulator.truth().devices]).toEqual([1, []]);
    expect(ran.stderr).toContain('UserAuthMethod-HardwareOATH.ReadWrite.All as delegated permission');
  });
});
