// The addresses that the pipeline uses, made from the operations in endpoints/. Nothing is sent here.

import type { z } from 'zod';
import { isMe } from '../lookup-key.js';
import { ACTIVATE_DEVICE } from './endpoints/activate-device.js';
import type { newDevice } from './endpoints/create-device.js';
import type { CREATE_DEVICES } from './endpoints/create-devices.js';
import { GET_DEVICE } from './endpoints/get-device.js';
import { GET_USER } from './endpoints/get-user.js';
import { LIST_DEVICES } from './endpoints/list-devices.js';
import { LIST_METHODS } from './endpoints/list-methods.js';
import { LIST_USERS } from './endpoints/list-users.js';
import { UNASSIGN_DEVICE } from './endpoints/unassign-device.js';
import { addressOf } from './operation.js';

export const INVENTORY_PATH = LIST_DEVICES.path;

/** What is read of a token (device.ts); asked for by name, so that the answers are small. */
const DEVICE_SELECT =
  'id,serialNumber,manufacturer,model,timeIntervalInSeconds,hashFunction,status,assignedTo,lastUsedDateTime';

/**
 * As many items to a page as Graph gives of any list. `$top` is documented for this one, a maximum is not, and a
 * service may refuse it (graph-api.md, section 7): then the list is asked for without.
 */
const PAGE_MAX = 999;

/** The inventory in as few pages as the service gives it. */
export function inventoryListPath(): string {
  return `${INVENTORY_PATH}?$select=${DEVICE_SELECT}&$top=${PAGE_MAX}`;
}

export function devicePath(deviceId: string): string {
  return addressOf(GET_DEVICE, { device: deviceId });
}

/** `$filter` takes `eq` only; a quote inside is doubled (OData 4.01, URL conventions, section 5.1.1.6.1). */
export function devicesBySerialPath(serialNumber: string): string {
  const filter = `serialNumber eq '${serialNumber.replaceAll("'", "''")}'`;
  return `${INVENTORY_PATH}?$filter=${encodeURIComponent(filter)}`;
}

const USER_SELECT = 'id,userPrincipalName,accountEnabled,userType';

/** Pages of up to 999. */
export function userListPath(): string {
  return `${LIST_USERS.path}?$select=${USER_SELECT}&$top=${PAGE_MAX}`;
}

/** A user by principal name or object id, or `me`. */
export function userPath(user: string): string {
  if (isMe(user)) return `/me?$select=${USER_SELECT}`;
  return `${addressOf(GET_USER, { user })}?$select=${USER_SELECT}`;
}

export function userMethodsPath(userId: string): string {
  return addressOf(LIST_METHODS, { user: userId });
}

/** One token among a user's methods: its id is that of the device (graph-api.md, section 2.2). */
export function userMethodPath(userId: string, deviceId: string): string {
  return addressOf(UNASSIGN_DEVICE, { user: userId, device: deviceId });
}

export function activatePath(userId: string, deviceId: string): string {
  return addressOf(ACTIVATE_DEVICE, { user: userId, device: deviceId });
}

/** Assigns a token without activating it. */
export function assignBody(deviceId: string): unknown {
  return { device: { id: deviceId } };
}

export type CreateDevice = z.input<typeof newDevice>;

export type CreateDevices = z.input<typeof CREATE_DEVICES.request>;
