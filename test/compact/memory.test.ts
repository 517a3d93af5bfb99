// What a row of many takes: the bytes that each adds to the columns and to the heap. Counts, and no times.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { MappedRows } from '../../src/compact/rows.js';
import { invariant } from '../../src/errors.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { PlannedRows } from '../../src/plan/planned-rows.js';
import { seededRandom } from '../../src/random.js';
import { ProgressTable } from '../../src/reconcile/progress-table.js';
import { reconcile } from '../../src/reconcile/reconcile.js';
import type { VerdictList } from '../../src/reconcile/verdict.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import { progress } from '../reconcile/rows.js';

/** Blocks and columns are full at this number: no room that is only kept ready is counted. Positions take two bytes. */
const ROWS = 1 << 15;

setFlagsFromString('--expose-gc');
const collector: unknown = runInNewContext('gc');
invariant(typeof collector === 'function', 'garbage cannot be collected');
const collect = collector.bind(undefined) as () => void;

function used(): { readonly columns: number; readonly heap: number } {
  // What the first finds, another thread gives back while the second begins.
  for (let times = 0; times < 3; times += 1) collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return { columns: arrayBuffers, heap: heapUsed };
}

/** Bytes for each row that stay behind when a table of so many rows was made. */
function bytesPerRow<Table>(make: () => Table): { readonly columns: number; readonly heap: number } {
  // What stays behind the first time is the code.
  make();
  const before = used();
  const table = make();
  const after = used();
  // It is in use up to here.
  invariant(table !== undefined, 'nothing was made');
  return { columns: (after.columns - before.columns) / ROWS, heap: (after.heap - before.heap) / ROWS };
}

const random = seededRandom(9);
const ids = Array.from({ length: ROWS }, () => random.uuid());
const serialOf = (n: number): string => String(240_800_000_000 + n);

function listed(before?: DeviceTable): DeviceTable {
  const table = new DeviceTable(undefined, before, ROWS);
  for (const [n, id] of ids.entries()) {
    table.add({
      ...{ id, serialNumber: serialOf(n), manufacturer: 'Contoso', model: 'C200', timeIntervalInSeconds: 30 },
      ...{ hashFunction: 'hmacsha1', status: 'activated', assignedToId: ids[ROWS - 1 - n] },
      lastUsedDateTime: '2026-01-05T08:00:00Z',
    });
  }
  table.endList();
  return table;
}

const tenant = listed();

/** Rows of a job, which take nothing: each is made when it is looked at. */
const rows = new MappedRows(ids, (_, n): DesiredRow => {
  const address = { file: 'tokens.csv', line: n + 2 };
  return { n, address, serialNumber: serialOf(n), user: `user${n}@contoso.com` };
});

function plan(): PlannedRows {
  const table = new PlannedRows(rows, { ids: tenant.ids, people: tenant.people });
  const course = { expect: 'activated', actions: [], already: 'activated' } as const;
  for (const row of rows) {
    const { n, address, serialNumber, user = '' } = row;
    const own = { userId: ids[ROWS - 1 - n] ?? '', deviceId: ids[n] ?? '' };
    table.push({ n, address, serialNumber, user, ...own, ...course }, row);
  }
  return table;
}

const planned = plan();

function judged(): VerdictList {
  const evidence = { devices: tenant, methods: new Map() };
  return reconcile({ rows: planned, progress: new Map(), evidence, readOnly: true });
}

function progressOf(idOf: (n: number) => string): ProgressTable {
  const table = new ProgressTable();
  for (let n = 0; n < ROWS; n += 1) {
    const requests = { clientRequestId: ids[n] ?? '', requestId: ids[ROWS - 1 - n] ?? '' };
    table.add(n, progress('done', { attempts: 1, deviceId: idOf(n), ...requests }));
  }
  return table;
}

describe('a row of many takes', () => {
  it.each<readonly [string, number, () => unknown]>([
    ['as a token of the tenant', 58, listed],
    ['as the same token in a second list', 8, () => listed(tenant)],
    ['in the plan', 5, plan],
    ['as a token that was given to somebody', 35, () => progressOf(() => '')],
    ['as one that was created', 51, () => progressOf((n) => ids[n] ?? '')],
    ['as a verdict', 2, judged],
  ])('%s, less than %i bytes', (_what, most, make) => {
    const { columns, heap } = bytesPerRow(make);
    expect(columns).toBeLessThan(most);
    // An object takes thirty at least, and a text twenty.
    expect(heap).toBeLessThan(8);
  });
});
