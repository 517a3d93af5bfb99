// Which methods users have registered, from the tenant's own report. It says kinds of methods and no serial numbers,
// and it lags behind by hours, so that nothing of a row is decided by it.

import { OperationError } from '../errors.js';
import type { GraphClient } from '../graph/client.js';
import { LIST_REGISTRATIONS, registrationShape } from '../graph/endpoints/list-registrations.js';
import { listPages } from '../graph/paging.js';

/**
 * The methods of the wanted users, by object id, as the report names them; a user whom it does not show is left out.
 * `undefined` when it may not be read.
 *
 * @param wanted - object ids. The list is read until it has shown all of them.
 * @throws {OperationError} what reading a list throws, but for `permission-missing`.
 * @example
 * await listRegistrations(client, new Set(['1f…'])); // Map { '1f…' => ['mobilePhone', 'softwareOneTimePasscode'] }
 */
export async function listRegistrations(
  client: GraphClient,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const found = new Map<string, readonly string[]>();
  if (wanted.size === 0) return found;
  try {
    for await (const page of listPages(client, { path: LIST_REGISTRATIONS.path })) {
      for (const item of page) {
        const user = registrationShape.safeParse(item);
        if (user.success && wanted.has(user.data.id)) {
          found.set(user.data.id, user.data.methodsRegistered ?? []);
        }
      }
      if (found.size === wanted.size) break;
    }
  } catch (error) {
    if (error instanceof OperationError && error.code === 'permission-missing') return undefined;
    throw error;
  }
  return found;
}
