// The second witness: the token methods that users themselves have, twenty users to a request. It is asked
// about rows on which the inventory list and the expectation disagree.

import pLimit from 'p-limit';
import { z } from 'zod';
import { BATCH_MAX, type BatchItem, readBatch } from '../graph/batch.js';
import type { GraphClient } from '../graph/client.js';
import { type Device, decodeDevice } from '../graph/device.js';
import { userMethodsPath } from '../graph/endpoints.js';
import { forbidden, notSignedIn } from '../graph/failures.js';

const BATCHES_AT_ONCE = 4;

const methodList = z.object({ value: z.array(z.unknown()) });

/** Without a nested device a method's id is that of its device (graph-api.md, section 2.2). */
const bareMethod = z.object({ id: z.string() });

/** One token among a user's methods; what the answer does not say of the device is absent. */
export interface HeldToken {
  readonly deviceId: string;
  readonly device?: Device;
}

/**
 * The tokens that each user holds, by object id. A user whose list could not be read (deleted meanwhile, say)
 * has no entry.
 *
 * @throws {OperationError} what reading a batch throws.
 */
export async function listUserMethods(
  client: GraphClient,
  userIds: Iterable<string>,
): Promise<ReadonlyMap<string, readonly HeldToken[]>> {
  const distinct = [...new Set(userIds)];
  const batches = Array.from({ length: Math.ceil(distinct.length / BATCH_MAX) }, (_, index) =>
    distinct.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
  );
  const limit = pLimit(BATCHES_AT_ONCE);
  const lists = await Promise.all(
    batches.map((batch) =>
      limit(async () => {
        const answers = await readBatch(client, batch.map(userMethodsPath));
        return batch.flatMap((userId, index) => {
          const held = toTokens(answers[index]);
          return held === undefined ? [] : [[userId, held] as const];
        });
      }),
    ),
  );
  return new Map(lists.flat());
}

function toTokens(answer: BatchItem | undefined): readonly HeldToken[] | undefined {
  if (answer?.kind === 'refused' && answer.status === 401) throw notSignedIn(answer.message);
  if (answer?.kind === 'refused' && answer.status === 403) {
    throw forbidden("reading users' methods", answer.code, answer.message);
  }
  const list = answer?.kind === 'success' ? methodList.safeParse(answer.body) : undefined;
  if (list?.success !== true) return undefined;
  return list.data.value.flatMap((item) => {
    const device = decodeDevice(item);
    const method = bareMethod.safeParse(item);
    if (device !== undefined && device.serialNumber !== '') return [{ deviceId: device.id, device }];
    return method.success ? [{ deviceId: method.data.id }] : [];
  });
}
