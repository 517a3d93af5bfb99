// Lists the tenant's inventory of tokens, page by page. It reads, and never writes.

import type { IdIndex } from '../compact/id-index.js';
import { OperationError } from '../errors.js';
import type { GraphClient } from '../graph/client.js';
import { type Device, decodeDevice } from '../graph/device.js';
import { INVENTORY_PATH, inventoryListPath } from '../graph/endpoints.js';
import { ListedPage } from '../graph/listed-page.js';
import { scanPages } from '../graph/paging.js';
import { DeviceTable } from './device-table.js';
import { DEVICE_FIELDS, plainDevice } from './listed-devices.js';
import type { Devices } from './observed.js';

/** What is known before a list is read; and what it may share with others of the tenant, instead of keeping it twice. */
interface Beforehand {
  readonly people?: IdIndex;
  /** A list that was read before. */
  readonly before?: Devices | undefined;
  /** Tokens that are expected. There may be more. */
  readonly expected?: number;
}

/**
 * Every token of the tenant, by {@link serialKey} of its serial number.
 *
 * @throws {OperationError} when the list cannot be read to its end; half a list is never returned, because
 *   a token that is missing from it would be created again.
 */
export async function listInventory(client: GraphClient, beforehand: Beforehand = {}): Promise<DeviceTable> {
  const { people, before, expected } = beforehand;
  const devices = new DeviceTable(people, before instanceof DeviceTable ? before : undefined, expected);
  const list = { path: inventoryListPath(), plainPath: INVENTORY_PATH };
  for await (const page of scanPages(client, list, DEVICE_FIELDS)) {
    // Pages of a list that changes meanwhile may repeat an item, which the table passes over.
    if (page instanceof ListedPage) addListed(devices, page);
    else for (const item of page) devices.add(deviceIn(item));
    devices.endPage();
  }
  devices.endList();
  return devices;
}

function addListed(devices: DeviceTable, page: ListedPage): void {
  for (let n = 0; n < page.length; n += 1) {
    const plain = plainDevice(page, n);
    if (plain === undefined || !devices.addPlain(plain)) devices.add(deviceIn(page.item(n)));
  }
}

function deviceIn(item: unknown): Device {
  const device = decodeDevice(item);
  if (device === undefined) throw unreadable();
  return device;
}

function unreadable(): OperationError {
  return new OperationError({
    code: 'graph-failed',
    what: 'The tenant lists a token in a form that oathbatch does not know.',
    data: 'The inventory could not be read whole, so nothing was decided from it.',
    next: 'The API is beta and may have changed: look for a newer version of oathbatch.',
  });
}
