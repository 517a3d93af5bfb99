// Rows, devices and progress as the stages before hand them over.

import { serialKey, userKey } from '../../src/lookup-key.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import type { PlannedRow } from '../../src/plan/plan.js';
import type { Evidence, RowProgress } from '../../src/reconcile/reconcile.js';
import type { HeldToken } from '../../src/tenant/methods.js';
import type { Device, User } from '../../src/tenant/observed.js';

export function device(id: string, serialNumber: string, more: Partial<Device> = {}): Device {
  return {
    ...{ id, serialNumber, manufacturer: 'Contoso', model: 'T1', timeIntervalInSeconds: 30 },
    ...{ hashFunction: 'hmacsha1', status: more.assignedToId === undefined ? 'available' : 'assigned' },
    ...{ assignedToId: undefined, lastUsedDateTime: undefined },
    ...more,
  };
}

export function planned(more: Partial<PlannedRow> = {}): PlannedRow {
  return {
    ...{ n: 0, address: { file: 'tokens.csv', line: 2 }, serialNumber: 'S1', user: 'ada@x.test' },
    ...{ userId: 'u-ada', deviceId: '', expect: 'assigned', actions: ['create', 'assign'] },
    ...more,
  };
}

export function progress(state: RowProgress['state'], more: Partial<RowProgress> = {}): RowProgress {
  return {
    ...{
      state,
      attempts: 2,
      deviceId: 'd1',
      clientRequestId: 'ours',
      requestId: 'theirs',
      reason: '',
      detail: '',
    },
    ...more,
  };
}

/** What lists have shown: these tokens, and these methods of users. */
export function shown(
  devices: readonly Device[],
  methods: Readonly<Record<string, readonly HeldToken[]>> = {},
): Evidence {
  const byKey = new Map<string, Device[]>();
  for (const one of devices) {
    const key = serialKey(one.serialNumber);
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return { devices: byKey, methods: new Map(Object.entries(methods)) };
}

/** A line of the files about the token S1, whose secret no manifest has. */
export function desired(more: Partial<DesiredRow> = {}): DesiredRow {
  return { n: 0, address: { file: 'tokens.csv', line: 2 }, serialNumber: 'S1', ...more };
}

export function user(name: string, more: Partial<User> = {}): User {
  return {
    ...{ id: `u-${name}`, userPrincipalName: `${name}@x.test` },
    ...{ accountEnabled: true, isGuest: false },
    ...more,
  };
}

/** Users by the names that the files have for them. */
export function named(...users: readonly User[]): Map<string, User | undefined> {
  return new Map(users.map((one) => [userKey(one.userPrincipalName), one]));
}
