// Looks users up by principal name or object id, twenty to a request; many of them in the list of all users first.

import pLimit from 'p-limit';
import { OperationError } from '../errors.js';
import { BATCH_MAX, type BatchItem, readBatch } from '../graph/batch.js';
import type { GraphClient } from '../graph/client.js';
import { userPath } from '../graph/endpoints.js';
import { forbidden, notSignedIn } from '../graph/failures.js';
import type { User, Users } from './observed.js';
import { findInUserList } from './user-list.js';
import { decodeUser } from './user-shape.js';
import { type SharedNames, UserTable } from './user-table.js';
import type { UsersAhead } from './users-ahead.js';

/**
 * A user who was not found is asked for again, after these pauses: a 404 may pass (graph-api.md, section 7), and
 * a row must not be refused for one.
 */
const ASK_AGAIN_AFTER_MS: readonly number[] = [500, 1_500];

/** Batches in flight: enough to hide the latency, few enough to leave the read quota to others. */
const BATCHES_AT_ONCE = 4;

/**
 * The users behind the names in the files, by `userKey`; `undefined` for those who do not exist.
 *
 * @param shared - what need not be kept a second time.
 * @param ahead - as much of the list of all users as was read before, whose ids stand among the shared ones.
 * @throws {OperationError} `permission-missing`, and what reading a batch throws.
 */
export async function resolveUsers(
  client: GraphClient,
  names: Iterable<string>,
  shared?: SharedNames,
  ahead?: UsersAhead,
): Promise<Users> {
  const users = new UserTable(names, shared);
  await findInUserList(client, users, Math.ceil(users.size / BATCH_MAX), ahead);
  await lookUp(client, users);
  for (const waitMs of ASK_AGAIN_AFTER_MS) {
    if (users.isComplete) break;
    await client.pause(waitMs);
    await lookUp(client, users);
  }
  users.endLookUp();
  return users;
}

/** Asks for everybody who was not found as yet. */
async function lookUp(client: GraphClient, users: UserTable): Promise<void> {
  const wanted = [...users.missing()];
  const batches = Array.from({ length: Math.ceil(wanted.length / BATCH_MAX) }, (_, index) =>
    wanted.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
  );
  const limit = pLimit(BATCHES_AT_ONCE);
  await Promise.all(
    batches.map((batch) =>
      limit(async () => {
        for (const [key, user] of await resolveBatch(client, batch)) {
          if (user !== undefined) users.found(key, user);
        }
      }),
    ),
  );
}

type Found = readonly (readonly [string, User | undefined])[];

async function resolveBatch(client: GraphClient, keys: readonly string[]): Promise<Found> {
  const answers = await readBatch(client, keys.map(userPath));
  return keys.map((key, index) => [key, toUser(answers[index], key)] as const);
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
