// Looks at the tenant again after the writes, until it shows what was done or the deadline has passed: lists
// may lag behind writes (graph-api.md, section 7). It reads, and never writes.

import type { Clock } from '../clock.js';
import type { Rows } from '../compact/rows.js';
import { BATCH_MAX } from '../graph/batch.js';
import type { GraphClient } from '../graph/client.js';
import type { PlannedRow } from '../plan/plan.js';
import { notableRows } from '../plan/planned-rows.js';
import { type Evidence, isOutstanding, type RowProgress } from '../reconcile/reconcile.js';
import { listInventory } from '../tenant/inventory.js';
import { type Given, inventoryAfter } from '../tenant/inventory-after.js';
import { listUserMethods } from '../tenant/methods.js';
import type { Devices } from '../tenant/observed.js';

/** Between two looks: doubling from the first to the last. */
const WAIT_FIRST_MS = 1_000;
const WAIT_LAST_MS = 15_000;

/** Items on a page where it is not known: what lists of Graph give unasked. */
const PAGE_USUAL = 100;

export interface LookOptions {
  /** How long lists may lag behind, in milliseconds. */
  readonly deadlineMs: number;
  /**
   * Whether users are asked when there is doubt, which is so when left out, or everybody: the inventory does not
   * list registrations of older uploads.
   */
  readonly asks?: 'in-doubt' | 'everybody';
  /** The inventory as it was listed before the writes. */
  readonly before?: Devices | undefined;
  /** Told which lists are read, and why those. */
  readonly say?: (text: string) => void;
}

/**
 * Lists until nothing is outstanding or the deadline has passed. It begins with the inventory, or with the lists of
 * the users who were given tokens where that takes fewer requests. Rows on which the lists and the expectation
 * disagree get the other witness.
 *
 * @throws what {@link GraphClient.read} throws.
 */
export async function gatherEvidence(
  client: GraphClient,
  clock: Clock,
  rows: Rows<PlannedRow>,
  progress: ReadonlyMap<number, RowProgress>,
  { deadlineMs, asks = 'in-doubt', before, say = () => undefined }: LookOptions,
): Promise<Evidence> {
  const endMs = clock.monotonicMs() + deadlineMs;
  if (asks === 'in-doubt' && before !== undefined) {
    const found = await shorterLook(client, rows, progress, before, say);
    if (found !== undefined) return found;
  }
  const users = asks === 'everybody' ? rows.map(({ userId }) => userId).filter((id) => id !== '') : [];
  let evidence: Evidence = {
    devices: await listInventory(client, { before }),
    methods: await listUserMethods(client, users),
  };
  for (let waitMs = WAIT_FIRST_MS; ; waitMs = Math.min(WAIT_LAST_MS, waitMs * 2)) {
    const outstanding = (): readonly PlannedRow[] => [...outstandingRows(rows, progress, evidence)];
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
    const pages = pagesOf(evidence.devices);
    if (
      missing.some((row) => row.targets !== undefined || row.expect === 'in-inventory') ||
      Math.ceil(missing.length / BATCH_MAX) > pages
    ) {
      evidence = { ...evidence, devices: await listInventory(client, { before: evidence.devices }) };
    }
  }
}

/** Requests that it takes to list the inventory: as many as the last time. */
function pagesOf({ pages, size }: Devices): number {
  return pages === undefined || pages === 0 ? Math.ceil(size / PAGE_USUAL) : pages;
}

/**
 * What the users' own lists show, where that takes fewer requests than the inventory and settles every row that was
 * changed; `undefined` when only the inventory can.
 */
async function shorterLook(
  client: GraphClient,
  rows: Rows<PlannedRow>,
  progress: ReadonlyMap<number, RowProgress>,
  before: Devices,
  say: (text: string) => void,
): Promise<Evidence | undefined> {
  const pages = pagesOf(before);
  const given = givenTo(rows, progress, pages);
  if (given === 'others') {
    say(
      `Verifying by the inventory (${countOf(pages)}): users' own lists do not show everything that was done.`,
    );
    return undefined;
  }
  if (given === 'many') {
    say(`Verifying by the inventory (${countOf(pages)}); users' own lists would take no fewer.`);
    return undefined;
  }
  const users = new Set(given.map(({ userId }) => userId));
  const batches = batchesFor(users);
  say(`Verifying by users' own lists (${countOf(batches)}); the inventory would take ${pages}.`);
  const methods = await listUserMethods(client, users);
  const devices = inventoryAfter(before, methods, given);
  if (devices !== undefined) {
    const evidence = { devices, methods };
    const [first] = outstandingRows(rows, progress, evidence);
    if (first === undefined) return evidence;
  }
  say("Users' own lists do not show all of it; listing the inventory.");
  return undefined;
}

/**
 * The tokens that were given to users: `others` when something else was done or is in doubt, and `many` as soon as their
 * users' lists take no fewer requests than the inventory has pages.
 */
function givenTo(
  rows: Rows<PlannedRow>,
  progress: ReadonlyMap<number, RowProgress>,
  pages: number,
): readonly Given[] | 'others' | 'many' {
  const given: Given[] = [];
  const users = new Set<string>();
  for (const row of notableRows(rows)) {
    const own = progress.get(row.n);
    if (own === undefined) continue;
    const isGiven = row.expect === 'assigned' || row.expect === 'activated';
    if (!isGiven || row.targets !== undefined || row.userId === '' || own.state !== 'done') return 'others';
    given.push({ userId: row.userId, deviceId: own.deviceId === '' ? row.deviceId : own.deviceId });
    if (batchesFor(users.add(row.userId)) >= pages) return 'many';
  }
  return given;
}

function batchesFor(users: ReadonlySet<string>): number {
  return Math.ceil(users.size / BATCH_MAX);
}

/** Rows of which nothing was done are none of them. */
function* outstandingRows(
  rows: Rows<PlannedRow>,
  progress: ReadonlyMap<number, RowProgress>,
  evidence: Evidence,
): Generator<PlannedRow, void> {
  for (const row of notableRows(rows)) if (isOutstanding(row, progress.get(row.n), evidence)) yield row;
}

function countOf(requests: number): string {
  return requests === 1 ? '1 request' : `${requests} requests`;
}
