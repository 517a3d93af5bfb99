// Reads single tokens and single users' tokens, to settle a write whose answer was lost.

import { serialKey } from '../lookup-key.js';
import type { GraphClient } from './client.js';
import { type Device, decodeDevice } from './device.js';
import { devicePath, devicesBySerialPath, INVENTORY_PATH, userMethodsPath } from './endpoints.js';
import { listPages } from './paging.js';

/** A token by its id; `undefined` when the service does not show it, or not yet. */
export async function readDevice(client: GraphClient, deviceId: string): Promise<Device | undefined> {
  const answer = await client.read(client.url(devicePath(deviceId)));
  return answer.kind === 'success' ? decodeDevice(answer.body) : undefined;
}

/** The tokens with a serial number. The answer is filtered once more: a filter may be ignored in silence. */
export async function findDevices(client: GraphClient, serialNumber: string): Promise<readonly Device[]> {
  const key = serialKey(serialNumber);
  const found: Device[] = [];
  const list = { path: devicesBySerialPath(serialNumber), plainPath: INVENTORY_PATH };
  for await (const page of listPages(client, list)) {
    for (const item of page) {
      const device = decodeDevice(item);
      if (device !== undefined && serialKey(device.serialNumber) === key) found.push(device);
    }
  }
  return found;
}

/** The tokens among a user's methods; a method's id is its device's (graph-api.md, section 2.2). */
export async function readMethods(client: GraphClient, userId: string): Promise<readonly Device[]> {
  const held: Device[] = [];
  for await (const page of listPages(client, { path: userMethodsPath(userId) })) {
    for (const item of page) {
      const device = decodeDevice(item);
      if (device !== undefined) held.push(device);
    }
  }
  return held;
}
