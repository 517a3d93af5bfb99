// Checks the description of a new token and creates it: one token, whether it came alone or in bulk.

import { z } from 'zod';
import { Secret } from '../secret.js';
import { newHolder } from './assignment.js';
import { type Call, decodeBody } from './call.js';
import { type Device, heldBy, IN_STOCK } from './device.js';
import { badRequest, type GraphFault, graphFault, insufficientPrivileges, isFault } from './graph-error.js';
import { quickUuid } from './streams.js';

/** Numbers and numeric strings: the documents show both (graph-api.md, section 3.1.3). */
export const intervalSchema = z.union([
  z.union([z.literal(30), z.literal(60)]),
  z.literal('30').transform(() => 30 as const),
  z.literal('60').transform(() => 60 as const),
]);

/** A draft sample has it in capitals (graph-api.md, section 2.1). */
export const hashSchema = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['hmacsha1', 'hmacsha256']));

export const textSchema = z.string().refine((text) => text.trim() !== '');

/** The properties of graph-api.md, section 2.1. `assignTo` is documented as an object with an id. */
const newDeviceSchema = z.looseObject({
  serialNumber: textSchema,
  manufacturer: textSchema,
  model: textSchema,
  /** Base32 without padding, at most 128 characters (graph-api.md, section 2.1). */
  secretKey: z.string().regex(/^[A-Za-z2-7]{1,128}$/),
  timeIntervalInSeconds: intervalSchema,
  hashFunction: hashSchema.nullish(),
  displayName: z.string().nullish(),
  assignTo: z.looseObject({ id: textSchema }).nullish(),
});

const KNOWN = new Set(Object.keys(newDeviceSchema.shape));

/** OData refuses a property that the type does not have; annotations contain an `@`. */
export function unknownProperty(
  value: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
): GraphFault | undefined {
  const isUnknown = Object.keys(value).some((name) => !known.has(name) && !name.includes('@'));
  return isUnknown
    ? badRequest('The request body has a property that does not exist on the type.')
    : undefined;
}

/** Creates one token, or refuses and changes nothing. */
export function createDevice(call: Call, body: unknown): Device | GraphFault {
  const decoded = decodeBody(newDeviceSchema, body);
  if (isFault(decoded)) return decoded;
  const wanted = decoded.value;
  const unknown = unknownProperty(wanted, KNOWN);
  if (unknown !== undefined) return unknown;
  if (call.store.inventoryDevice(wanted.serialNumber) !== undefined) {
    // What makes a token unique, and how a second one is refused, is not documented (graph-api.md, sections
    // 2.1 and 8.3): here it is the serial number alone, and case counts.
    const status = call.settings.duplicateSerialStatus;
    return graphFault(
      status,
      status === 409 ? 'conflict' : 'badRequest',
      'The serial number already exists.',
    );
  }

  const mayAssign = call.settings.permissions.methodsWrite;
  const holderId = wanted.assignTo?.id;
  if (holderId !== undefined && !mayAssign && call.settings.assignWithoutPermission === 'refuse') {
    return insufficientPrivileges();
  }
  const holder = holderId === undefined || !mayAssign ? undefined : newHolder(call, holderId);
  if (holder !== undefined && isFault(holder)) return holder;

  const { serialNumber, manufacturer, model, timeIntervalInSeconds } = wanted;
  const inStock: Device = {
    ...{ id: newId(call), serialNumber, manufacturer, model, timeIntervalInSeconds },
    displayName: wanted.displayName ?? null,
    hashFunction: wanted.hashFunction ?? 'hmacsha1',
    secret: new Secret(wanted.secretKey.toUpperCase()),
    lastUsedDateTime: null,
    isLegacy: false,
    custody: IN_STOCK,
  };
  const device = holder === undefined ? inStock : heldBy(inStock, holder.id, call.wallMs);
  call.store.add(device);
  return device;
}

function newId(call: Call): string {
  const id = quickUuid(call.ids);
  return call.store.device(id) === undefined ? id : newId(call);
}
