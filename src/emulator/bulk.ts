// Creation in bulk: PATCH of the inventory with a delta payload, graph-api.md, section 3.1.3. How it answers
// is hardly documented, so how many items it takes and what it says of each are settings.

import { z } from 'zod';
import { type Answer, type Call, decodeBody } from './call.js';
import { createDevice } from './creation.js';
import { badRequest, type GraphFault, graphFault, isFault } from './graph-error.js';
import { inventoryItem } from './inventory.js';

const bulkSchema = z.looseObject({ value: z.array(z.unknown()) });

/** Items need no `@contentId`: a published script sends none, and only strings (graph-api.md, section 3.1.3). */
const contentIdSchema = z.looseObject({ '@contentId': z.union([z.string(), z.number()]) });

type Item = Readonly<Record<string, unknown>>;

function contentId(item: unknown): Item {
  const decoded = contentIdSchema.safeParse(item);
  return decoded.success ? { '@contentId': decoded.data['@contentId'] } : {};
}

/** OData's way to report a failed insert, seen in other Graph APIs: graph-api.md, section 3.1.3. */
function failedItem(item: unknown, fault: GraphFault): Item {
  return {
    ...contentId(item),
    '@removed': { reason: 'changed' },
    '@Core.DataModificationException': {
      failedOperation: 'insert',
      responseCode: fault.status,
      info: { code: fault.code, message: fault.message },
    },
  };
}

export function createMany(call: Call): Answer {
  const { maxItems, refuseStatus, successStatus, answers, onFailure } = call.settings.bulk;
  const decoded = decodeBody(bulkSchema, call.body);
  if (isFault(decoded)) return decoded;
  const items = decoded.value.value;
  if (items.length === 0) return badRequest('The request body has no items.');
  if (items.length > maxItems) {
    const message = `The request body has more than ${maxItems} items.`;
    return refuseStatus === 400 ? badRequest(message) : graphFault(413, 'requestEntityTooLarge', message);
  }

  let hasFailed = false;
  const value = items.map((item) => {
    if (hasFailed && onFailure === 'stop') {
      return failedItem(item, graphFault(424, 'failedDependency', 'An earlier item failed.'));
    }
    const created = createDevice(call, item);
    if (!isFault(created)) return { ...contentId(item), ...inventoryItem(call, created) };
    hasFailed = true;
    return failedItem(item, created);
  });
  const context = { '@odata.context': `${call.root}/$metadata#directory/authenticationMethodDevices/$delta` };
  const body = answers === 'full' ? { ...context, value } : context;
  return { kind: 'success', status: successStatus, body };
}
