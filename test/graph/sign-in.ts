// The rehearsal's Graph and sign-in service over TLS, with a certificate made for the test, and the real identity
// library in front of it.

import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { type EmulatorSettingsInput, emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { type Credential, createTokenSource, type TokenSource } from '../../src/graph/credential.js';
import { createHttpTransport } from '../../src/graph/http.js';
import { ada, bob } from '../emulator/rehearsal.js';

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const APP = '22222222-2222-4222-8222-222222222222';

/** Made once: to sign is quick, and to make a key is not. */
const server = selfSigned({ notBeforeMs: systemClock.wallMs() });

export interface SignInRehearsal {
  readonly emulator: Emulator;
  /** `https://localhost:1234` */
  readonly origin: string;
  readonly ca: string;
  /** What the person at the terminal was told. */
  readonly told: readonly string[];
  source(credential: Credential, more?: { readonly trusts?: boolean }): TokenSource;
  /** Nobody listens any more. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function rehearseSignIn(
  signIn: NonNullable<EmulatorSettingsInput['signIn']> = {},
): Promise<SignInRehearsal> {
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({ signIn }),
    seed: { users: [ada, bob], devices: [] },
    clock: systemClock,
  });
  const served = await serveEmulator(emulator, { tls: server });
  const origin = new URL(served.url).origin;
  const told: string[] = [];
  let isStopped = false;
  const transports = [createHttpTransport({ ca: server.certificate }), createHttpTransport()] as const;
  return {
    ...{ emulator, origin, told, ca: server.certificate },
    source: (credential, { trusts = true } = {}) =>
      createTokenSource(credential, {
        ...{ authority: origin, scope: 'https://graph.microsoft.com/.default' },
        transport: transports[trusts ? 0 : 1],
        ...{ tell: (text: string) => told.push(text), nowWallMs: () => systemClock.wallMs() },
      }),
    stop: async () => {
      isStopped = true;
      await served.close();
    },
    close: async () => {
      await Promise.all(transports.map((transport) => transport.close()));
      if (!isStopped) await served.close();
    },
  };
}
