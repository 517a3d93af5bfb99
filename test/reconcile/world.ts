// Worlds in which almost everything is as it should be: files and lists by tables and by objects, for those who compare
// what is found in the one way and in the other.

import fc from 'fast-check';
import { expect } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import type { Rows } from '../../src/compact/rows.js';
import { TextIndex } from '../../src/compact/text-index.js';
import { userKey } from '../../src/lookup-key.js';
import { crossChecks } from '../../src/manifest/cross-checks.js';
import { handOver, taken } from '../../src/manifest/handed-over.js';
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
import type { RowProgress } from '../../src/reconcile/reconcile.js';
import { Secret } from '../../src/secret.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { Device, Observed, User } from '../../src/tenant/observed.js';
import { UserTable } from '../../src/tenant/user-table.js';

export const SERIALS: readonly string[] = ['S1', 's1', 'S2', '03', '3', ' S4'];
const KEYS = ['GEZDGNBVGY3TQOJQ', 'MFRGGZDFMZTWQ2LK', 'not packed, 1'] as const;
export const idOf = (kind: string, n: number): string => `${kind}0000000-0000-4000-8000-00000000000${n}`;

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
export function deviceOf(one: Listed, n: number): Device {
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

export const world = fc.record({
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
  since: fc.constantFrom<readonly (readonly [string, string])[]>(
    [],
    ['S2', 'S5'].map((one) => [one, '2026-01-05T08:00:00.000Z'] as const),
  ),
  isWaiting: fc.boolean(),
  isReadOnly: fc.boolean(),
  /** The files were read in another thread. */
  isHandedOver: fc.boolean(),
});
export type World = ValueOf<typeof world>;

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
export function joined(given: World): {
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
  expect(crossChecks(byTable.rows, names)).toEqual(crossChecks(byList.rows, new TextIndex()));
  return { table: byTable.rows, list: [...byList.rows], names };
}

/** The same, where the tables come from another thread. */
function handedOver(given: World): ReturnType<typeof joined> {
  const { table, list, names } = joined(given);
  const before = { joinedAssignments: 0, warnings: [], inputs: [], names, forgetSecrets: () => undefined };
  const { message, memory } = handOver({ ...before, rows: table });
  const desired = taken(structuredClone(message, { transfer: [...memory] }));
  return { table: desired.rows, list, names: desired.names };
}

export function devicesIn(shown: readonly Listed[], people: IdIndex, before?: DeviceTable): DeviceTable {
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
export function asMap(table: DeviceTable): ReadonlyMap<string, readonly Device[]> {
  return new Map([...table].map(([key, devices]) => [key, [...devices]]));
}

/** @param besides - object ids that are asked for as well. */
export function usersOf(
  rows: DesiredRows,
  people: IdIndex,
  names: TextIndex,
  besides: Iterable<string> = [],
): UserTable {
  const users = new UserTable([...besides, ...usersNamed(rows)], { people, names });
  for (const { name: own, user } of PEOPLE) {
    if (user === undefined) continue;
    users.found(userKey(own), user);
    users.found(userKey(user.id), user);
  }
  users.endLookUp();
  return users;
}

export interface Sides {
  readonly rows: DesiredRows;
  readonly plan: PlanRows;
  readonly first: Observed['devices'];
  readonly second: Observed['devices'];
  readonly users: Observed['users'];
}

/** The same by tables and by objects. */
export function sides(given: World): {
  readonly tables: Sides;
  readonly objects: Sides;
  readonly names: TextIndex;
} {
  const { table, list, names } = given.isHandedOver ? handedOver(given) : joined(given);
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
