// How often the rows of a run are looked at: each look makes the row anew, which a million rows pay for a million
// times. Counts, and no times.

import { describe, expect, it } from 'vitest';
import { type Rows, RowTable } from '../../src/compact/rows.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { countPlan, makePlan, type PlannedRow } from '../../src/plan/plan.js';
import { reconcile } from '../../src/reconcile/reconcile.js';
import { tallyVerdicts } from '../../src/reconcile/tally.js';
import { allFindings } from '../../src/reconcile/tenant-findings.js';
import { countVerdicts } from '../../src/report/model.js';
import { rowsCsv } from '../../src/report/rows-csv.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import { UserTable } from '../../src/tenant/user-table.js';
import { textIn } from '../report/chunks.js';

const ROWS = 1_000;

class CountedRows<Row> extends RowTable<Row> {
  looks = 0;
  readonly #rows: Rows<Row>;

  constructor(rows: Rows<Row>) {
    super();
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(position: number): Row | undefined {
    this.looks += 1;
    return this.#rows.at(position);
  }

  /** Looks for each row since the last time. */
  taken(): number {
    const { looks } = this;
    this.looks = 0;
    return looks / ROWS;
  }
}

const idOf = (kind: number, n: number): string =>
  `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const DESIRED: readonly DesiredRow[] = Array.from({ length: ROWS }, (_, n) => ({
  n,
  address: { file: 'tokens.csv', line: n + 2 },
  serialNumber: `S${n}`,
  user: `person.${n}@contoso.example`,
}));

function tenant(): { readonly devices: DeviceTable; readonly users: UserTable } {
  const devices = new DeviceTable();
  const users = new UserTable(DESIRED.flatMap(({ user }) => user ?? []));
  for (const { n, serialNumber, user = '' } of DESIRED) {
    devices.add({
      ...{ id: idOf(1, n), serialNumber, manufacturer: 'Contoso', model: 'C100', timeIntervalInSeconds: 30 },
      ...{
        hashFunction: 'hmacsha1',
        status: 'assigned',
        assignedToId: idOf(2, n),
        lastUsedDateTime: undefined,
      },
    });
    const known = { accountEnabled: true, isGuest: false };
    users.found(user, { id: idOf(2, n), userPrincipalName: user, ...known });
  }
  return { devices, users };
}

describe('the rows of a run', () => {
  const { devices, users } = tenant();
  const desired = new CountedRows(DESIRED);

  it('are looked at once for the plan, and not again to count it', () => {
    const plan = makePlan(desired, { devices, users });
    expect(desired.taken()).toBe(1);
    expect(countPlan(plan).already).toBe(ROWS);
    expect(desired.taken()).toBe(0);
  });

  it('are looked at once for the verdicts, not again to count them, and once for rows.csv', () => {
    const planned = new CountedRows<PlannedRow>(makePlan(DESIRED, { devices, users }).rows);
    const verdicts = reconcile({
      ...{ rows: planned, progress: new Map(), readOnly: true },
      evidence: { devices, methods: new Map() },
    });
    expect(planned.taken()).toBe(1);
    expect(tallyVerdicts(verdicts, ROWS).verdicts.assigned).toBe(ROWS);
    expect(countVerdicts(verdicts).get('assigned')).toEqual({ count: ROWS, already: ROWS });
    expect(planned.taken()).toBe(0);
    expect(textIn(rowsCsv(verdicts)).split('\r\n')).toHaveLength(ROWS + 2);
    expect(planned.taken()).toBe(1);
  });

  it('are looked at once for all findings together', () => {
    desired.taken();
    const holders = new Map();
    const found = allFindings({
      rows: desired,
      devices,
      users,
      holders,
      methods: new Map(),
      unlisted: false,
    });
    expect(found).toEqual([]);
    expect(desired.taken()).toBe(1);
  });
});
