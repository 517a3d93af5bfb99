// Finds many users in the list of all users: a page of it costs one request and holds 999, where asking for each
// takes a request for twenty. How many users the tenant has is not known beforehand, so it only goes so far.

import type { GraphClient } from '../graph/client.js';
import { userListPath } from '../graph/endpoints.js';
import { ListedPage } from '../graph/listed-page.js';
import { scanPages } from '../graph/paging.js';
import { plainUser, USER_FIELDS } from './listed-users.js';
import { decodeUser } from './user-shape.js';
import type { UserTable } from './user-table.js';
import type { UsersAhead } from './users-ahead.js';

/** Pages that are read, for each batch that they may save. Tried in vain, they make the look-up a quarter longer. */
const PAGES_PER_BATCH = 1 / 4;

/** Fewer batches than these are sent at once. */
const BATCHES_WORTH_A_LIST = 16;

/**
 * Records those of the wanted users whom the list shows before it has gone far enough; the others have to be asked
 * for.
 *
 * @param batches - requests that it would take to ask for all of them.
 * @param ahead - as much of the list as was read before.
 * @throws what reading a list throws.
 */
export async function findInUserList(
  client: GraphClient,
  users: UserTable,
  batches: number,
  ahead?: UsersAhead,
): Promise<void> {
  const before = await ahead?.tell(users);
  if (batches < BATCHES_WORTH_A_LIST) return;
  let pagesLeft = Math.ceil(batches * PAGES_PER_BATCH) - (before?.pages ?? 0);
  if (pagesLeft <= 0 || users.isComplete) return;
  for await (const page of before?.rest ?? scanPages(client, { path: userListPath() }, USER_FIELDS)) {
    if (page instanceof ListedPage) addListed(users, page);
    else for (const item of page) addItem(users, item);
    pagesLeft -= 1;
    if (pagesLeft === 0 || users.isComplete) break;
  }
}

function addListed(users: UserTable, page: ListedPage): void {
  for (let n = 0; n < page.length; n += 1) {
    const plain = plainUser(page, n);
    if (plain === undefined || !users.foundPlain(plain)) addItem(users, page.item(n));
  }
}

/** One that cannot be read is asked for by name, if anybody wants it. */
function addItem(users: UserTable, item: unknown): void {
  const user = decodeUser(item);
  if (user !== undefined) users.foundInList(user);
}
