// The ways that take something away: a token from its holder, a token from the inventory, a wrong secret. None of
// them follows from what a file leaves out: a line asks for each. Pure.

import type { Device } from '../tenant/observed.js';
import type { EarlyVerdict, Seen } from './decide.js';
import { alreadyHeld, givingSteps, type Step, type Way } from './way.js';

/** Takes the token from whoever holds it, or from the user whom the row names and from nobody else. */
export function unassign({ devices, user, row, expect }: Seen): Way | EarlyVerdict {
  const [device] = devices;
  if (device === undefined) return notThere(row.serialNumber);
  const holderId = device.assignedToId;
  if (holderId === undefined) return { steps: [], expect, already: 'in-inventory' };
  if (user !== undefined && user.id !== holderId) return heldByOther(device);
  return { steps: [unassignStep(device.id, holderId)], expect, already: 'in-inventory' };
}

/** Takes the token out of the inventory. That of a holder is deleted only when the row names the holder. */
export function remove({ devices, user, expect }: Seen): Way | EarlyVerdict {
  const [device] = devices;
  if (device === undefined) return { steps: [], expect, already: 'deleted' };
  const holderId = device.assignedToId;
  if (holderId !== undefined && user === undefined) return stillHeld(device);
  if (holderId !== undefined && user?.id !== holderId) return heldByOther(device);
  return { steps: removal(device), expect, already: 'deleted' };
}

/** Takes all tokens of the inventory from a user who leaves. */
export function leave({ user, tenant, expect }: Seen): Way {
  const held = user === undefined ? [] : tenant.heldBy(user.id);
  const userId = user?.id ?? '';
  return { steps: held.map(({ id }) => unassignStep(id, userId)), expect, already: 'in-inventory' };
}

/** Gives the user this token in place of another: the old one goes first, for a user may hold five at most. */
export function replace(seen: Seen): Way | EarlyVerdict {
  const { row, devices, user, tenant, expect } = seen;
  const [device] = devices;
  const [old, ...others] = tenant.withSerial(row.replaces ?? '');
  const giving: readonly Step[] = [
    ...(device === undefined ? [{ kind: 'create' } as const] : []),
    ...givingSteps(seen),
  ];
  if (others.length > 0) return ambiguous(row.replaces ?? '');
  if (old === undefined && giving.some(({ kind }) => kind !== 'activate'))
    return notThere(row.replaces ?? '');
  const holderId = old?.assignedToId;
  if (old === undefined || holderId === undefined) {
    return { steps: giving, expect, already: alreadyHeld(device) };
  }
  if (holderId !== user?.id) return heldByOther(old);
  const created = giving.filter(({ kind }) => kind === 'create');
  const given = giving.filter(({ kind }) => kind !== 'create');
  return {
    steps: [...created, unassignStep(old.id, holderId), ...given],
    expect,
    already: alreadyHeld(device),
  };
}

/**
 * Puts the secret right, which the API cannot change: unassign, delete, create, assign (graph-api.md,
 * section 3.1.4). A token that is activated has the right secret, and one that was created again has this one.
 */
export function recreate(seen: Seen): Way | EarlyVerdict {
  const { row, rules, devices, user, expect, activates } = seen;
  const [device] = devices;
  if (row.token === undefined) {
    return {
      verdict: 'invalid',
      reason: 'secret-not-known',
      detail: 'The token is to be created again, and no manifest has its secret.',
      next: 'Add the manifest with the right secret; nothing was deleted.',
    };
  }
  const anew: readonly Step[] = [
    { kind: 'create' },
    ...(row.user === undefined ? [] : [{ kind: 'assign' } as const]),
    ...(activates ? [{ kind: 'activate' } as const] : []),
  ];
  if (device === undefined) return { steps: anew, expect, already: 'in-inventory' };
  const holderId = device.assignedToId;
  if (holderId !== undefined && user === undefined) return stillHeld(device);
  if (holderId !== undefined && holderId !== user?.id) return heldByOther(device);
  if (device.status === 'activated' || rules.recreated?.has(device.id) === true) {
    const steps = row.user === undefined ? [] : givingSteps(seen);
    return { steps, expect, already: row.user === undefined ? 'in-inventory' : alreadyHeld(device) };
  }
  return { steps: [...removal(device), ...anew], expect, already: 'assigned' };
}

function unassignStep(deviceId: string, userId: string): Step {
  return { kind: 'unassign', target: { deviceId, userId } };
}

/** The API deletes only what nobody holds (graph-api.md, section 3.1.4). */
function removal({ id: deviceId, assignedToId }: Device): readonly Step[] {
  return [
    ...(assignedToId === undefined ? [] : [unassignStep(deviceId, assignedToId)]),
    { kind: 'delete', target: { deviceId, userId: assignedToId ?? '' } },
  ];
}

function notThere(serialNumber: string): EarlyVerdict {
  return {
    verdict: 'invalid',
    reason: 'token-not-found',
    detail: `The tenant has no token ${serialNumber}.`,
    next: 'Correct the serial number; a token of an older upload is not in the inventory.',
  };
}

function ambiguous(serialNumber: string): EarlyVerdict {
  return {
    verdict: 'conflict',
    reason: 'serial-ambiguous',
    detail: `The tenant holds several tokens with the serial number ${serialNumber}.`,
    next: 'Delete the wrong ones from the inventory, then run the job again.',
  };
}

function heldByOther({ serialNumber, assignedToId, status }: Device): EarlyVerdict {
  return {
    verdict: 'conflict',
    reason: 'held-by-other',
    detail: `The token ${serialNumber} is held by another user (${assignedToId ?? ''}), ${status}.`,
    next: 'Find out who has it in hand, and name that user in the row.',
  };
}

/** Naming the holder is the consent to take the token out of that person's hands. */
function stillHeld({ assignedToId, status }: Device): EarlyVerdict {
  return {
    verdict: 'conflict',
    reason: 'still-held',
    detail: `A user holds the token (${assignedToId ?? ''}), ${status}, and the row does not name that user.`,
    next: 'Name the holder in the row if the token is to be taken from that user, or unassign it first.',
  };
}
