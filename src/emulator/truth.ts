// The ground truth, for tests and for the operator's curiosity. The pipeline never looks at it.

import type { AccessEntry, AccessLog, Counters } from './access-log.js';
import { type DeviceStatus, holderOf, statusOf } from './device.js';
import type { Store } from './store.js';
import type { PolicyState } from './tenant.js';

export interface TruthDevice {
  readonly id: string;
  readonly serialNumber: string;
  readonly displayName: string | null;
  readonly manufacturer: string;
  readonly model: string;
  readonly timeIntervalInSeconds: 30 | 60;
  readonly hashFunction: 'hmacsha1' | 'hmacsha256';
  readonly status: DeviceStatus;
  /** The object id of the holder. */
  readonly holder: string | undefined;
  readonly legacy: boolean;
}

export interface TenantTruth {
  /** In the order of creation. */
  readonly devices: readonly TruthDevice[];
  /** Device ids by user id; users without a method are left out. */
  readonly methods: Readonly<Record<string, readonly string[]>>;
  readonly policy: PolicyState;
  readonly log: readonly AccessEntry[];
  readonly counters: Counters;
}

export function truthOf(store: Store, log: AccessLog): TenantTruth {
  const methods = new Map<string, string[]>();
  const devices = [...store.devices()].map((device): TruthDevice => {
    const holder = holderOf(device);
    if (holder !== undefined) methods.set(holder, [...(methods.get(holder) ?? []), device.id]);
    // Property by property: what is not named here, such as the secret, cannot leak.
    const { id, serialNumber, displayName, manufacturer, model, timeIntervalInSeconds, hashFunction } =
      device;
    return {
      ...{ id, serialNumber, displayName, manufacturer, model, timeIntervalInSeconds, hashFunction },
      ...{ status: statusOf(device), holder, legacy: device.isLegacy },
    };
  });
  return {
    devices,
    methods: Object.fromEntries(methods),
    policy: store.policy,
    log: log.entries.map((entry) => ({ ...entry })),
    counters: { ...log.counters },
  };
}
