// Gives a token to a user without activating it: graph-api.md, section 3.2.

import { z } from 'zod';
import type { Device } from '../device.js';
import { NOT_SO, type Operation, type Standing, type Wanted } from '../operation.js';
import { LIST_METHODS } from './list-methods.js';
import { WRITE_METHODS } from './permissions.js';

/** Whether the user who is meant holds the token. */
export function heldBy(device: Device | undefined, { userId }: Wanted): Standing {
  if (device?.assignedToId === undefined) return NOT_SO;
  const { id, assignedToId } = device;
  return assignedToId === userId
    ? { kind: 'so', deviceId: id }
    : { kind: 'held-by-other', holderId: assignedToId };
}

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
  alreadySo: { witnesses: ['device'], judge: ([device], wanted) => heldBy(device, wanted) },
} as const satisfies Operation;
