// Creation in bulk: PATCH of the inventory with a delta payload, graph-api.md, section 3.1.3. How it answers
// is hardly documented, so how many items it takes and what it says of each are settings.

import { z } from 'zod';
import { type Answer, type Call, decodeBody, NO_CONTENT } from './call.js';
import { createDevice } from './creation.js';
import type { Device } from './device.js';
import { badRequest, type GraphFault, graphFault, isFault } from './graph-error.js';
import { inventoryItem } from './inventory.js';

const bulkSchema = z.looseObject({ value: z.array(z.unknown()) });

/** Items need no `@contentId`: a published script sends none, and only strings (graph-api.md, section 3.1.3). */
const contentIdSchema = z.looseObject({ '@contentId': z.union([z.string(), z.number()]) });

type Item = Readonly<Record<string, unknown>>;

function contentId(call: Call, item: unknown): Item {
  const decoded = contentIdSchema.safeParse(item);
  const isTold = decoded.success && call.settings.bulk.contentIds;
  return isTold ? { '@contentId': decoded.data['@contentId'] } : {};
}

/** The ways in which a failed item may be told: graph-api.md, section 3.1.3, and the setting `failures`. */
function failedItem(call: Call, item: unknown, { status, code, message }: GraphFault): readonly Item[] {
  const info = { code, message };
  const exception = {
    '@Core.DataModificationException': { failedOperation: 'insert', responseCode: status, info },
  };
  const id = contentId(call, item);
  switch (call.settings.bulk.failures) {
    case 'removed':
      return [{ ...id, '@removed': { reason: 'changed' }, ...exception }];
    case 'annotated':
      return [{ ...id, ...exception }];
    case 'error':
      return [{ ...id, error: info }];
    case 'absent':
      return [];
  }
}

const assignToSchema = z.looseObject({ assignTo: z.unknown().optional() });

/** The item as the settings have it read. */
function asRead(call: Call, item: unknown): unknown {
  const decoded = assignToSchema.safeParse(item);
  if (!decoded.success || call.settings.bulk.assignTo === 'take') return item;
  const { assignTo: _, ...rest } = decoded.data;
  return rest;
}

export function createMany(call: Call): Answer {
  const { maxItems, refuseStatus, successStatus, answers, onFailure } = call.settings.bulk;
  const decoded = decodeBody(bulkSchema, call.body);
  if (isFault(decoded)) return decoded;
  const items = decoded.value.value;
  if (items.length === 0) return badRequest('The request body has no items.');
  if (items.length > maxItems) return tooMany(refuseStatus, maxItems);

  const value: Item[] = [];
  const created: Device[] = [];
  let hasFailed = false;
  for (const item of items) {
    const device =
      hasFailed && onFailure === 'stop'
        ? graphFault(424, 'failedDependency', 'An earlier item failed.')
        : createDevice(call, asRead(call, item));
    if (!isFault(device)) {
      created.push(device);
      value.push({ ...contentId(call, item), ...inventoryItem(call, device) });
      continue;
    }
    if (onFailure === 'refuse') {
      for (const one of created) call.store.withdraw(one);
      return device;
    }
    hasFailed = true;
    value.push(...failedItem(call, item, device));
  }
  if (answers === 'empty') return NO_CONTENT;
  const context = { '@odata.context': `${call.root}/$metadata#directory/authenticationMethodDevices/$delta` };
  const body = answers === 'full' ? { ...context, value } : context;
  return { kind: 'success', status: successStatus, body };
}

function tooMany(status: GraphFault['status'], maxItems: number): GraphFault {
  const message = `The request body has more than ${maxItems} items.`;
  switch (status) {
    case 413:
      return graphFault(413, 'requestEntityTooLarge', message);
    case 404:
      return graphFault(404, 'UnknownError', 'No OData route exists that matches the request.');
    case 405:
      return graphFault(405, 'methodNotAllowed', 'PATCH is not allowed on this resource.');
    case 501:
      return graphFault(501, 'notImplemented', 'PATCH is not implemented on this resource.');
    default:
      return badRequest(message);
  }
}
