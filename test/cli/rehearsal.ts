// A rehearsed tenant for the tests of the command, and what is true in it.

import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { type EmulatorSettingsInput, emulatorSettingsSchema } from '../../src/emulator/settings.js';
import type { SeedUser } from '../../src/emulator/tenant.js';

const truthSchema = z.object({
  devices: z.array(z.object({ serialNumber: z.string(), status: z.string(), holder: z.string().optional() })),
  log: z.array(
    z.object({
      atMs: z.number(),
      path: z.string(),
      status: z.union([z.number(), z.string()]),
      effect: z.boolean(),
      write: z.boolean(),
    }),
  ),
  counters: z.object({ http: z.number(), writes: z.number(), throttled: z.number() }),
});

export type Truth = z.infer<typeof truthSchema>;

export interface Rehearsal {
  /** As `--graph` takes it. */
  readonly url: string;
  readonly truth: () => Promise<Truth>;
  readonly change: (settings: EmulatorSettingsInput) => Promise<void>;
}

/** A rehearsal that is served somewhere. */
export function rehearsalAt(url: string): Rehearsal {
  return {
    url,
    truth: async () => truthSchema.parse(await (await fetch(new URL('/emulator/truth', url))).json()),
    change: async (settings) => {
      const answer = await fetch(new URL('/emulator/settings', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
  };
}

/** Users 1 to `count` of the tests' manifests; the `guests` among them are none of the tenant's own. */
export function users(count: number, guests: readonly number[] = []): readonly SeedUser[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    userPrincipalName: `user${index + 1}@contoso.example`,
    displayName: `User ${index + 1}`,
    accountEnabled: true,
    userType: guests.includes(index + 1) ? 'Guest' : 'Member',
  }));
}

/** A rehearsal inside the test's own process, without tokens: it starts at once. */
export async function serveUsers(
  seed: readonly SeedUser[],
  settings: EmulatorSettingsInput = {},
): Promise<Rehearsal & { readonly close: () => Promise<void> }> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse(settings),
    seed: { users: seed, devices: [] },
    clock: systemClock,
  });
  const server = await serveEmulator(emulator);
  return { ...rehearsalAt(server.url), close: () => server.close() };
}

/** How many writes have taken effect. */
export function effects(truth: Truth): number {
  return truth.log.filter(({ write, effect }) => write && effect).length;
}

/** The serial numbers that somebody holds, in order. */
export function heldTokens(truth: Truth): readonly string[] {
  return truth.devices
    .filter(({ holder }) => holder !== undefined)
    .map(({ serialNumber }) => serialNumber)
    .toSorted();
}
