// What is found by numbers in tables is what the long way says of rows, tokens and users as objects: the join, the
// checks across rows, the plan, the verdicts, the findings and the holders to look up.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import type { Rows } from '../../src/compact/rows.js';
import { TextIndex } from '../../src/compact/text-index.js';
import { serialKey, userKey } from '../../src/lookup-key.js';
import { crossChecks } from '../../src/manifest/cross-checks.js';
import { join } from '../../src/manifest/join.js';
import { usersNamed } from '../../src/manifest/joined-rows.js';
import type {
  AssignmentRow,
  DesiredRow,
  DesiredRows,
  InvalidRow,
  RowWish,
  TokenRow,
} from '../../src/manifest/row.js';
import { AssignmentTable, TokenTable } from '../../src/manifest/row-table.js';
import { makePlan, type PlanRows } from '../../src/plan/plan.js';
import type { PlanRules } from '../../src/plan/rules.js';
import type { FindingInput } from '../../src/reconcile/finding-input.js';
import { holdersToLookUp } from '../../src/reconcile/holder-findings.js';
import { NO_ORDINARY_ROWS, type OrdinaryRows, ordinaryRows } from '../../src/reconcile/ordinary-rows.js';
import { type ReconcileInput, type RowProgress, reconcile } from '../../src/reconcile/reconcile.js';
import { allFindings } from '../../src/reconcile/tenant-findings.js';
import type { VerdictList } from '../../src/reconcile/verdict.js';
import { rowsCsv } from '../../src/report/rows-csv.js';
import { storeRows } from '../../src/report/stored-rows.js';
import { Secret } from '../../src/secret.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { HeldToken } from '../../src/tenant/methods.js';
import type { Device, Observed, User } from '../../src/tenant/observed.js';
import { UserTable } from '../../src/tenant/user-table.js';
import { textIn } from '../report/chunks.js';
import { progress } from './rows.js';

const SERIALS: readonly string[] = ['S1', 's1', 'S2', '03', '3', ' S4'];
const KEYS = ['GEZDGNBVGY3TQOJQ', 'MFRGGZDFMZTWQ2LK', 'not packed, 1'] as const;
const idOf = (kind: string, n: number): string => `${kind}0000000-0000-4000-8000-00000000000${n}`;

/** Somebody who is found by name, by object id, under both, as a guest, disabled, or not at all. */
const PEOPLE: readonly { readonly name: string; readonly user?: User }[] = [
  { name: 'ada@x.test', user: person(1) },
  { name: "o'ben@x.test", user: person(2) },
  { name: 'Cleo@x.test', user: person(3, { userPrincipalName: 'Cleo@x.test' }) },
  { name: 'dan@x.test', user: person(4, { accountEnabled: false }) },
  { name: 'eve@x.test', user: person(5, { isGuest: true }) },
  { name: 'fay@x.test' },
  { name: idOf('1', 6), user: person(6, { accountEnabled: false }) },
  { name: 'gus@x.test', user: { ...person(7), id: 'gus-has-no-uuid' } },
];

function person(n: number, more: Partial<User> = {}): User {
  return {
    ...{ id: idOf('1', n), userPrincipalName: `${'.abcdefg'.charAt(n)}@x.test`, accountEnabled: true },
    ...{ isGuest: false, ...more },
  };
}

/** Almost always left out, where what is usual is meant. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 11 }, { arbitrary, weight: 1 });
const seldomSo = seldom(fc.constant(true)).map((so) => so === true);

const name = fc.constantFrom(...PEOPLE.map((one) => one.name), 'ADA@x.test');
const serialNumber = fc.constantFrom(...SERIALS);
const wish = fc.constantFrom<RowWish>(
  { activation: 'computed' },
  { code: new Secret('123456') },
  { action: 'unassign' },
  { action: 'delete' },
);

const token = fc.record({
  serialNumber: seldom(serialNumber),
  user: seldom(name),
  secret: seldom(fc.constantFrom(...KEYS)),
  model: seldom(fc.constant('C2')),
  bad: seldomSo,
});
const assignment = fc.record({
  serialNumber: seldom(serialNumber),
  user: seldom(fc.option(name)),
  wish: seldom(wish),
  bad: seldomSo,
});

const listed = fc.record({
  serialNumber: seldom(serialNumber),
  holder: seldom(
    fc.constantFrom('', idOf('1', 9), 'gus-has-no-uuid', ...PEOPLE.flatMap(({ user }) => user?.id ?? [])),
  ),
  model: seldom(fc.constantFrom('C2')),
  status: fc.constantFrom('assigned', 'activated', 'activated', 'available', 'failedActivation'),
  isLeftOut: seldomSo,
});
type Listed = ValueOf<typeof listed>;
type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** Token `n` of a list: that of person `n`, unless it is said otherwise. The last ones stand there a second time. */
function deviceOf(one: Listed, n: number): Device {
  const holder = one.holder ?? PEOPLE[n]?.user?.id ?? '';
  return {
    ...{
      id: n === 7 ? 'no-uuid' : idOf('2', n),
      serialNumber: one.serialNumber ?? `S${n % 8}`,
      model: one.model ?? 'C1',
    },
    ...{ manufacturer: 'Contoso', timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', status: one.status },
    ...{ assignedToId: holder === '' ? undefined : holder, lastUsedDateTime: undefined },
  };
}

const EIGHT = { minLength: 4, maxLength: 8, size: 'max' } as const;
const list = fc.array(listed, EIGHT);
/** Mostly nothing has changed but who holds what, and there may be tokens more. */
const later = fc.record({ list: fc.array(listed, { maxLength: 10, size: 'max' }), isOther: seldomSo });

const world = fc.record({
  tokens: fc.array(token, EIGHT),
  assignments: fc.array(assignment, EIGHT),
  first: list,
  /** Mostly it shows what the first one did. */
  second: fc.option(later, { freq: 2 }),
  activation: fc.constantFrom<PlanRules['activation']>('user', 'computed', 'codes'),
  mode: fc.constantFrom<NonNullable<PlanRules['mode']>>('additive', 'exact'),
  removesLegacy: seldomSo,
  unlisted: fc.boolean(),
  state: fc.constantFrom<RowProgress['state']>('done', 'sent', 'pending'),
  hasMethods: seldomSo,
  since: fc.constantFrom<readonly (readonly [string, string])[]>([], [['S2', '2026-01-05T08:00:00.000Z']]),
  isWaiting: fc.boolean(),
  isReadOnly: fc.boolean(),
});
type World = ValueOf<typeof world>;

const REFUSAL = { reason: 'cell-count', detail: 'bad' } as const;

/** Token `n` of the manifest. */
function tokenRow(drawn: World['tokens'][number], n: number): TokenRow | InvalidRow {
  const { serialNumber: serial = `S${n}`, user, secret, model = 'C1', bad } = drawn;
  const place = { address: { file: 'tokens.csv', line: n + 2 }, serialNumber: serial };
  if (bad) return { ...place, ...REFUSAL };
  const secretKey = new Secret(secret ?? `GEZDGNBVGY3TQOJ${'ABCDEFGH'.charAt(n)}`);
  const make = {
    timeIntervalInSeconds: 30,
    hashFunction: 'hmacsha1',
    manufacturer: 'Contoso',
    model,
  } as const;
  return { ...place, ...(user === undefined ? {} : { user }), token: { secretKey, ...make } };
}

/** It gives token `n` to person `n`, unless it is said otherwise. */
function assignmentRow(drawn: World['assignments'][number], n: number): AssignmentRow | InvalidRow {
  const { serialNumber: serial = `S${n}`, user = PEOPLE[n]?.name ?? null, wish: asked, bad } = drawn;
  const place = { address: { file: 'people, "2".csv', line: n + 2 }, serialNumber: serial };
  if (bad) return { ...place, ...REFUSAL };
  const given = user === null ? place : { ...place, user };
  return asked === undefined ? given : { ...given, wish: asked };
}

/** A row with its key in the clear: a Secret shows nothing to a comparison. */
const open = (rows: DesiredRows): unknown =>
  rows.map((row) => ({ ...row, key: row.token?.secretKey.reveal() }));

function tableOf<Row, Table extends Rows<Row> & { push(row: Row): void }>(
  table: Table,
  rows: readonly Row[],
): Table {
  for (const row of rows) table.push(row);
  return table;
}

/** The files in tables, and what they come to in objects. */
function joined(given: World): {
  readonly table: DesiredRows;
  readonly list: readonly DesiredRow[];
  readonly names: TextIndex;
} {
  const files = { tokens: given.tokens.map(tokenRow), assignments: given.assignments.map(assignmentRow) };
  const names = new TextIndex();
  const byTable = join(
    tableOf(new TokenTable(names), files.tokens),
    tableOf(new AssignmentTable(names), files.assignments),
  );
  const byList = join(files.tokens, files.assignments);
  expect(open(byTable.rows)).toEqual(open(byList.rows));
  expect(byTable.joinedAssignments).toBe(byList.joinedAssignments);
  expect(byTable.warnings).toEqual(byList.warnings);
  return { table: byTable.rows, list: [...byList.rows], names };
}

function devicesIn(shown: readonly Listed[], people: IdIndex, before?: DeviceTable): DeviceTable {
  const table = new DeviceTable(people, before, 4);
  for (const [n, one] of shown.entries()) if (!one.isLeftOut) table.add(deviceOf(one, n));
  table.endList();
  return table;
}

function secondOf({ first, second }: World): readonly Listed[] {
  if (second === null || second.isOther) return second?.list ?? first;
  return second.list.map((one, n) => ({ ...one, ...pick(first[n]) }));
}

/** What does not change of a token. */
function pick(one: Listed | undefined): Partial<Listed> {
  return one === undefined ? {} : { serialNumber: one.serialNumber, model: one.model };
}

/** As objects, in the order of the table: a second list keeps that of the first. */
function asMap(table: DeviceTable): ReadonlyMap<string, readonly Device[]> {
  return new Map([...table].map(([key, devices]) => [key, [...devices]]));
}

function usersOf(rows: DesiredRows, people: IdIndex, names: TextIndex): UserTable {
  const users = new UserTable(usersNamed(rows), { people, names });
  for (const { name: own, user } of PEOPLE) {
    if (user === undefined) continue;
    users.found(userKey(own), user);
    users.found(userKey(user.id), user);
  }
  users.endLookUp();
  return users;
}

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

interface Sides {
  readonly rows: DesiredRows;
  readonly plan: PlanRows;
  readonly first: Observed['devices'];
  readonly second: Observed['devices'];
  readonly users: Observed['users'];
}

/** The same by tables and by objects. */
function sides(given: World): { readonly tables: Sides; readonly objects: Sides; readonly names: TextIndex } {
  const { table, list, names } = joined(given);
  const people = new IdIndex(4);
  const first = devicesIn(given.first, people);
  const users = usersOf(table, people, names);
  const second = devicesIn(secondOf(given), people, first);
  const rules: PlanRules = {
    ...{ activation: given.activation, mode: given.mode, removesLegacy: given.removesLegacy },
  };
  const planOf = (rows: DesiredRows, seen: Observed): PlanRows => makePlan(rows, seen, rules).rows;
  const [firstMap, usersMap] = [asMap(first), new Map(users)];
  return {
    names,
    tables: { rows: table, plan: planOf(table, { devices: first, users }), first, second, users },
    objects: {
      ...{ rows: list, plan: [...planOf(list, { devices: firstMap, users: usersMap })] },
      ...{ first: firstMap, second: asMap(second), users: usersMap },
    },
  };
}

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
        const { tables, objects, names } = sides(given);
        expect(crossChecks(tables.rows, names)).toEqual(crossChecks(objects.rows, new TextIndex()));
        expect([...tables.plan]).toEqual([...objects.plan]);
        expect(placesIn(tables.rows)).toEqual(placesIn(objects.rows));
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
