// Finds out what became of a write whose answer was lost or refused, by reading. It never sends a write.

import type { Clock } from '../clock.js';
import { assertNever } from '../errors.js';
import type { GraphClient } from '../graph/client.js';
import { findDevices, readDevice, readMethods } from '../graph/one-device.js';
import type { ActionKind, ActionTarget } from '../plan/action.js';

/** What a read shows of an action. */
export type Settlement =
  /** It is so. */
  | { readonly kind: 'so'; readonly deviceId: string }
  /** It is not so, or is not shown yet. */
  | { readonly kind: 'not-so' }
  /** The token is with somebody else. */
  | { readonly kind: 'held-by-other'; readonly holderId: string };

export interface SettleRequest {
  readonly kind: ActionKind;
  readonly serialNumber: string;
  readonly target: ActionTarget;
  /** A token with the same serial number that this one takes the place of: it proves nothing of a creation. */
  readonly replacedId: string;
}

/**
 * How long to go on looking for an effect that is not shown, in milliseconds between reads. Reads lag behind
 * writes by seconds in the field, and no bound is documented (graph-api.md, section 7).
 */
const PATIENCE_MS = {
  /** The service has refused, and only the reason is in question. */
  once: [],
  /** Before something is sent again: that it takes effect twice is refused by the service. */
  short: [500, 1_500, 3_000],
  /** Before a row is refused for good that may have had its effect. */
  long: [500, 1_500, 3_000, 5_000, 10_000, 20_000, 20_000],
} as const satisfies Record<string, readonly number[]>;

/**
 * Reads until the effect shows, or patience ends.
 *
 * @throws what {@link GraphClient.read} throws.
 */
export async function settle(
  client: GraphClient,
  clock: Clock,
  request: SettleRequest,
  patience: keyof typeof PATIENCE_MS,
): Promise<Settlement> {
  let found = await look(client, request);
  for (const waitMs of PATIENCE_MS[patience]) {
    if (found.kind !== 'not-so') return found;
    await clock.sleep(waitMs, client.signal);
    found = await look(client, request);
  }
  return found;
}

async function look(client: GraphClient, request: SettleRequest): Promise<Settlement> {
  const { kind, serialNumber, target, replacedId } = request;
  switch (kind) {
    case 'create': {
      const found = await findDevices(client, serialNumber);
      return soIf(found.find(({ id }) => id !== replacedId)?.id);
    }
    case 'unassign': {
      const held = await readMethods(client, target.userId);
      return soIf(held.some((id) => id === target.deviceId) ? undefined : target.deviceId);
    }
    case 'delete': {
      // Two witnesses: one 404 may pass although the token is there (graph-api.md, section 7).
      if ((await readDevice(client, target.deviceId)) !== undefined) return { kind: 'not-so' };
      const left = await findDevices(client, serialNumber);
      return soIf(left.some(({ id }) => id === target.deviceId) ? undefined : target.deviceId);
    }
    case 'assign':
    case 'activate': {
      const device = await readDevice(client, target.deviceId);
      const holderId = device?.assignedToId;
      if (device === undefined || holderId === undefined) return { kind: 'not-so' };
      if (holderId !== target.userId) return { kind: 'held-by-other', holderId };
      return soIf(kind === 'assign' || device.status === 'activated' ? device.id : undefined);
    }
    default:
      return assertNever(kind);
  }
}

function soIf(deviceId: string | undefined): Settlement {
  return deviceId === undefined ? { kind: 'not-so' } : { kind: 'so', deviceId };
}
