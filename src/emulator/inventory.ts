// The operations on single tokens of the inventory and their list: graph-api.md, sections 3.1.1, 3.1.2 and 3.1.4.

import { z } from 'zod';
import { type Answer, type Call, decodeBody, NO_CONTENT, param } from './call.js';
import { createDevice, hashSchema, intervalSchema, textSchema, unknownProperty } from './creation.js';
import { type Device, type DeviceView, deviceView, holderOf, methodView, statusOf } from './device.js';
import { badRequest, isFault, notFound } from './graph-error.js';
import {
  cutPage,
  type Filter,
  type ListShape,
  listBody,
  type Page,
  parseListOptions,
  selected,
} from './query.js';

const CONTEXT = 'directory/authenticationMethodDevices/hardwareOathDevices';

const SHAPE: ListShape = {
  filterable: [
    ...['assignedTo/id', 'hashFunction', 'manufacturer', 'model', 'serialNumber', 'status'],
    'timeIntervalInSeconds',
  ],
  selectable: [
    ...['id', 'displayName', 'serialNumber', 'manufacturer', 'model', 'secretKey', 'timeIntervalInSeconds'],
    ...['status', 'lastUsedDateTime', 'hashFunction', 'assignedTo'],
  ],
};

/** A device as clients see it. */
export function viewOf(call: Call, device: Device): DeviceView {
  const holder = holderOf(device);
  return deviceView(device, holder === undefined ? null : call.store.users.nameOf(holder));
}

/** A device in a list of the inventory, in the shape that the settings ask for. */
export function inventoryItem(call: Call, device: Device, select?: readonly string[]): DeviceView {
  const view = selected(viewOf(call, device), select);
  return call.settings.shape === 'flat' ? view : methodView(device, view);
}

function passes(device: Device, { property, value }: Filter): boolean {
  switch (property) {
    case 'assignedTo/id':
      return (holderOf(device) ?? null) === value;
    case 'status':
      return statusOf(device) === value;
    case 'hashFunction':
      return device.hashFunction === value;
    case 'manufacturer':
      return device.manufacturer === value;
    case 'model':
      return device.model === value;
    case 'serialNumber':
      return device.serialNumber === value;
    case 'timeIntervalInSeconds':
      return device.timeIntervalInSeconds === value;
    default:
      return false;
  }
}

/** The devices that an index can name; `undefined` when the whole list must be looked through. */
function indexed(call: Call, filter: Filter | undefined): readonly Device[] | undefined {
  if (typeof filter?.value !== 'string') return undefined;
  if (filter.property === 'serialNumber') return call.store.seenWithSerial(filter.value);
  if (filter.property !== 'assignedTo/id') return undefined;
  return call.store.seenHeldBy(filter.value).filter((device) => !device.isLegacy);
}

export function listDevices(call: Call): Answer {
  const options = parseListOptions(call, SHAPE);
  if (isFault(options)) return options;
  const { filter } = options;
  const few = indexed(call, filter);
  const page: Page<Device> =
    few === undefined
      ? cutPage(options, call.store.positions, (position) => {
          const device = call.store.seenAt(position);
          return device === undefined || filter === undefined || passes(device, filter) ? device : undefined;
        })
      : cutPage(options, few.length, (position) => few[position]);
  const items = page.items.map((device) => inventoryItem(call, device, options.select));
  return { kind: 'success', status: 200, body: listBody(call, CONTEXT, { items, next: page.next }) };
}

export function createOne(call: Call): Answer {
  const created = createDevice(call, call.body);
  if (isFault(created)) return created;
  const body = { '@odata.context': `${call.root}/$metadata#${CONTEXT}/$entity`, ...viewOf(call, created) };
  return { kind: 'success', status: 201, body };
}

/** A legacy token is in no list and can be addressed all the same (graph-api.md, section 10.4). */
export function getDevice(call: Call): Answer {
  const device = call.store.seen(param(call, 'id'));
  if (device === undefined) return notFound('device');
  const body = { '@odata.context': `${call.root}/$metadata#${CONTEXT}/$entity`, ...viewOf(call, device) };
  return { kind: 'success', status: 200, body };
}

/**
 * The true record of a token that can be addressed by its id: it must exist, and have been propagated
 * (graph-api.md, section 7: writes to a fresh token were answered with 404).
 */
export function addressed(call: Call, id: string): Device | undefined {
  return call.store.seen(id) === undefined ? undefined : call.store.device(id);
}

const updateSchema = z.looseObject({
  displayName: z.string().nullish(),
  manufacturer: textSchema.optional(),
  model: textSchema.optional(),
  timeIntervalInSeconds: intervalSchema.optional(),
  hashFunction: hashSchema.optional(),
});

/** Neither serialNumber nor secretKey: graph-api.md, section 3.1.4. */
const UPDATABLE = new Set(Object.keys(updateSchema.shape));

export function updateDevice(call: Call): Answer {
  const device = addressed(call, param(call, 'id'));
  if (device === undefined) return notFound('device');
  const decoded = decodeBody(updateSchema, call.body);
  if (isFault(decoded)) return decoded;
  const unknown = unknownProperty(decoded.value, UPDATABLE);
  if (unknown !== undefined) return unknown;
  if (holderOf(device) !== undefined) return badRequest('The token is assigned: unassign it first.');
  const { displayName, manufacturer, model, timeIntervalInSeconds, hashFunction } = decoded.value;
  call.store.replace({
    ...device,
    displayName: displayName === undefined ? device.displayName : displayName,
    manufacturer: manufacturer ?? device.manufacturer,
    model: model ?? device.model,
    timeIntervalInSeconds: timeIntervalInSeconds ?? device.timeIntervalInSeconds,
    hashFunction: hashFunction ?? device.hashFunction,
  });
  return NO_CONTENT;
}

export function deleteDevice(call: Call): Answer {
  const device = addressed(call, param(call, 'id'));
  if (device === undefined) return notFound('device');
  if (holderOf(device) !== undefined) return badRequest('The token is assigned: unassign it first.');
  call.store.remove(device);
  return NO_CONTENT;
}
