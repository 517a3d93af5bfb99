// An emulator in virtual time, with a few users, and short ways to ask it something.

import { Secret as OtpSecret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import { z } from 'zod';
import { Emulator, type EmulatorReply } from '../../src/emulator/emulator.js';
import { type EmulatorSettingsInput, emulatorSettingsSchema } from '../../src/emulator/settings.js';
import type { SeedDevice, SeedUser, TenantSnapshot } from '../../src/emulator/tenant.js';
import { VirtualClock } from '../virtual-clock.js';

export const DEVICES = '/directory/authenticationMethodDevices/hardwareOathDevices';

export function methodsOf(user: SeedUser): string {
  return `/users/${user.id}/authentication/hardwareOathMethods`;
}

function person(n: number, name: string, userType: 'Member' | 'Guest' = 'Member'): SeedUser {
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    userPrincipalName: `${name.toLowerCase()}@contoso.example`,
    displayName: name,
    accountEnabled: true,
    userType,
  };
}

export const ada = person(1, 'Ada');
export const bob = person(2, 'Bob');
export const gus = person(3, 'Gus', 'Guest');

/** Made up: the ASCII text of RFC 6238, Appendix B. */
export const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** The body that creates a token. */
export function token(
  serialNumber: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    ...{ serialNumber, manufacturer: 'Contoso', model: 'T1', secretKey: SECRET },
    ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1' },
    ...more,
  };
}

export function seedToken(serialNumber: string, more: Partial<SeedDevice> = {}): SeedDevice {
  return {
    ...{ id: `id-${serialNumber}`, serialNumber, manufacturer: 'Contoso', model: 'T1' },
    ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1' },
    ...more,
  };
}

export interface Parts {
  readonly settings?: EmulatorSettingsInput;
  readonly users?: readonly SeedUser[];
  readonly devices?: readonly SeedDevice[];
  readonly snapshot?: TenantSnapshot;
  readonly clock?: VirtualClock;
}

/** An answer with its body as JSON; members are looked up by `at`. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

const containerSchema = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** A member deep inside a JSON value: `at(json, 'error', 'code')`. */
export function at(json: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    const container = containerSchema.safeParse(value).data;
    return Array.isArray(container) ? container[Number(key)] : container?.[key];
  }, json);
}

/** The items of a list. */
export function items(json: unknown): readonly unknown[] {
  return z.array(z.unknown()).parse(at(json, 'value'));
}

export class Rehearsal {
  readonly clock: VirtualClock;
  readonly emulator: Emulator;

  constructor(parts: Parts = {}) {
    this.clock = parts.clock ?? new VirtualClock();
    this.emulator = new Emulator({
      settings: emulatorSettingsSchema.parse(parts.settings ?? {}),
      seed: { users: parts.users ?? [ada, bob, gus], devices: parts.devices ?? [] },
      clock: this.clock,
      ...(parts.snapshot === undefined ? {} : { snapshot: parts.snapshot }),
    });
  }

  /** The raw reply; time passes as far as the reply needs. */
  reply(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EmulatorReply> {
    const type: Readonly<Record<string, string>> =
      body === undefined ? {} : { 'content-type': 'application/json' };
    const request = {
      ...{ method, path: `/beta${path}`, headers: { host: 'graph.test', ...type, ...headers } },
      body: body === undefined ? '' : JSON.stringify(body),
    };
    return this.clock.run(this.emulator.handle(request));
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Told> {
    const reply = await this.reply(method, path, body, headers);
    if (reply.kind === 'reset') throw new Error(`${method} ${path} was reset`);
    const json: unknown = reply.body === '' ? undefined : JSON.parse(reply.body);
    return { status: reply.status, headers: reply.headers, text: reply.body, json };
  }

  get(path: string): Promise<Told> {
    return this.send('GET', path);
  }

  post(path: string, body?: unknown): Promise<Told> {
    return this.send('POST', path, body);
  }

  /** Creates a token and answers its id. */
  async create(serialNumber: string, more?: Readonly<Record<string, unknown>>): Promise<string> {
    const { json } = await this.post(DEVICES, token(serialNumber, more));
    return z.string().parse(at(json, 'id'));
  }

  /** The code of the test secret, `offsetMs` from now. */
  code(offsetMs = 0, period = 30, algorithm = 'SHA1'): string {
    const secret = OtpSecret.fromBase32(SECRET);
    return TOTP.generate({ secret, algorithm, digits: 6, period, timestamp: this.clock.wallMs() + offsetMs });
  }

  /** Six digits that are not a code of the test secret within the tolerance. */
  wrongCode(): string {
    const secret = OtpSecret.fromBase32(SECRET);
    for (let code = 0; ; code += 1) {
      const text = String(code).padStart(6, '0');
      const found = TOTP.validate({ token: text, secret, timestamp: this.clock.wallMs(), window: 2_900 });
      if (found === null) return text;
    }
  }

  /** The statuses in the tenant by serial number: the truth. */
  statuses(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.emulator.truth().devices.map((device) => [device.serialNumber, device.status]),
    );
  }

  /** Holders by serial number: the truth. */
  holders(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(
      this.emulator.truth().devices.map((device) => [device.serialNumber, device.holder]),
    );
  }
}

/** Any text of this form, inside an expectation. */
export function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
