// A token as the tenant holds it, its states, and how it is shown to a client. Records are never changed in
// place: a change makes a new record, so that a lagging reader can still be shown the old one.

import { assertNever } from '../errors.js';
import type { Secret } from '../secret.js';

export type HashFunction = 'hmacsha1' | 'hmacsha256';
export type TimeInterval = 30 | 60;

/** The states of graph-api.md, section 2.3, so written that a status and a holder cannot contradict. */
export type Custody =
  | { readonly kind: 'stock' }
  | {
      readonly kind: 'held';
      readonly by: string;
      readonly sinceMs: number;
      readonly status: 'assigned' | 'activated' | 'failedActivation';
      readonly wrongCodes: number;
    };

export type DeviceStatus = 'available' | 'assigned' | 'activated' | 'failedActivation';

export interface Device {
  readonly id: string;
  readonly serialNumber: string;
  readonly displayName: string | null;
  readonly manufacturer: string;
  readonly model: string;
  readonly timeIntervalInSeconds: TimeInterval;
  readonly hashFunction: HashFunction;
  /** Unknown for a token that was restored from a snapshot and is in no seed. */
  readonly secret: Secret | undefined;
  readonly lastUsedDateTime: string | null;
  /** Uploaded by CSV: among its user's methods, and not in the inventory list (graph-api.md, section 10.4). */
  readonly isLegacy: boolean;
  readonly custody: Custody;
}

export const IN_STOCK: Custody = { kind: 'stock' };

export function statusOf({ custody }: Device): DeviceStatus {
  switch (custody.kind) {
    case 'stock':
      return 'available';
    case 'held':
      return custody.status;
    default:
      return assertNever(custody);
  }
}

/** The object id of the holder. */
export function holderOf({ custody }: Device): string | undefined {
  return custody.kind === 'held' ? custody.by : undefined;
}

/** The record of a token that has just come to a user. */
export function heldBy(device: Device, userId: string, sinceMs: number): Device {
  return {
    ...device,
    custody: { kind: 'held', by: userId, sinceMs, status: 'assigned', wrongCodes: 0 },
  };
}

export type DeviceView = Readonly<Record<string, unknown>>;

/** The properties of an inventory device, in the order of graph-api.md, section 3.1.2. The secret is always null. */
export function deviceView(device: Device, holderName: string | null): DeviceView {
  const holder = holderOf(device);
  return {
    id: device.id,
    displayName: device.displayName,
    serialNumber: device.serialNumber,
    manufacturer: device.manufacturer,
    model: device.model,
    secretKey: null,
    timeIntervalInSeconds: device.timeIntervalInSeconds,
    status: statusOf(device),
    lastUsedDateTime: device.lastUsedDateTime,
    hashFunction: device.hashFunction,
    assignedTo: holder === undefined ? null : { id: holder, displayName: holderName },
  };
}

/** A user's registration with the device inside it (graph-api.md, section 2.2). Its id is the device's. */
export function methodView(device: Device, view: DeviceView): DeviceView {
  const { custody } = device;
  return {
    '@odata.type': '#microsoft.graph.hardwareOathAuthenticationMethod',
    id: device.id,
    createdDateTime: custody.kind === 'held' ? new Date(custody.sinceMs).toISOString() : null,
    lastUsedDateTime: device.lastUsedDateTime,
    device: view,
  };
}
