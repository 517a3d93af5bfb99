// Reads tokens out of the service's answers. The documents show two shapes, flat devices and methods with a
// nested device, and real tools meet the flat one (graph-api.md, sections 2.2 and 3.1.1); both are taken.

import { z } from 'zod';

/** A token as the tenant's inventory describes it. Its secret key is never in an answer. */
export interface Device {
  readonly id: string;
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly timeIntervalInSeconds: number | undefined;
  readonly hashFunction: string;
  /** `available`, `assigned`, `activated`, `failedActivation`, or something newer. */
  readonly status: string;
  /** Object id of the holder. It decides who holds the token, not the status (graph-api.md, section 2.3). */
  readonly assignedToId: string | undefined;
  readonly lastUsedDateTime: string | undefined;
}

const optionalText = z.string().nullish();

/** A token as it is answered, flat. */
export const deviceShape = z.object({
  id: z.string(),
  serialNumber: optionalText,
  manufacturer: optionalText,
  model: optionalText,
  // The documents also show it as text (graph-api.md, section 3.1.3).
  timeIntervalInSeconds: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).nullish(),
  hashFunction: optionalText,
  status: optionalText,
  assignedTo: z.object({ id: optionalText }).nullish(),
  lastUsedDateTime: optionalText,
});

const nestedShape = z.object({ device: deviceShape });

/** A token in either shape. */
export const deviceItem = z.union([nestedShape, deviceShape]);

/** A device, from either shape; `undefined` when it is neither. */
export function decodeDevice(item: unknown): Device | undefined {
  return isUsual(item) ? usual(item) : decodeUnusual(item);
}

/** A token as almost every answer has it. A million of them pass here. */
interface UsualDevice {
  readonly id: string;
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly timeIntervalInSeconds: number;
  readonly hashFunction: string;
  readonly status: string;
  readonly assignedTo: { readonly id: string } | null;
  readonly lastUsedDateTime?: string | null;
}

function isUsual(item: unknown): item is UsualDevice {
  if (typeof item !== 'object' || item === null || 'device' in item) return false;
  return (
    'id' in item &&
    typeof item.id === 'string' &&
    'serialNumber' in item &&
    typeof item.serialNumber === 'string' &&
    'manufacturer' in item &&
    typeof item.manufacturer === 'string' &&
    'model' in item &&
    typeof item.model === 'string' &&
    'timeIntervalInSeconds' in item &&
    Number.isFinite(item.timeIntervalInSeconds) &&
    'hashFunction' in item &&
    typeof item.hashFunction === 'string' &&
    'status' in item &&
    typeof item.status === 'string' &&
    'assignedTo' in item &&
    isHolder(item.assignedTo) &&
    (!('lastUsedDateTime' in item) || isText(item.lastUsedDateTime))
  );
}

function isHolder(value: unknown): boolean {
  return value === null || (typeof value === 'object' && 'id' in value && typeof value.id === 'string');
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function usual(item: UsualDevice): Device {
  return {
    id: item.id,
    serialNumber: item.serialNumber,
    manufacturer: item.manufacturer,
    model: item.model,
    timeIntervalInSeconds: item.timeIntervalInSeconds,
    hashFunction: item.hashFunction.toLowerCase(),
    status: item.status,
    assignedToId: item.assignedTo?.id,
    lastUsedDateTime: item.lastUsedDateTime ?? undefined,
  };
}

function decodeUnusual(item: unknown): Device | undefined {
  const parsed = deviceItem.safeParse(item);
  if (!parsed.success) return undefined;
  const found = 'device' in parsed.data ? parsed.data.device : parsed.data;
  return {
    id: found.id,
    serialNumber: found.serialNumber ?? '',
    manufacturer: found.manufacturer ?? '',
    model: found.model ?? '',
    timeIntervalInSeconds: found.timeIntervalInSeconds ?? undefined,
    hashFunction: (found.hashFunction ?? '').toLowerCase(),
    status: found.status ?? '',
    assignedToId: found.assignedTo?.id ?? undefined,
    lastUsedDateTime: found.lastUsedDateTime ?? undefined,
  };
}
