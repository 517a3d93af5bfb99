// The inventory as it is after some of its tokens were given to users, from the list of before and the users' own
// lists: where few tokens have changed, that takes fewer requests than to list it again. Pure.

import { DeviceTable } from './device-table.js';
import type { HeldToken } from './methods.js';
import type { Device, Devices } from './observed.js';

/** A token that a user must hold now. */
export interface Given {
  readonly userId: string;
  readonly deviceId: string;
}

/**
 * The inventory with what the users' lists say of the tokens that were given to them.
 *
 * @param before - as it was listed before the tokens were given.
 * @param methods - the tokens of these users, by object id.
 * @returns `undefined` when a user does not show a token, or not all of it: then only the inventory can tell.
 */
export function inventoryAfter(
  before: Devices,
  methods: ReadonlyMap<string, readonly HeldToken[]>,
  given: Iterable<Given>,
): Devices | undefined {
  const changed = new Map<string, Device>();
  for (const { userId, deviceId } of given) {
    const device = methods.get(userId)?.find((token) => token.deviceId === deviceId)?.device;
    if (device === undefined || device.status === '') return undefined;
    changed.set(deviceId, { ...device, assignedToId: userId });
  }
  const after = before instanceof DeviceTable ? new DeviceTable(before.people, before) : new DeviceTable();
  for (const devices of before.values()) {
    for (const device of devices) after.add(changed.get(device.id) ?? device);
  }
  // Those that are new; the others are passed over, because their ids are known already.
  for (const device of changed.values()) after.add(device);
  return after;
}
