// Which registrations of a user stem from an older CSV upload of a token. Pure. What the inventory lists is never
// taken for one.

import { serialKey } from './lookup-key.js';

/** A token among a user's methods, as far as it matters here. */
interface OwnToken {
  readonly deviceId: string;
  readonly device?: { readonly serialNumber: string };
}

/**
 * Ids of the older registrations: they bear the serial number, and the inventory does not have them (graph-api.md,
 * section 10.4).
 *
 * @param own - the tokens that the user has, as the user's own list shows them.
 * @param devices - what the inventory has under the serial number.
 */
export function legacyIds(
  serialNumber: string,
  own: readonly OwnToken[],
  devices: readonly { readonly id: string }[],
): readonly string[] {
  const key = serialKey(serialNumber);
  const inventory = new Set(devices.map(({ id }) => id));
  return own.flatMap(({ deviceId, device }) =>
    serialKey(device?.serialNumber ?? '') === key && !inventory.has(deviceId) ? [deviceId] : [],
  );
}
