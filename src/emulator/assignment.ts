// Whether a token may come to a user. The one place for this rule: five operations assign.

import type { Call } from './call.js';
import { type Device, heldBy, holderOf } from './device.js';
import { badRequest, type GraphFault, graphFault, userNotFound } from './graph-error.js';
import type { SeedUser } from './tenant.js';

/**
 * Why this user cannot get one more token. The limit counts OATH tokens and authenticator apps together; the
 * emulator has only tokens (graph-api.md, section 2.4). The codes are assumptions: section 8.3.
 */
export function assignmentFault(call: Call, user: SeedUser): GraphFault | undefined {
  if (user.userType === 'Guest')
    return badRequest('A hardware OATH token cannot be assigned to a guest user.');
  const most = call.settings.limits.methodsPerUser;
  if (call.store.countHeldBy(user.id) < most) return undefined;
  return badRequest(`The user has the maximum of ${most} OATH tokens and authenticator apps.`);
}

/** The user of a create with `assignTo`: by object id, never by name (graph-api.md, section 3.1.2). */
export function newHolder(call: Call, userId: string): SeedUser | GraphFault {
  const user = call.store.users.withId(userId);
  return user === undefined ? userNotFound() : (assignmentFault(call, user) ?? user);
}

/** Assigns a token of the inventory and answers the new record, or refuses and changes nothing. */
export function assign(call: Call, user: SeedUser, device: Device): Device | GraphFault {
  const holder = holderOf(device);
  if (holder === user.id) {
    // Not documented; graph-api.md, section 8.3 leaves it to the settings.
    return call.settings.alreadyAssigned === 'accept'
      ? device
      : graphFault(409, 'conflict', 'The token is already assigned to this user.');
  }
  if (holder !== undefined) return badRequest('The token is already assigned to another user.');
  const fault = assignmentFault(call, user);
  if (fault !== undefined) return fault;
  const assigned = heldBy(device, user.id, call.wallMs);
  call.store.replace(assigned);
  return assigned;
}
