// The operations on a user's own registrations: graph-api.md, section 3.2. What happens to the one-time code
// is next door, in activation.ts.

import { z } from 'zod';
import { activate, codeSchema } from './activation.js';
import { assign, assignmentFault } from './assignment.js';
import { type Answer, type Call, decodeBody, NO_CONTENT, param } from './call.js';
import { type Device, heldBy, holderOf, IN_STOCK, methodView, statusOf } from './device.js';
import { badRequest, isFault, notFound, userNotFound } from './graph-error.js';
import { addressed, viewOf } from './inventory.js';
import { cutPage, type Filter, type ListShape, listBody, parseListOptions, selected } from './query.js';
import type { SeedUser } from './tenant.js';

const SHAPE: ListShape = {
  filterable: ['id', 'device/id', 'device/serialNumber', 'device/status'],
  selectable: ['id', 'createdDateTime', 'lastUsedDateTime', 'device'],
};

function userOf(call: Call): SeedUser | undefined {
  return call.store.users.find(param(call, 'user'));
}

/** The true record of a token that the user holds, and is seen to hold. Its method has the device's id. */
function held(call: Call, user: SeedUser): Device | undefined {
  const id = param(call, 'id');
  const seen = call.store.seen(id);
  const device = call.store.device(id);
  if (seen === undefined || holderOf(seen) !== user.id) return undefined;
  return device !== undefined && holderOf(device) === user.id ? device : undefined;
}

function passes(device: Device, { property, value }: Filter): boolean {
  if (property === 'device/serialNumber') return device.serialNumber === value;
  return (property === 'device/status' ? statusOf(device) : device.id) === value;
}

function contextOf(user: SeedUser): string {
  return `users('${user.id}')/authentication/hardwareOathMethods`;
}

export function listMethods(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const options = parseListOptions(call, SHAPE);
  if (isFault(options)) return options;
  const { filter } = options;
  const all = call.store.seenHeldBy(user.id);
  const devices = filter === undefined ? all : all.filter((device) => passes(device, filter));
  const page = cutPage(options, devices.length, (position) => devices[position]);
  const items = page.items.map((device) => {
    return selected(methodView(device, viewOf(call, device)), options.select);
  });
  return { kind: 'success', status: 200, body: listBody(call, contextOf(user), { items, next: page.next }) };
}

export function getMethod(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const device = call.store.seen(param(call, 'id'));
  if (device === undefined || holderOf(device) !== user.id) return notFound('method');
  const context = { '@odata.context': `${call.root}/$metadata#${contextOf(user)}/$entity` };
  return { kind: 'success', status: 200, body: { ...context, ...methodView(device, viewOf(call, device)) } };
}

const deviceRefSchema = z.looseObject({ device: z.looseObject({ id: z.string().min(1) }) });

export function assignMethod(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const decoded = decodeBody(deviceRefSchema, call.body);
  if (isFault(decoded)) return decoded;
  const device = addressed(call, decoded.value.device.id);
  if (device === undefined) return notFound('device');
  const assigned = assign(call, user, device);
  if (isFault(assigned)) return assigned;
  const { device: _, ...method } = methodView(assigned, viewOf(call, assigned));
  const context = { '@odata.context': `${call.root}/$metadata#${contextOf(user)}/$entity` };
  return { kind: 'success', status: 201, body: { ...context, ...method } };
}

const userRefSchema = z.looseObject({ '@odata.id': z.string().min(1) });

/** The reference names the user of the path; whether it could name another is not documented: refused. */
export function assignByReference(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const decoded = decodeBody(userRefSchema, call.body);
  if (isFault(decoded)) return decoded;
  const [, key] = /\/users\/([^/?#]+)$/i.exec(decoded.value['@odata.id']) ?? [];
  const named = key === undefined ? undefined : call.store.users.find(decodeSegment(key));
  if (named?.id !== user.id) return badRequest('The reference does not name the user of the address.');
  const device = addressed(call, param(call, 'id'));
  if (device === undefined) return notFound('device');
  const assigned = assign(call, user, device);
  return isFault(assigned) ? assigned : NO_CONTENT;
}

/** A part of a path without its percent signs; unchanged when they make no sense. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not an escape sequence, so no user has this name: the caller answers that.
    return segment;
  }
}

export function activateMethod(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const decoded = decodeBody(codeSchema, call.body);
  if (isFault(decoded)) return decoded;
  const device = held(call, user);
  return device === undefined ? notFound('method') : activate(call, device, decoded.value);
}

/** Back to assigned (graph-api.md, section 2.3). Doing so to a token that is not activated changes nothing. */
export function deactivateMethod(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const device = held(call, user);
  if (device === undefined) return notFound('method');
  const { custody } = device;
  if (custody.kind === 'held' && custody.status === 'activated') {
    call.store.replace({ ...device, custody: { ...custody, status: 'assigned', wrongCodes: 0 } });
  }
  return NO_CONTENT;
}

export function assignAndActivate(call: Call): Answer {
  const decoded = decodeBody(deviceRefSchema.and(codeSchema), call.body);
  if (isFault(decoded)) return decoded;
  return assignThenActivate(call, addressed(call, decoded.value.device.id), decoded.value);
}

const serialSchema = codeSchema.extend({ serialNumber: z.string().min(1) });

export function assignAndActivateBySerialNumber(call: Call): Answer {
  const decoded = decodeBody(serialSchema, call.body);
  if (isFault(decoded)) return decoded;
  const device = call.store.inventoryDevice(decoded.value.serialNumber);
  const seen = device === undefined ? undefined : addressed(call, device.id);
  return assignThenActivate(call, seen, decoded.value);
}

/** Both or nothing. A token that this user holds already is activated: graph-api.md, section 3.2. */
function assignThenActivate(
  call: Call,
  device: Device | undefined,
  code: z.output<typeof codeSchema>,
): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  if (device === undefined) return notFound('device');
  const holder = holderOf(device);
  if (holder === user.id) return activate(call, device, code);
  if (holder !== undefined) return badRequest('The token is already assigned to another user.');
  const fault = assignmentFault(call, user);
  return fault ?? activate(call, heldBy(device, user.id, call.wallMs), code);
}

export function unassignMethod(call: Call): Answer {
  const user = userOf(call);
  if (user === undefined) return userNotFound();
  const device = held(call, user);
  if (device === undefined) return notFound('method');
  call.store.replace({ ...device, custody: IN_STOCK });
  return NO_CONTENT;
}
