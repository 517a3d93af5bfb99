// Reads single tokens and single users' tokens, to settle a write whose answer was lost.

import { z } from 'zod';
import { serialKey } from '../lookup-key.js';
import { BATCH_MAX, readBatch } from './batch.js';
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

const deviceList = z.object({ value: z.array(z.unknown()) });

/**
 * One token for each serial number, in their order, twenty to a request. `undefined` is no proof that it is not
 * there: only the first page of an answer is looked at, and a refusal shows nothing.
 */
export async function findDevicesByBatch(
  client: GraphClient,
  serialNumbers: readonly string[],
): Promise<readonly (Device | undefined)[]> {
  const found: (Device | undefined)[] = [];
  for (let from = 0; from < serialNumbers.length; from += BATCH_MAX) {
    const asked = serialNumbers.slice(from, from + BATCH_MAX);
    const answers = await readBatch(client, asked.map(devicesBySerialPath));
    for (const [index, serialNumber] of asked.entries()) {
      const answer = answers[index];
      const list = answer?.kind === 'success' ? deviceList.safeParse(answer.body) : undefined;
      const devices = (list?.data?.value ?? []).map(decodeDevice);
      const key = serialKey(serialNumber);
      found.push(devices.find((device) => device !== undefined && serialKey(device.serialNumber) === key));
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
