// What is found by numbers in tables is what the long way says of rows, tokens and users as objects: the join, the
// checks across rows, the plan, the verdicts, the findings and the holders to look up.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialKey } from '../../src/lookup-key.js';
import type { DesiredRows } from '../../src/manifest/row.js';
import type { FindingInput } from '../../src/reconcile/finding-input.js';
import { holdersToLookUp } from '../../src/reconcile/holder-findings.js';
import { NO_ORDINARY_ROWS, type OrdinaryRows, ordinaryRows } from '../../src/reconcile/ordinary-rows.js';
import { type ReconcileInput, type RowProgress, reconcile } from '../../src/reconcile/reconcile.js';
import { allFindings } from '../../src/reconcile/tenant-findings.js';
import type { VerdictList } from '../../src/reconcile/verdict.js';
import { rowsCsv } from '../../src/report/rows-csv.js';
import { storeRows } from '../../src/report/stored-rows.js';
import type { HeldToken } from '../../src/tenant/methods.js';
import { textIn } from '../report/chunks.js';
import { progress } from './rows.js';
import { deviceOf, idOf, SERIALS, type Sides, sides, type World, world } from './world.js';

/** Everything that is said of a run in the end. */
function judged(given: World, { rows, plan, first, second, users }: Sides, ordinary: OrdinaryRows): unknown {
  const methods: ReadonlyMap<string, readonly HeldToken[]> = new Map(
    given.hasMethods ? [[idOf('1', 1), [{ deviceId: 'older', device: { ...OLDER, id: 'older' } }]]] : [],
  );
  const since = new Map(given.since);
  const reached = new Map<number, RowProgress>();
  for (const { n, actions } of plan)
    if (actions.length > 0 && !given.isReadOnly) reached.set(n, progress(given.state, { deviceId: '' }));
  const input: ReconcileInput = {
    ...{ rows: plan, progress: reached, evidence: { devices: second, methods }, readOnly: given.isReadOnly },
    ...{ waiting: { since, endedAt: '2026-11-28T00:00:00.000Z' }, ordinary },
  };
  const about: FindingInput = {
    ...{ rows, devices: second, users, holders: new Map(), methods, unlisted: given.unlisted, ordinary },
    ...(given.isWaiting ? { waiting: { since, tooLongAgo: '2026-06-01T00:00:00.000Z' } } : {}),
  };
  const verdicts = reconcile(input);
  expectSameLines(verdicts);
  return {
    rows: [...verdicts],
    counts: [...(verdicts.counts?.() ?? [])],
    findings: allFindings(about),
    holders: new Set(holdersToLookUp(about)),
    first: first.size,
  };
}

/** What is written in parts, and what is written of rows as objects. */
function expectSameLines(verdicts: VerdictList): void {
  expect(textIn(rowsCsv(verdicts))).toBe(textIn(rowsCsv([...verdicts])));
  expect(keptLines(verdicts)).toEqual(keptLines([...verdicts]));
}

/** The lines that the ledger keeps, each as it comes. */
function keptLines(verdicts: VerdictList): readonly string[] {
  const lines: string[] = [];
  for (const { serialNumber: serial, verdict, record } of storeRows(verdicts))
    lines.push(`${serial} ${verdict} ${textIn([record])}`);
  return lines;
}

const OLDER = deviceOf(
  { serialNumber: 'S0', holder: undefined, model: undefined, status: 'assigned', isLeftOut: false },
  0,
);

/** Where rows stand, and what they name. */
function placesIn(rows: DesiredRows): unknown {
  return rows.map((row, n) => {
    const { address, serialNumber, user } = (rows.parts === undefined ? row : rows.parts.placeAt(n)) ?? row;
    return { address, serialNumber, user };
  });
}

describe('what is found by numbers', () => {
  it('is what is found by looking at each row', () => {
    let met = 0;
    fc.assert(
      fc.property(world, (given) => {
        const { tables, objects } = sides(given);
        expect([...tables.plan]).toEqual([...objects.plan]);
        expect(placesIn(tables.rows)).toEqual(placesIn(objects.rows));
        for (const { n, serialNumber } of objects.rows)
          expect(tables.rows.parts?.serialNumberAt(n)).toBe(serialNumber);
        const ordinary = ordinaryRows({ ...tables, devices: tables.second });
        for (let n = 0; n < tables.rows.length; n += 1) if (ordinary.at(n) !== undefined) met += 1;
        expect(judged(given, tables, ordinary)).toEqual(judged(given, objects, NO_ORDINARY_ROWS));
        const asPlanned = ordinaryRows({ ...objects, devices: objects.second });
        expect(asPlanned).toBe(NO_ORDINARY_ROWS);
      }),
      { numRuns: 2_000 },
    );
    // Else nothing was compared.
    expect(met).toBeGreaterThan(500);
  });

  it('looks up serial numbers as they are looked up everywhere', () => {
    expect(new Set(SERIALS.map(serialKey)).size).toBeLessThan(SERIALS.length);
  });
});
