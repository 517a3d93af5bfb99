// docs/first-tenant.md, walked: its shell lines, its job file and its commands are taken from the page and run in its
// order, against the rehearsal's Graph and sign-in service over TLS. The steps in the portals are the rehearsal's
// settings; an endpoint of one's own is the only thing that the job names beside what the page says.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { createHttpTransport } from '../../src/graph/http.js';
import { codeAt } from '../../src/provision/activation-code.js';
import { Secret } from '../../src/secret.js';
import { type Ended, HEADING, it, type Place, secretOf, serialOf } from './command.js';
import { users } from './rehearsal.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const APP = '22222222-2222-4222-8222-222222222222';
const SECRET = 'rehearsal-secret';
const FIVE = [0, 1, 2, 3, 4];

const page = readFileSync(fileURLToPath(new URL('../../docs/first-tenant.md', import.meta.url)), 'utf8');

/** The block of this language, which the page has one of. */
function block(language: string): string {
  return new RegExp(`\n\`\`\`${language}\n(.*?)\n\`\`\`\n`, 's').exec(page)?.[1] ?? '';
}

/** Every command of the page's table, in its order. */
const commands = [...page.matchAll(/^\| `oathbatch ([^`]+)` \|/gm)].map(([, line]) => line ?? '');

/** What the page lets an administrator grant. */
const permissions = [...(/Application permissions\*: (.*)$/m.exec(page)?.[1] ?? '').matchAll(/`([^`]+)`/g)]
  .map(([, name]) => name ?? '')
  .filter((name) => /^[A-Z]/.test(name));

/** The files of step 3: five lines of the vendor's, and who gets them. */
function writeFiles(place: Place, origin: string): void {
  const tokens = FIVE.map((n) => `,${serialOf(n)},${secretOf(serialOf(n))},30,Contoso,C100`);
  place.write('pilot.csv', `${[HEADING, ...tokens].join('\n')}\n`);
  const given = FIVE.map((n) => `${serialOf(n)},user${n + 1}@contoso.example`);
  place.write('assignments.csv', `${['serial number,user', ...given].join('\n')}\n`);
  const job = block('yaml')
    .replace('TENANT', TENANT)
    .replace('APP', APP)
    .replace('graph: global', `graph: ${origin}/beta`);
  place.write('pilot.yaml', `${job}\nconnection: { ca: ca.pem, authority: ${origin} }\n`);
}

/** Step 5: each of the five enters the code that the token shows. */
async function activateAll(emulator: Emulator, origin: string, ca: string): Promise<void> {
  const transport = createHttpTransport({ ca });
  try {
    const signedIn = await transport.send({
      ...{ method: 'POST', url: `${origin}/${TENANT}/oauth2/v2.0/token` },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_id: APP, client_secret: SECRET },
        scope: `${origin}/.default`,
      }).toString(),
    });
    if (signedIn.kind !== 'answer') throw new Error(signedIn.reason);
    const { access_token: token } = z.object({ access_token: z.string() }).parse(JSON.parse(signedIn.body));
    for (const { id, serialNumber, holder, manufacturer, model } of emulator.truth().devices) {
      const details = {
        ...{ secretKey: new Secret(secretOf(serialNumber)), manufacturer, model },
        ...{ timeIntervalInSeconds: 30 as const, hashFunction: 'hmacsha1' as const },
      };
      const answer = await transport.send({
        method: 'POST',
        url: `${origin}/beta/users/${holder ?? ''}/authentication/hardwareOathMethods/${id}/activate`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ verificationCode: codeAt(details, systemClock.wallMs()) }),
      });
      expect(answer).toMatchObject({ kind: 'answer', status: 204 });
    }
  } finally {
    await transport.close();
  }
}

it('docs/first-tenant.md leads from an empty app registration to a verified pilot of five tokens', async ({
  place,
}) => {
  const tls = selfSigned({ notBeforeMs: systemClock.wallMs() });
  // Steps 1 and 2 in the portals: tokens are switched on, the application is registered and has its permissions.
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({ signIn: { roles: permissions } }),
    seed: { users: users(5), devices: [] },
    clock: systemClock,
  });
  const served = await serveEmulator(emulator, { tls });
  const { origin } = new URL(served.url);
  try {
    expect(permissions).toContain('Policy.ReadWrite.AuthenticationMethod');
    await promisify(execFile)('sh', ['-e', '-c', block('sh')], { cwd: place.directory });
    place.write('ca.pem', tls.certificate);
    writeFiles(place, origin);

    expect(commands).toHaveLength(5);
    const [rehearse = '', look = '', plan = '', apply = '', verify = ''] = commands;
    const run = (line: string, ...more: readonly string[]): Promise<Ended> =>
      place.run([...line.split(' '), ...more]);

    expect(rehearse).toMatch(/^run .*--graph emulator/);
    expect([(await run(rehearse)).exitCode, place.verdicts()]).toEqual([0, FIVE.map(() => 'assigned')]);
    expect(emulator.truth().log).toEqual([]);

    expect(look).toMatch(/^doctor /);
    const looked = await run(look);
    expect([looked.exitCode, looked.stdout]).toEqual([0, expect.not.stringMatching(/[✗!] /)]);

    expect(plan).toMatch(/^plan .*--out /);
    const planned = await run(plan);
    expect(planned.exitCode).toBe(5);
    expect(planned.stdout).toMatch(/5 to create/);
    expect(planned.stdout).toMatch(/5 to assign/);
    expect(planned.stdout).not.toContain('conflict');
    for (const n of FIVE) expect(planned.stdout).toContain(`${serialOf(n)} → user${n + 1}@contoso.example`);

    expect(apply).toMatch(/^apply /);
    expect((await run(apply)).stderr).toContain('nobody is at the terminal to agree to it');
    expect(emulator.truth().devices).toEqual([]);
    expect([(await run(apply, '--yes')).exitCode, place.verdicts()]).toEqual([0, FIVE.map(() => 'assigned')]);
    const report = place.read(`${place.reports()}/report.html`);
    const sent = place.rows().map(({ request_id }) => request_id);
    // One request has created and given all five.
    expect(sent).toEqual(FIVE.map(() => sent[0]));
    expect(sent[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(report).toContain(sent[0]);

    expect(verify).toMatch(/^verify /);
    const writes = emulator.truth().counters.writes;
    expect([(await run(verify)).exitCode, place.verdicts()]).toEqual([0, FIVE.map(() => 'assigned')]);
    await activateAll(emulator, origin, tls.certificate);
    expect([(await run(verify)).exitCode, place.verdicts()]).toEqual([0, FIVE.map(() => 'activated')]);
    expect(emulator.truth().counters.writes).toBe(writes + 5);
  } finally {
    await served.close();
  }
});
