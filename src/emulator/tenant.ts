// The tenant as it is handed in and out: the seed that an emulator starts from, and the snapshot that it
// goes on from. A seed may hold secrets; a snapshot never does.

import { z } from 'zod';
import { invariant } from '../errors.js';
import type { Random } from '../random.js';
import type { Secret } from '../secret.js';
import {
  type Custody,
  type Device,
  type DeviceStatus,
  type HashFunction,
  IN_STOCK,
  type TimeInterval,
} from './device.js';
import { quickUuid } from './streams.js';

const userSchema = z.strictObject({
  id: z.string(),
  userPrincipalName: z.string(),
  displayName: z.string(),
  accountEnabled: z.boolean(),
  userType: z.enum(['Member', 'Guest']),
  /** What the report of registered methods shows beside hardware tokens, as `mobilePhone`. */
  otherMethods: z.array(z.string()).readonly().exactOptional(),
});

export type SeedUser = Readonly<z.output<typeof userSchema>>;

export interface SeedDevice {
  /** Drawn from the seed when left out. */
  readonly id?: string;
  readonly serialNumber: string;
  readonly displayName?: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly timeIntervalInSeconds: TimeInterval;
  readonly hashFunction: HashFunction;
  readonly secretKey?: Secret;
  /** The holder's object id. */
  readonly assignedTo?: string;
  /** `assigned` for a held token, `available` for another, when left out. */
  readonly status?: DeviceStatus;
  readonly lastUsedDateTime?: string;
  /** Uploaded by CSV: such a token has a holder (graph-api.md, section 10.1). */
  readonly legacy?: boolean;
}

export interface TenantSeed {
  readonly users: readonly SeedUser[];
  readonly devices: readonly SeedDevice[];
  /** Whether hardware OATH tokens are switched on; `enabled` when left out. */
  readonly policyState?: 'enabled' | 'disabled';
}

const policySchema = z.strictObject({
  state: z.enum(['enabled', 'disabled']),
  includeTargets: z.array(z.unknown()),
  excludeTargets: z.array(z.unknown()),
});

/** The switch of graph-api.md, section 3.3. */
export interface PolicyState {
  readonly state: 'enabled' | 'disabled';
  readonly includeTargets: readonly unknown[];
  readonly excludeTargets: readonly unknown[];
}

/** What `DELETE` puts back (graph-api.md, section 3.3). */
export const DEFAULT_POLICY: PolicyState = {
  state: 'disabled',
  includeTargets: [{ targetType: 'group', id: 'all_users', isRegistrationRequired: false }],
  excludeTargets: [],
};

const custodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stock') }),
  z.strictObject({
    kind: z.literal('held'),
    by: z.string(),
    sinceMs: z.number(),
    status: z.enum(['assigned', 'activated', 'failedActivation']),
    wrongCodes: z.int(),
  }),
]);

const deviceSchema = z.strictObject({
  id: z.string(),
  serialNumber: z.string(),
  displayName: z.string().nullable(),
  manufacturer: z.string(),
  model: z.string(),
  timeIntervalInSeconds: z.union([z.literal(30), z.literal(60)]),
  hashFunction: z.enum(['hmacsha1', 'hmacsha256']),
  lastUsedDateTime: z.string().nullable(),
  isLegacy: z.boolean(),
  /** The user's method is the custody of the device, so that the two cannot contradict each other. */
  custody: custodySchema,
});

/** One line of a snapshot file. A later line about the same thing replaces an earlier one. */
export const snapshotEntrySchema = z.union([
  z.strictObject({ device: deviceSchema }),
  z.strictObject({ user: userSchema }),
  z.strictObject({ removed: z.string() }),
  z.strictObject({ policy: policySchema }),
]);

/** A part of the tenant as it is now, without a secret; `removed` is the id of a deleted token. */
export type SnapshotEntry =
  | { readonly device: SnapshotDevice }
  | { readonly user: SeedUser }
  | { readonly removed: string }
  | { readonly policy: PolicyState };

export type SnapshotDevice = Omit<Device, 'secret'>;

/** The whole tenant without a secret. It can be written as JSON. */
export interface TenantSnapshot {
  readonly policy: PolicyState;
  readonly users: readonly SeedUser[];
  readonly devices: readonly SnapshotDevice[];
}

function seedCustody(seed: SeedDevice, nowMs: number): Custody {
  const { assignedTo, status } = seed;
  if (assignedTo === undefined) {
    invariant(
      seed.legacy !== true,
      `the legacy token ${seed.serialNumber} of the tenant's seed has a holder`,
    );
    invariant(
      status === undefined || status === 'available',
      `${seed.serialNumber} of the tenant's seed is ${status} and held by nobody`,
    );
    return IN_STOCK;
  }
  invariant(status !== 'available', `${seed.serialNumber} of the tenant's seed is available and held`);
  return { kind: 'held', by: assignedTo, sinceMs: nowMs, status: status ?? 'assigned', wrongCodes: 0 };
}

/** The record of a token that the tenant holds from the start. */
export function seedDevice(seed: SeedDevice, ids: Random, nowMs: number): Device {
  const { serialNumber, manufacturer, model, timeIntervalInSeconds, hashFunction } = seed;
  return {
    id: seed.id ?? quickUuid(ids),
    ...{ serialNumber, manufacturer, model, timeIntervalInSeconds, hashFunction },
    displayName: seed.displayName ?? null,
    secret: seed.secretKey,
    lastUsedDateTime: seed.lastUsedDateTime ?? null,
    isLegacy: seed.legacy ?? false,
    custody: seedCustody(seed, nowMs),
  };
}

/** A token without its secret, property by property: what is not named here cannot leak. */
export function snapshotDevice(device: Device): SnapshotDevice {
  const { id, serialNumber, displayName, manufacturer, model } = device;
  const { timeIntervalInSeconds, hashFunction, lastUsedDateTime, isLegacy, custody } = device;
  return {
    ...{ id, serialNumber, displayName, manufacturer, model },
    ...{ timeIntervalInSeconds, hashFunction, lastUsedDateTime, isLegacy, custody },
  };
}

/** The tokens of a snapshot, with the secrets that the seed knows. */
export function restoreDevices(snapshot: TenantSnapshot, seed: TenantSeed): readonly Device[] {
  const keyOf = (serialNumber: string, isLegacy: boolean): string => `${isLegacy}/${serialNumber}`;
  const secrets = new Map(
    seed.devices.map((device) => [keyOf(device.serialNumber, device.legacy ?? false), device.secretKey]),
  );
  return snapshot.devices.map((device) => ({
    ...device,
    secret: secrets.get(keyOf(device.serialNumber, device.isLegacy)),
  }));
}
