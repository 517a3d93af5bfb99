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
