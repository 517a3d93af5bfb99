// What `mode: exact` adds: tokens that users hold and no row names are taken back. Tokens in stock are left where
// they are, and nothing is deleted. Pure.

import { NamedTokens } from '../compact/named-tokens.js';
import type { DesiredRows } from '../manifest/row.js';
import type { Observed } from '../tenant/observed.js';
import type { PlannedRow } from './plan.js';

/** In place of a file: what the row comes from. */
const FROM_TENANT = { file: '(tenant)', line: 0 };

/** A row for each token that a user holds and no row names, in the order in which the tenant lists them. */
export function* unlistedRows(rows: DesiredRows, { devices }: Observed): Generator<PlannedRow, void> {
  let n = rows.length;
  for (const { id: deviceId, serialNumber, assignedToId: userId } of new NamedTokens(
    rows,
    devices,
  ).others()) {
    if (userId === undefined) continue;
    yield {
      ...{ n, address: FROM_TENANT, serialNumber, user: '', userId, deviceId },
      ...{ expect: 'returned', actions: ['unassign'], targets: [{ deviceId, userId }] },
    };
    n += 1;
  }
}
