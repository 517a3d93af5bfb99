// What must hold after each seed, whatever went wrong in it: S is for safety, L for liveness. It answers with
// sentences, and knows no test framework.

import type { TruthDevice } from '../../src/emulator/truth.js';
import { OperationError } from '../../src/errors.js';
import type { KeptConclusion } from '../../src/ledger/ledger.js';
import { type RowVerdict, SETTLED_VERDICTS, type Verdict } from '../../src/reconcile/verdict.js';
import { readStoredRow } from '../../src/report/stored-row-shape.js';
import { pagesApart, rowsApart } from './apart.js';
import type { RowKind } from './draw.js';
import type { Played } from './played.js';

/** The verdicts that a run came to. */
export function verdictsIn(conclusion: KeptConclusion | undefined): readonly RowVerdict[] {
  return (conclusion?.records ?? []).map(readStoredRow);
}

/** Everything that is not as it must be. */
export function violations(played: Played): readonly string[] {
  const rows = verdictsIn(played.conclusion);
  return [
    ...played.bugs.map((bug) => `bug: ${bug}`),
    ...atItsEnd(played),
    ...conserved(played, rows),
    ...toldTruly(played, rows),
    ...nothingTwice(played),
    ...nothingElse(played),
    ...played.wire.violations,
    ...withinBudget(played),
    ...played.insideGate.map((what) => `S8: sent inside a gate: ${what}`),
    ...(played.chainIsWhole ? [] : ['S9: the chain of the ledger does not hold']),
    ...secretsKept(played),
    ...secretsForgotten(played),
    ...oneTokenForAll(played),
    ...(played.failures.includes('queue-stands-still') ? ['L1: the queue of requests stood still'] : []),
    ...nobodyRejectedForAPermission(rows),
    ...wellInTheEnd(played),
  ];
}

function atItsEnd({ run, ends }: Played): readonly string[] {
  return run?.state === 'finished' ? [] : [`L1: not at its end after the lives ${ends.join(', ')}`];
}

function conserved({ drawn }: Played, rows: readonly RowVerdict[]): readonly string[] {
  const numbers = new Set(rows.map(({ n }) => n));
  return rows.length === drawn.rows.length && numbers.size === rows.length
    ? []
    : [`S1: ${drawn.rows.length} rows, and ${rows.length} verdicts for ${numbers.size}`];
}

/** Whether the tenant holds what the row asks for. */
function isHeld(row: RowVerdict, played: Played): boolean {
  const found = played.truth.devices.filter(({ serialNumber }) => serialNumber === row.serialNumber);
  if (row.user === '') return found.length === 1;
  return found.some(({ holder }) => holder !== undefined && holder === userIdOf(row.user, played));
}

function userIdOf(user: string, { world }: Played): string | undefined {
  return world.users.find(({ userPrincipalName }) => userPrincipalName === user)?.id;
}

function toldTruly(played: Played, rows: readonly RowVerdict[]): readonly string[] {
  return rows.flatMap((row) => {
    const what = `row ${row.n} (${played.drawn.rows[row.n]}): ${row.verdict} ${row.reason} ${row.detail}`;
    const held = isHeld(row, played);
    if (SETTLED_VERDICTS.has(row.verdict) && !held) return [`S2: not so, and told as done: ${what}`];
    const isFailure = row.verdict === 'rejected' || row.verdict === 'conflict' || row.verdict === 'unsent';
    return isFailure && held ? [`S3: so, and told as failed: ${what}`] : [];
  });
}

function nothingTwice({ truth }: Played): readonly string[] {
  const serials = truth.devices.map(({ serialNumber }) => serialNumber);
  return new Set(serials).size === serials.length ? [] : ['S4: a serial number is in the tenant twice'];
}

/** What no row asks for is as it was before. */
function nothingElse(played: Played): readonly string[] {
  const { world, truth } = played;
  const before = new Map(world.devices.map((device) => [device.id, device]));
  const asked = new Map(world.desired.rows.map((row) => [row.serialNumber, row.user]));
  const missing = world.devices.filter(({ id }) => !truth.devices.some((device) => device.id === id));
  const changed = (device: TruthDevice): boolean => {
    const was = before.get(device.id);
    if (was === undefined && !asked.has(device.serialNumber)) return true;
    if (device.holder === was?.assignedTo) return false;
    const user = asked.get(device.serialNumber);
    return was?.assignedTo !== undefined || user === undefined || userIdOf(user, played) !== device.holder;
  };
  return [
    ...missing.map(({ serialNumber }) => `S5: ${serialNumber} is gone`),
    ...truth.devices
      .filter(changed)
      .map(({ serialNumber }) => `S5: ${serialNumber} was changed by nobody's wish`),
  ];
}

/** Requests for one action in one life, without those that were refused for now. */
const ATTEMPTS_MAX = 4;
const ACTIONS_PER_ROW_MAX = 2;

function withinBudget({ wire, drawn, ends }: Played): readonly string[] {
  const most = drawn.rows.length * ACTIONS_PER_ROW_MAX * ATTEMPTS_MAX * ends.length + wire.refusedForNow;
  return wire.writes <= most ? [] : [`S7: ${wire.writes} writes, and ${most} allowed`];
}

function secretsForgotten({ run, world }: Played): readonly string[] {
  return run?.state === 'finished' && world.timesForgotten() === 0
    ? ['S10: the secret keys were kept although nothing more was sent']
    : [];
}

function secretsKept({ said, rowsCsv, reportHtml }: Played): readonly string[] {
  const where = Object.entries({ said, rowsCsv, reportHtml }).filter(([, text]) =>
    text.includes('LEAKCANARY'),
  );
  return where.map(([name]) => `S10: a secret is in ${name}`);
}

/** One renewal for each token that expired, however many requests were refused; and for each 401 without a reason. */
function oneTokenForAll({ tokens, ends, truth }: Played): readonly string[] {
  const forNoReason = truth.log.filter(({ fault }) => fault === 'status401').length;
  return tokens.asked <= tokens.expired + forNoReason + ends.length
    ? []
    : [`${tokens.asked} tokens were asked for, and ${tokens.expired} expired`];
}

function nobodyRejectedForAPermission(rows: readonly RowVerdict[]): readonly string[] {
  return rows
    .filter(({ reason }) => reason === 'forbidden')
    .map(({ n }) => `row ${n} was rejected, and only the permission was missing`);
}

/** When only such things went wrong as change nobody's fortune: the same reports, byte for byte. */
export function differences(played: Played, undisturbed: Played): readonly string[] {
  return [
    ...firstDifference('rows.csv', rowsApart(played.rowsCsv), rowsApart(undisturbed.rowsCsv)),
    ...firstDifference('report.html', ...pagesApart(played.reportHtml, undisturbed.reportHtml)),
  ];
}

function firstDifference(name: string, one: string, other: string): readonly string[] {
  if (one === other) return [];
  const lines = one.split('\n');
  const at = other.split('\n').findIndex((line, index) => line !== lines[index]);
  return [`${name}:${at + 1} differs: ${lines[at]} | undisturbed: ${other.split('\n')[at]}`];
}

const EXPECTED: Readonly<Record<RowKind, Verdict>> = {
  'create-and-assign': 'assigned',
  assign: 'assigned',
  create: 'in-inventory',
  'already-assigned': 'assigned',
  'already-activated': 'activated',
  'in-stock': 'in-inventory',
  'held-by-other': 'conflict',
  'unknown-user': 'invalid',
  guest: 'invalid',
  'user-with-five': 'rejected',
  'create-for-user-with-five': 'rejected',
};

/**
 * The most that a run with everything well may take, in virtual time: no row waits for a deadline, but one that was
 * refused within a chunk whose answer does not say so is looked for in the list for a minute (decision 0033).
 */
const WELL_MS = 60_000 + 30_000;

/** The same job once more, with everything well, comes to what it asks for; and then sends nothing more. */
function wellInTheEnd({ again, drawn }: Played): readonly string[] {
  if (again.length === 0) return [];
  const [first, second] = again.map(({ conclusion }) => verdictsIn(conclusion));
  const refused = drawn.rows.filter((kind) => EXPECTED[kind] === 'rejected').length;
  const wrong = (first ?? []).filter(({ n, verdict }) => verdict !== EXPECTED[drawn.rows[n] ?? 'guest']);
  return [
    ...(first?.length === drawn.rows.length ? [] : ['L2: the job run again has not come to its end']),
    ...wrong.map(
      ({ n, verdict, detail }) =>
        `L2: everything is well, and row ${n} (${drawn.rows[n]}) is ${verdict} ${detail}`,
    ),
    ...((again[1]?.writes ?? 0) === refused
      ? []
      : [`L3: a third run sent ${again[1]?.writes} writes, and ${refused} rows are refused`]),
    ...(JSON.stringify(second?.map(({ verdict }) => verdict)) ===
    JSON.stringify(first?.map(({ verdict }) => verdict))
      ? []
      : ['L3: a third run came to other verdicts']),
    ...again.flatMap(({ tookMs }) =>
      tookMs > WELL_MS ? [`L1: with everything well it took ${tookMs} ms`] : [],
    ),
  ];
}

/** An error of a part that was played. */
export function sentenceOf(error: unknown): string {
  if (error instanceof OperationError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.stack}` : String(error);
}
