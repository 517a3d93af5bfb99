// Gives a token to a user without activating it: graph-api.md, section 3.2.

import { z } from 'zod';
import type { Operation } from '../operation.js';
import { LIST_METHODS } from './list-methods.js';
import { WRITE_METHODS } from './permissions.js';

export const ASSIGN_DEVICE = {
  name: 'assign a token',
  method: 'POST',
  path: LIST_METHODS.path,
  documentation:
    'https://learn.microsoft.com/graph/api/authentication-post-hardwareoathmethods?view=graph-rest-beta',
  permissions: WRITE_METHODS,
  success: [201],
  // The page's table calls the property id; its examples, and real tools, write device.id.
  request: z.strictObject({ device: z.strictObject({ id: z.string().min(1) }) }),
  // The method, without its token.
  response: z.object({ id: z.string() }),
  /** By the holder and not by the status, which the documents contradict themselves about (section 2.3). */
  alreadySo: (device, { userId }) => device?.assignedToId === userId,
} as const satisfies Operation;
