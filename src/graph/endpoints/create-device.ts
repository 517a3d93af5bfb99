// Puts one token into the inventory: graph-api.md, section 3.1.2. Its body is the one place that a secret goes to.

import { z } from 'zod';
import { deviceItem } from '../device.js';
import { NOT_SO, type Operation } from '../operation.js';
import { LIST_DEVICES } from './list-devices.js';
import { WRITE_INVENTORY } from './permissions.js';

/** All but `hashFunction`, `displayName` and `assignTo` are required. */
export const newDevice = z.strictObject({
  serialNumber: z.string().min(1),
  manufacturer: z.string().min(1),
  model: z.string().min(1),
  /** In the clear; base32, at most 128 characters (graph-api.md, section 2.1). */
  secretKey: z.string().regex(/^[A-Za-z2-7]{1,128}$/),
  timeIntervalInSeconds: z.union([z.literal(30), z.literal(60)]),
  hashFunction: z.enum(['hmacsha1', 'hmacsha256']).exactOptional(),
  displayName: z.string().exactOptional(),
  /** By object id; the caller must be allowed to assign as well (graph-api.md, section 3.1). */
  assignTo: z.strictObject({ id: z.string().min(1) }).exactOptional(),
});

export const CREATE_DEVICE = {
  name: 'create a token',
  method: 'POST',
  path: LIST_DEVICES.path,
  documentation:
    'https://learn.microsoft.com/graph/api/authenticationmethoddevice-post-hardwareoathdevices?view=graph-rest-beta',
  permissions: WRITE_INVENTORY,
  success: [201],
  request: newDevice,
  response: deviceItem,
  alreadySo: {
    witnesses: ['serial-number'],
    judge: (shown, { replacedId }) => {
      const created = shown.find(({ id }) => id !== replacedId);
      return created === undefined ? NOT_SO : { kind: 'so', deviceId: created.id };
    },
  },
} as const satisfies Operation;
