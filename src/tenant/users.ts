// Looks users up by principal name or object id, twenty to a request; many of them in the list of all users first.

import pLimit from 'p-limit';
import { OperationError } from '../errors.js';
import { BATCH_MAX, type BatchItem, readBatch } from '../graph/batch.js';
import type { GraphClient } from '../graph/client.js';
import { userPath } from '../graph/endpoints.js';
import { forbidden, notSignedIn } from '../graph/failures.js';
import { userKey } from '../lookup-key.js';
import type { User } from './observed.js';
import { findInUserList } from './user-list.js';
import { decodeUser } from './user-shape.js';

/**
 * A user who was not found is asked for again, after these pauses: a 404 may pass (graph-api.md, section 7), and
 * a row must not be refused for one.
 */
const ASK_AGAIN_AFTER_MS: readonly number[] = [500, 1_500];

/** Batches in flight: enough to hide the latency, few enough to leave the read quota to others. */
const BATCHES_AT_ONCE = 4;

/**
 * The users behind the names in the files, by {@link userKey}; `undefined` for those who do not exist.
 *
 * @throws {OperationError} `permission-missing`, and what reading a batch throws.
 */
export async function resolveUsers(
  client: GraphClient,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, User | undefined>> {
  const distinct = new Map([...names].map((name) => [userKey(name), name.trim()]));
  const users = new Map<string, User | undefined>(
    await findInUserList(client, new Set(distinct.keys()), Math.ceil(distinct.size / BATCH_MAX)),
  );
  const others = [...distinct].filter(([key]) => !users.has(key));
  for (const [key, user] of await lookUp(client, others)) users.set(key, user);
  for (const waitMs of ASK_AGAIN_AFTER_MS) {
    const missing = [...distinct].filter(([key]) => users.get(key) === undefined);
    if (missing.length === 0) return users;
    await client.pause(waitMs);
    for (const [key, user] of await lookUp(client, missing)) users.set(key, user);
  }
  return users;
}

type Found = readonly (readonly [string, User | undefined])[];

async function lookUp(client: GraphClient, names: Iterable<readonly [string, string]>): Promise<Found> {
  const wanted = [...names];
  const batches = Array.from({ length: Math.ceil(wanted.length / BATCH_MAX) }, (_, index) =>
    wanted.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
  );
  const limit = pLimit(BATCHES_AT_ONCE);
  return (await Promise.all(batches.map((batch) => limit(() => resolveBatch(client, batch))))).flat();
}

async function resolveBatch(
  client: GraphClient,
  batch: readonly (readonly [string, string])[],
): Promise<Found> {
  const answers = await readBatch(
    client,
    batch.map(([, name]) => userPath(name)),
  );
  return batch.map(([key, name], index) => [key, toUser(answers[index], name)] as const);
}

function toUser(answer: BatchItem | undefined, name: string): User | undefined {
  if (answer?.kind === 'success') {
    const user = decodeUser(answer.body);
    if (user === undefined) throw unreadable(name);
    return user;
  }
  if (answer?.status === 401) throw notSignedIn(answer.message);
  if (answer?.status === 403) throw forbidden('reading users', answer.code, answer.message);
  // 404 is a user who does not exist; 400 is a name that Graph cannot take for one (graph-api.md, section 8.3).
  return undefined;
}

function unreadable(name: string): OperationError {
  return new OperationError({
    code: 'graph-failed',
    what: `Microsoft Graph described the user ${name} in a form that oathbatch does not know.`,
    data: 'Nothing was sent for this user.',
    next: 'Run the command again; if it stays so, report it with the log at --log-level debug.',
  });
}
