// Microsoft's own JavaScript client against the rehearsal, over real HTTPS: what it takes for Graph, other clients
// will.

import { Client, type PageCollection, PageIterator } from '@microsoft/microsoft-graph-client';
import { Secret as OtpSecret, TOTP } from 'otpauth';
import { Agent } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { ada, bob, DEVICES, methodsOf, SECRET, token } from './rehearsal.js';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const created = z.object({ id: z.string() });

async function serve(): Promise<{ readonly emulator: Emulator; readonly client: Client }> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({ pageSize: 2 }),
    seed: { users: [ada, bob], devices: [] },
    clock: systemClock,
  });
  // Its links are followed over https alone.
  const tls = selfSigned({ notBeforeMs: systemClock.wallMs() });
  const served = await serveEmulator(emulator, { tls });
  const dispatcher = new Agent({ connect: { ca: tls.certificate } });
  cleanups.push(
    () => dispatcher.close(),
    () => served.close(),
  );
  // The types of fetch in the browser, which that client is written for, know no dispatcher.
  const fetchOptions: object = { dispatcher };
  const client = Client.init({
    baseUrl: `${new URL(served.url).origin}/`,
    defaultVersion: 'beta',
    customHosts: new Set(['localhost']),
    fetchOptions,
    authProvider: (done) => done(null, 'rehearsal'),
  });
  return { emulator, client };
}

it("Microsoft's client creates, lists page by page, assigns, activates, unassigns and deletes", async () => {
  const { emulator, client } = await serve();
  const ids: string[] = [];
  for (const serial of ['S1', 'S2', 'S3']) {
    ids.push(created.parse(await client.api(DEVICES).post(token(serial))).id);
  }
  const [id = ''] = ids;

  const seen: string[] = [];
  const first = z.custom<PageCollection>().parse(await client.api(DEVICES).get());
  const pages = new PageIterator(client, first, (item: { serialNumber: string }) => {
    seen.push(item.serialNumber);
    return true;
  });
  await pages.iterate();
  expect(seen).toEqual(['S1', 'S2', 'S3']);
  const filtered: unknown = await client.api(DEVICES).filter("serialNumber eq 'S2'").select('id').get();
  expect(filtered).toMatchObject({ value: [{ id: ids[1] }] });

  const methods = methodsOf(ada);
  await client.api(methods).post({ device: { id } });
  const verificationCode = TOTP.generate({
    ...{ secret: OtpSecret.fromBase32(SECRET), timestamp: systemClock.wallMs() },
  });
  await client.api(`${methods}/${id}/activate`).post({ verificationCode });
  expect(await client.api(methods).get()).toMatchObject({ value: [{ id, device: { status: 'activated' } }] });

  await expect(client.api(methodsOf(bob)).post({ device: { id } })).rejects.toMatchObject({
    statusCode: 400,
    code: 'badRequest',
    requestId: expect.any(String) as string,
  });

  await client.api(`${methods}/${id}`).delete();
  await client.api(`${DEVICES}/${id}`).delete();
  expect(emulator.truth().devices.map(({ serialNumber, status }) => `${serialNumber} ${status}`)).toEqual([
    'S2 available',
    'S3 available',
  ]);
});
