// Proves with a one-time code that a token and its secret belong together: graph-api.md, section 3.2.

import { z } from 'zod';
import { NOT_SO, type Operation } from '../operation.js';
import { heldBy } from './assign-device.js';
import { WRITE_METHODS } from './permissions.js';
import { UNASSIGN_DEVICE } from './unassign-device.js';

export const ACTIVATE_DEVICE = {
  name: 'activate a token',
  method: 'POST',
  path: `${UNASSIGN_DEVICE.path}/activate`,
  documentation:
    'https://learn.microsoft.com/graph/api/hardwareoathauthenticationmethod-activate?view=graph-rest-beta',
  permissions: WRITE_METHODS,
  success: [204],
  request: z.strictObject({
    verificationCode: z.string().regex(/^\d{6}$/),
    displayName: z.string().exactOptional(),
  }),
  alreadySo: {
    witnesses: ['device'],
    judge: ([device], wanted) => {
      const held = heldBy(device, wanted);
      return held.kind === 'so' && device?.status !== 'activated' ? NOT_SO : held;
    },
  },
} as const satisfies Operation;
