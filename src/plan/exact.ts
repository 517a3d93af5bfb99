// What `mode: exact` adds: tokens that users hold and no row names are taken back. Tokens in stock are left where
// they are, and nothing is deleted. Pure.

import type { Rows } from '../compact/rows.js';
import { serialKey } from '../lookup-key.js';
import type { DesiredRow } from '../manifest/row.js';
import type { Observed } from '../tenant/observed.js';
import type { PlannedRow } from './plan.js';

/** In place of a file: what the row comes from. */
const FROM_TENANT = { file: '(tenant)', line: 0 };

/** A row for each token that a user holds and no row names, in the order in which the tenant lists them. */
export function unlistedRows(rows: Rows<DesiredRow>, observed: Observed): readonly PlannedRow[] {
  const listed = new Set<string>();
  for (const { serialNumber } of rows) listed.add(serialKey(serialNumber));
  return [...observed.devices]
    .filter(([key]) => !listed.has(key))
    .flatMap(([, devices]) => devices)
    .flatMap(({ id: deviceId, serialNumber, assignedToId: userId }) =>
      userId === undefined ? [] : [{ deviceId, serialNumber, userId }],
    )
    .map(({ deviceId, serialNumber, userId }, index) => ({
      ...{ n: rows.length + index, address: FROM_TENANT, serialNumber, user: '', userId, deviceId },
      ...{ expect: 'returned', actions: ['unassign'], targets: [{ deviceId, userId }] },
    }));
}
