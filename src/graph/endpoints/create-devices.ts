// Puts many tokens into the inventory in one request: graph-api.md, section 3.1.3. What is answered for a single
// one that fails is not documented, so that a list has to settle it.

import { z } from 'zod';
import type { Operation } from '../operation.js';
import { newDevice } from './create-device.js';
import { LIST_DEVICES } from './list-devices.js';
import { WRITE_INVENTORY } from './permissions.js';

export const CREATE_DEVICES = {
  name: 'create many tokens',
  method: 'PATCH',
  path: LIST_DEVICES.path,
  documentation:
    'https://learn.microsoft.com/graph/api/authenticationmethoddevice-update?view=graph-rest-beta',
  permissions: WRITE_INVENTORY,
  // 201 is documented, 200 was observed.
  success: [201, 200],
  request: z.strictObject({
    '@context': z.literal('#$delta'),
    value: z.array(newDevice.omit({ displayName: true }).extend({ '@contentId': z.string() })).min(1),
  }),
  response: z.object({ value: z.array(z.unknown()) }),
} as const satisfies Operation;
