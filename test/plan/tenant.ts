// A tenant of few tokens and users, and lines about them, as the stages before the plan hand them over.

import { serialKey, userKey } from '../../src/lookup-key.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { Secret } from '../../src/secret.js';
import type { HeldToken } from '../../src/tenant/methods.js';
import type { Device, Observed } from '../../src/tenant/observed.js';

export function device(id: string, serialNumber: string, assignedToId?: string, status?: string): Device {
  return {
    ...{ id, serialNumber, manufacturer: 'Contoso', model: 'T1', timeIntervalInSeconds: 30 },
    ...{ hashFunction: 'hmacsha1', assignedToId, lastUsedDateTime: undefined },
    status: status ?? (assignedToId === undefined ? 'available' : 'assigned'),
  };
}

/** Ada and Bob are members, Guest is a guest, and everybody's id is the name behind `u-`. */
export function tenant(
  devices: readonly Device[],
  methods?: Readonly<Record<string, readonly HeldToken[]>>,
): Observed {
  const keys = new Set(devices.map(({ serialNumber }) => serialKey(serialNumber)));
  return {
    devices: new Map(
      [...keys].map((key) => [key, devices.filter(({ serialNumber }) => serialKey(serialNumber) === key)]),
    ),
    users: new Map(
      ['ada', 'bob', 'guest'].map((name) => [
        userKey(`${name}@x.test`),
        {
          ...{ id: `u-${name}`, userPrincipalName: `${name}@x.test` },
          ...{ accountEnabled: true, isGuest: name === 'guest' },
        },
      ]),
    ),
    ...(methods === undefined ? {} : { methods: new Map(Object.entries(methods)) }),
  };
}

export const TOKEN: NonNullable<DesiredRow['token']> = {
  secretKey: new Secret('LEAKCANARYGEZDGNBVGY3TQOJQ'),
  ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', manufacturer: 'Contoso', model: 'T1' },
};

/** A line about a token, whose secret is in no manifest unless `more` has it. */
export function line(serialNumber: string, user?: string, more: Partial<DesiredRow> = {}): DesiredRow {
  return {
    ...{ n: 0, address: { file: 'people.csv', line: 2 }, serialNumber },
    ...(user === undefined ? {} : { user: `${user}@x.test` }),
    ...more,
  };
}
