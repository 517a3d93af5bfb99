// From what the tenant shows to what a row asks for, step by step. Pure.

import { assertNever } from '../errors.js';
import type { EarlyVerdict, Seen } from './decide.js';
import { removeLegacy } from './legacy.js';
import { leave, recreate, remove, replace, unassign } from './take-back.js';
import { alreadyHeld, givingSteps, type Step, type Way } from './way.js';

/** What is to be done for a row, or why nothing is. */
export function wayOf(seen: Seen): Way | EarlyVerdict {
  if (seen.rules.removesLegacy === true) return removeLegacy(seen);
  switch (seen.row.action) {
    case undefined:
      return bring(seen);
    case 'replace':
      return replace(seen);
    case 'recreate':
      return recreate(seen);
    case 'unassign':
      return unassign(seen);
    case 'delete':
      return remove(seen);
    case 'leave':
      return leave(seen);
    default:
      return assertNever(seen.row.action);
  }
}

/** Brings the token into the inventory and to its user. */
function bring(seen: Seen): Way {
  const { row, rules, devices, user, expect } = seen;
  const [device] = devices;
  const holderId = device?.assignedToId;
  if (rules.mode === 'exact' && device !== undefined && holderId !== undefined && holderId !== user?.id) {
    const taken = { kind: 'unassign', target: { deviceId: device.id, userId: holderId } } as const;
    return row.user === undefined
      ? { steps: [taken], expect: 'returned', already: 'in-inventory' }
      : { steps: [taken, ...givingSteps(seen)], expect, already: 'assigned' };
  }
  const create: readonly Step[] = device === undefined ? [{ kind: 'create' }] : [];
  if (row.user === undefined) return { steps: create, expect, already: 'in-inventory' };
  return { steps: [...create, ...givingSteps(seen)], expect, already: alreadyHeld(device) };
}
