// A tenant as it will be met: the built command signs in over TLS at the rehearsal's sign-in service, looks whether
// everything is in place, and does the job, or refuses it before anything is sent.

import { describe, expect } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { type EmulatorSettingsInput, emulatorSettingsSchema } from '../../src/emulator/settings.js';
import type { SeedUser, TenantSeed } from '../../src/emulator/tenant.js';
import { Secret } from '../../src/secret.js';
import { it, type Place, secretOf, serialOf, tokenLine, tokenLines } from './command.js';
import { users } from './rehearsal.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const APP = '22222222-2222-4222-8222-222222222222';
const SECRET: Readonly<Record<string, string>> = { APP_SECRET: 'rehearsal-secret' };

const tls = selfSigned({ notBeforeMs: systemClock.wallMs() });

const answerSchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), state: z.string(), found: z.string(), mend: z.string() })),
});

interface World {
  readonly emulator: Emulator;
  readonly close: () => Promise<void>;
}

/** A job of three rows for a tenant over TLS. */
async function tenant(
  place: Place,
  signIn: NonNullable<EmulatorSettingsInput['signIn']> = {},
  seed: Partial<TenantSeed> = {},
): Promise<World> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({ signIn }),
    seed: { users: users(3), devices: [], ...seed },
    clock: systemClock,
  });
  const served = await serveEmulator(emulator, { tls });
  const { origin } = new URL(served.url);
  place.write('ca.pem', tls.certificate);
  place.job(tokenLines(3), [
    `credential: { kind: client-secret, tenantId: ${TENANT}, clientId: ${APP}, clientSecret: "\${APP_SECRET}" }`,
    `connection: { ca: ca.pem, authority: ${origin} }`,
  ]);
  place.write('job.yaml', place.read('job.yaml').replace('graph: emulator', `graph: ${served.url}`));
  return { emulator, close: () => served.close() };
}

async function examine(place: Place): Promise<{
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly said: z.output<typeof answerSchema>;
}> {
  const { exitCode, stdout, stderr } = await place.run(['doctor', 'job.yaml', '--json'], SECRET);
  return { exitCode, stderr, said: answerSchema.parse(JSON.parse(stdout)) };
}

const POLICY =
  'GET /beta/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath';

/** The requests so far, but for the first `skip`; not what is inside a batch. */
function paths({ emulator }: World, skip = 0): readonly string[] {
  return emulator
    .truth()
    .log.filter(({ batch }) => batch === undefined)
    .map(({ method, path }) => `${method} ${path}`)
    .slice(skip);
}

function stateOf(said: z.output<typeof answerSchema>, name: string): string {
  const check = said.checks.find((one) => one.name === name);
  return `${check?.state}: ${check?.found} ${check?.mend}`;
}

describe('the doctor', () => {
  it.concurrent('finds everything in place, and the job runs', async ({ place }) => {
    const world = await tenant(place);
    try {
      const { exitCode, said } = await examine(place);
      expect(said.checks.filter(({ state }) => state !== 'pass')).toEqual([]);
      expect([exitCode, said.ready]).toEqual([0, true]);
      expect(stateOf(said, 'sign-in')).toContain(`client-secret: ${APP} in ${TENANT}`);

      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      expect([ran.exitCode, ran.stderr.includes('rehearsal-secret')]).toEqual([0, false]);
      expect(world.emulator.truth().devices.map(({ status }) => status)).toEqual([
        'assigned',
        'assigned',
        'assigned',
      ]);
    } finally {
      await world.close();
    }
  });

  it.concurrent('names the permissions that are missing, and the run sends nothing', async ({ place }) => {
    const world = await tenant(place, { roles: ['Policy.Read.All', 'User.Read.All'] });
    try {
      const { exitCode, said } = await examine(place);
      expect(exitCode).toBe(1);
      expect(stateOf(said, 'permissions')).toMatch(
        /^fail: the token does not allow to list the tokens of a user, to create a token, to assign a token/,
      );
      expect(stateOf(said, 'permissions')).toContain('UserAuthMethod-HardwareOATH.ReadWrite.All');
      expect(stateOf(said, 'permissions')).toContain('Policy.ReadWrite.AuthenticationMethod');

      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      expect(ran.exitCode).toBe(1);
      expect(ran.stderr).toContain('Not everything is in place');
      expect(ran.stderr).toContain('Nothing was sent.');
      expect(world.emulator.truth().devices).toEqual([]);
    } finally {
      await world.close();
    }
  });

  it.concurrent('stops a job in a tenant that has tokens switched off', async ({ place }) => {
    const world = await tenant(place, {}, { policyState: 'disabled' });
    try {
      expect(stateOf((await examine(place)).said, 'policy')).toMatch(/^fail: .* switched off/);
      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      expect([ran.exitCode, world.emulator.truth().devices.length]).toEqual([1, 0]);
      expect(ran.stderr).toContain('Entra admin center');
    } finally {
      await world.close();
    }
  });

  it.concurrent('names users who cannot be given a token', async ({ place }) => {
    const [first, second] = users(2);
    const people: SeedUser[] = [];
    if (first !== undefined) people.push({ ...first, accountEnabled: false });
    if (second !== undefined) people.push({ ...second, userType: 'Guest' });
    const world = await tenant(place, {}, { users: people });
    try {
      const { said } = await examine(place);
      expect(stateOf(said, 'users')).toMatch(
        /^warn: 1 does not exist: user3@contoso.example; 1 is a guest: user2@.*; 1 is disabled: user1@/,
      );
      expect(said.ready).toBe(true);
    } finally {
      await world.close();
    }
  });

  it.concurrent('and the run before it writes name who would hold too many', async ({ place }) => {
    const [ada] = users(1);
    const held = Array.from({ length: 5 }, (_, n) => ({
      ...{ serialNumber: `OLD${n}`, secretKey: new Secret(secretOf(`OLD${n}`)), manufacturer: 'Contoso' },
      ...{ model: 'C100', timeIntervalInSeconds: 30 as const, hashFunction: 'hmacsha1' as const },
      ...(ada === undefined ? {} : { assignedTo: ada.id, status: 'assigned' as const }),
    }));
    const world = await tenant(place, {}, { devices: held });
    try {
      const said = /users: 1 would hold more than 5 tokens: user1@contoso.example/;
      expect(stateOf((await examine(place)).said, 'users')).toMatch(
        /^warn: 1 would hold more than 5 tokens: user1@/,
      );
      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      expect([ran.exitCode, ran.stderr]).toEqual([3, expect.stringMatching(said)]);
      expect(place.verdicts()).toEqual(['rejected/refused', 'assigned', 'assigned']);
    } finally {
      await world.close();
    }
  });

  it.concurrent('has its round before a run, of what the run has read: one request more, however many rows', async ({
    place,
  }) => {
    const world = await tenant(place, {}, { users: users(60) });
    try {
      place.manifest([...tokenLines(60), tokenLine(60)]);
      const planned = await place.run(['plan', 'job.yaml'], SECRET);
      const ofPlan = paths(world);
      expect(planned.exitCode).toBe(5);
      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      expect(ran.exitCode).toBe(3);
      expect(ran.stderr).toContain('warning: users: 1 does not exist: user61@contoso.example');
      const beforeWriting = paths(world, ofPlan.length).slice(0, ofPlan.length + 1);
      expect(beforeWriting.toSorted()).toEqual([...ofPlan, POLICY].toSorted());
      expect(paths(world)[ofPlan.length * 2 + 1]).toMatch(/^POST .*hardwareOathDevices$/);
    } finally {
      await world.close();
    }
  });

  it.concurrent('says nothing more of a file, before a run, than was said when it was read', async ({
    place,
  }) => {
    const world = await tenant(place);
    try {
      const serials = ['1001', '1002', '10003'];
      place.manifest(tokenLines(3).map((line, n) => line.replace(serialOf(n), serials[n] ?? '')));
      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      const warnings = ran.stderr.split('\n').filter((line) => line.startsWith('warning: '));
      expect([ran.exitCode, warnings.map((line) => line.split(':')[1]?.trim())]).toEqual([0, ['tokens.csv']]);
    } finally {
      await world.close();
    }
  });

  it.concurrent('lets no run begin that cannot write its reports', async ({ place }) => {
    const world = await tenant(place);
    try {
      place.write('reports', 'a file');
      expect(stateOf((await examine(place)).said, 'reports')).toMatch(
        /^fail: The reports cannot be written below/,
      );
      const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
      expect([ran.exitCode, world.emulator.truth().devices]).toEqual([1, []]);
      expect(ran.stderr).toContain('a file stands where a folder should be');
    } finally {
      await world.close();
    }
  });

  it.concurrent('says that the ledger cannot be written', async ({ place }) => {
    const world = await tenant(place);
    try {
      place.write('.oathbatch', 'a file');
      const { exitCode, said } = await examine(place);
      expect([exitCode, stateOf(said, 'ledger')]).toEqual([1, expect.stringMatching(/^fail: /)]);
    } finally {
      await world.close();
    }
  });

  it.concurrent('says why signing in fails, and what to do', async ({ place }) => {
    const world = await tenant(place, { trouble: 'secret-expired' });
    try {
      const { exitCode, said } = await examine(place);
      expect(exitCode).toBe(1);
      expect(stateOf(said, 'sign-in')).toMatch(/^fail: .*expired \(AADSTS7000222\)\. Make a new one/);
    } finally {
      await world.close();
    }
  });
});

it.concurrent('an application that shall assign a token to "me" is refused before anything is sent', async ({
  place,
}) => {
  const world = await tenant(place);
  try {
    place.manifest([tokenLine(0).replace('user1@contoso.example', 'me')]);
    const ran = await place.run(['run', 'job.yaml', '--yes'], SECRET);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain('tokens.csv:2 assigns a token to me, and an application signed in');
    expect(world.emulator.truth().log).toEqual([]);
  } finally {
    await world.close();
  }
});
