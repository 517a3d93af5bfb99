// Looks at the tenant again after the writes, until it shows what was done or the deadline has passed: lists
// may lag behind writes (graph-api.md, section 7). It reads, and never writes.

import type { Clock } from '../clock.js';
import type { Rows } from '../compact/rows.js';
import { BATCH_MAX } from '../graph/batch.js';
import type { GraphClient } from '../graph/client.js';
import type { PlannedRow } from '../plan/plan.js';
import { type Evidence, isOutstanding, type RowProgress } from '../reconcile/reconcile.js';
import { listInventory } from '../tenant/inventory.js';
import { listUserMethods } from '../tenant/methods.js';

/** Between two looks: doubling from the first to the last. */
const WAIT_FIRST_MS = 1_000;
const WAIT_LAST_MS = 15_000;

/**
 * Lists until nothing is outstanding or the deadline has passed. Rows on which the inventory and the
 * expectation disagree get a second witness: the methods of their users.
 *
 * @param asks - whether users are asked when there is doubt, or everybody: the inventory does not list registrations
 *   of older uploads.
 *
 * @throws what {@link GraphClient.read} throws.
 */
export async function gatherEvidence(
  client: GraphClient,
  clock: Clock,
  rows: Rows<PlannedRow>,
  progress: ReadonlyMap<number, RowProgress>,
  deadlineMs: number,
  asks: 'in-doubt' | 'everybody' = 'in-doubt',
): Promise<Evidence> {
  const endMs = clock.monotonicMs() + deadlineMs;
  const users = asks === 'everybody' ? rows.map(({ userId }) => userId).filter((id) => id !== '') : [];
  let evidence: Evidence = {
    devices: await listInventory(client),
    methods: await listUserMethods(client, users),
  };
  for (let waitMs = WAIT_FIRST_MS; ; waitMs = Math.min(WAIT_LAST_MS, waitMs * 2)) {
    const outstanding = (): readonly PlannedRow[] =>
      rows.filter((row) => isOutstanding(row, progress.get(row.n), evidence));
    const doubtful = outstanding();
    if (doubtful.length === 0) return evidence;
    const holders = doubtful
      .filter((row) => row.userId !== '' && row.expect !== 'in-inventory')
      .map((row) => row.userId);
    const methods = await listUserMethods(client, holders);
    evidence = { ...evidence, methods: new Map([...evidence.methods, ...methods]) };
    const leftMs = endMs - clock.monotonicMs();
    const missing = outstanding();
    if (missing.length === 0 || leftMs <= 0) return evidence;
    await clock.sleep(Math.min(waitMs, leftMs), client.signal);
    // The inventory is listed again when that costs no more than asking the users once more, and for tokens
    // that were created: no user's list shows those.
    const pages = Math.ceil(evidence.devices.size / 100);
    if (
      missing.some((row) => row.targets !== undefined || row.expect === 'in-inventory') ||
      Math.ceil(missing.length / BATCH_MAX) > pages
    ) {
      evidence = { ...evidence, devices: await listInventory(client) };
    }
  }
}
