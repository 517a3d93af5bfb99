// The way of a row that removes what an older CSV upload of its token has left with the user. Pure. Which
// registrations those are is told in legacy-ids.ts.

import { legacyIds } from '../legacy-ids.js';
import type { EarlyVerdict, Seen } from './decide.js';
import { givesToken, type Way } from './way.js';

/**
 * Removes them when the new token is the user's and activated, and the user's own list shows it as well: until then
 * they may be all that lets the user sign in. The registration goes first, then the token behind it, as the
 * documentation has it (graph-api.md, section 10.4).
 */
export function removeLegacy(seen: Seen): Way | EarlyVerdict {
  const { row, devices, user, expect, tenant } = seen;
  const [device] = devices;
  if (!givesToken(row) || row.user === undefined) {
    return { steps: [], expect, already: row.action === 'delete' ? 'deleted' : 'in-inventory' };
  }
  if (device === undefined || user === undefined || device.assignedToId !== user.id) return notGiven();
  const already = device.status === 'activated' ? 'activated' : 'assigned';
  const own = tenant.methodsOf(user.id);
  const isShown = own.some(({ deviceId }) => deviceId === device.id);
  if (already === 'assigned' || !isShown) return { steps: [], expect: already, already };
  const steps = legacyIds(row.serialNumber, own, devices).flatMap((deviceId) => {
    const target = { deviceId, userId: user.id };
    return [{ kind: 'unassign', target } as const, { kind: 'delete', target } as const];
  });
  return { steps, expect: already, already };
}

function notGiven(): EarlyVerdict {
  return {
    verdict: 'invalid',
    reason: 'token-not-given',
    detail: 'The user does not hold the new token, so that older registrations were left alone.',
    next: 'Run the wave again; when the user holds the token, its second step removes what is older.',
  };
}
