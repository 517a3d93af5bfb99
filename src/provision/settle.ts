// Finds out what became of a write whose answer was lost or refused, by reading. It never sends a write. By what one
// sees that it is so, the operation itself says (graph/endpoints).

import type { Clock } from '../clock.js';
import type { GraphClient } from '../graph/client.js';
import type { Device } from '../graph/device.js';
import { WRITES } from '../graph/endpoints/all.js';
import { findDevices, readDevice, readMethods } from '../graph/one-device.js';
import { NOT_SO, type Standing, type Witness } from '../graph/operation.js';
import type { ActionKind, ActionTarget } from '../plan/action.js';

export interface SettleRequest {
  readonly kind: ActionKind;
  readonly serialNumber: string;
  readonly target: ActionTarget;
  /** A token with the same serial number that this one takes the place of: it proves nothing of a creation. */
  readonly replacedId: string;
}

type Read = (client: GraphClient, request: SettleRequest) => Promise<readonly Device[]>;

const READS: Readonly<Record<Witness, Read>> = {
  device: async (client, { target }) => {
    const device = await readDevice(client, target.deviceId);
    return device === undefined ? [] : [device];
  },
  'serial-number': (client, { serialNumber }) => findDevices(client, serialNumber),
  methods: (client, { target }) => readMethods(client, target.userId),
};

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
): Promise<Standing> {
  let found = await look(client, request);
  for (const waitMs of PATIENCE_MS[patience]) {
    if (found.kind !== 'not-so') return found;
    await clock.sleep(waitMs, client.signal);
    found = await look(client, request);
  }
  return found;
}

/** Asks the witnesses of the operation, until one of them does not say so. */
async function look(client: GraphClient, request: SettleRequest): Promise<Standing> {
  const { witnesses, judge } = WRITES[request.kind].alreadySo;
  const wanted = { ...request.target, replacedId: request.replacedId };
  let standing: Standing = NOT_SO;
  for (const witness of witnesses) {
    standing = judge(await READS[witness](client, request), wanted);
    if (standing.kind !== 'so') return standing;
  }
  return standing;
}
