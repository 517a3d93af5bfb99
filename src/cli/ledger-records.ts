// Between the plan and the ledger: the plan as records when a run begins, and as a plan again when it is
// resumed. What the ledger holds was written by this file, so what does not fit is a bug or a damaged file.

import type { Rows } from '../compact/rows.js';
import { invariant } from '../errors.js';
import type { LedgerAction, LedgerRow } from '../ledger/ledger.js';
import type { Activation, DesiredRow } from '../manifest/row.js';
import { type ActionKind, actionKindOf } from '../plan/action.js';
import type { EarlyVerdict } from '../plan/decide.js';
import type { Plan, PlannedRow } from '../plan/plan.js';
import { notableRows, PlannedRows } from '../plan/planned-rows.js';
import { ALREADY_SO, type AlreadySo, EXPECTATIONS, type Expectation } from '../plan/way.js';
import type { RowWork } from '../provision/provision.js';
import { ProgressTable } from '../reconcile/progress-table.js';
import type { RowProgress } from '../reconcile/reconcile.js';

export function* toLedgerRows(plan: Plan): Generator<LedgerRow, void> {
  for (const row of plan.rows) {
    yield {
      n: row.n,
      file: row.address.file,
      line: row.address.line,
      serialNumber: row.serialNumber,
      user: row.user,
      userId: row.userId,
      deviceId: row.deviceId,
      expect: row.expect,
      already: row.already ?? '',
      ...(row.decided === undefined ? {} : { decided: row.decided }),
    };
  }
}

export function* toLedgerActions(plan: Plan): Generator<LedgerAction, void> {
  for (const row of notableRows(plan.rows)) {
    for (const [step, kind] of row.actions.entries()) {
      yield {
        n: row.n,
        step,
        kind,
        ...targetOf(row, step),
        state: 'pending',
        attempts: 0,
        throttled: 0,
        deviceId: '',
        clientRequestId: '',
        requestId: '',
        reason: '',
        detail: '',
      };
    }
  }
}

function targetOf({ targets }: PlannedRow, step: number): Pick<LedgerAction, 'target'> {
  const target = targets?.[step];
  return target === undefined || target === null ? {} : { target };
}

/** Records as the ledger gives them, in the order of the rows. */
type Records<Record> = AsyncIterable<Record> | Iterable<Record>;

/**
 * The plan that a run began with, from the ledger.
 *
 * @param desired - the rows of the job, in which most of it stands already.
 * @param isMeant - which actions belong to it; all when left out.
 */
export async function toPlan(
  rows: Records<LedgerRow>,
  actions: Records<LedgerAction>,
  desired: Rows<DesiredRow>,
  isMeant: (action: LedgerAction) => boolean = () => true,
): Promise<Plan> {
  const plan = new PlannedRows(desired);
  const groups = byRow(actions);
  let group = await groups.next();
  for await (const row of rows) {
    let own: readonly LedgerAction[] = [];
    if (group.done !== true && group.value[0] === row.n) {
      own = group.value[1].filter(isMeant);
      group = await groups.next();
    }
    plan.push(toPlannedRow(row, own), desired.at(row.n));
  }
  invariant(group.done === true, 'ledger: actions of a row that was not planned');
  return { rows: plan };
}

function toPlannedRow(row: LedgerRow, actions: readonly LedgerAction[]): PlannedRow {
  const already = alreadySo(row.already);
  return {
    n: row.n,
    address: { file: row.file, line: row.line },
    serialNumber: row.serialNumber,
    user: row.user,
    userId: row.userId,
    deviceId: row.deviceId,
    expect: expectation(row.expect),
    actions: actions.map((action) => actionKind(action.kind)),
    ...targetsOf(actions),
    ...(already === undefined ? {} : { already }),
    ...(row.decided === undefined ? {} : { decided: early(row.decided) }),
  };
}

function targetsOf(actions: readonly LedgerAction[]): Pick<PlannedRow, 'targets'> {
  const targets = actions.map(({ target }) => target ?? null);
  return targets.some((target) => target !== null) ? { targets } : {};
}

function alreadySo(text: string): AlreadySo | undefined {
  if (text === '') return undefined;
  const known = ALREADY_SO.find((so) => so === text);
  invariant(known !== undefined, `ledger: already ${text}`);
  return known;
}

function expectation(text: string): Expectation {
  const known = EXPECTATIONS.find((expected) => expected === text);
  invariant(known !== undefined, `ledger: expect ${text}`);
  return known;
}

function actionKind(text: string): ActionKind {
  const kind = actionKindOf(text);
  invariant(kind !== undefined, `ledger: action ${text}`);
  return kind;
}

function early(decided: NonNullable<LedgerRow['decided']>): EarlyVerdict {
  const { verdict } = decided;
  invariant(verdict === 'conflict' || verdict === 'invalid', `ledger: early verdict ${verdict}`);
  return { ...decided, verdict };
}

/** Actions row by row, from actions in the order of the rows. */
async function* byRow(
  actions: Records<LedgerAction>,
): AsyncGenerator<readonly [n: number, own: readonly LedgerAction[]], void> {
  let own: LedgerAction[] = [];
  for await (const action of actions) {
    const [first] = own;
    if (first !== undefined && first.n !== action.n) {
      yield [first.n, own];
      own = [];
    }
    own.push(action);
  }
  const [first] = own;
  if (first !== undefined) yield [first.n, own];
}

/**
 * The rows that have something left to do, with what is needed to do it, one after the other.
 *
 * @param actions - in the order of the rows.
 */
export async function* toWork(
  plan: Plan,
  desired: Rows<DesiredRow>,
  actions: Records<LedgerAction>,
  activation: Activation = 'user',
): AsyncGenerator<RowWork, void> {
  let position = 0;
  for await (const [n, own] of byRow(actions)) {
    while ((plan.rows.at(position)?.n ?? n) < n) position += 1;
    const row = plan.rows.at(position);
    invariant(row?.n === n, `ledger: actions of a row ${n} that was not planned`);
    if (own.every(({ state }) => state === 'done' || state === 'already')) continue;
    if (own.some(({ state }) => state === 'refused')) continue;
    const wanted = desired.at(row.n);
    yield {
      n: row.n,
      serialNumber: row.serialNumber,
      userId: row.userId,
      deviceId: row.deviceId,
      actions: own,
      ...(wanted?.token === undefined ? {} : { token: wanted.token }),
      ...(wanted?.code === undefined || computes(wanted, activation) ? {} : { code: wanted.code }),
      ...(own.some(({ kind }) => kind === 'delete') ? { replacedId: row.deviceId } : {}),
    };
  }
}

/** Whether the code of a row is computed, although the row may have one that was read out. */
function computes(row: DesiredRow, activation: Activation): boolean {
  return (row.activation ?? activation) === 'computed';
}

/**
 * How far each row's actions have come, taken together.
 *
 * @param actions - in the order of the rows.
 */
export async function toProgress(actions: Records<LedgerAction>): Promise<ReadonlyMap<number, RowProgress>> {
  const table = new ProgressTable();
  for await (const [n, own] of byRow(actions)) table.add(n, progressOf(own));
  return table;
}

function progressOf(own: readonly LedgerAction[]): RowProgress {
  const open = own.find(({ state }) => state !== 'done' && state !== 'already');
  const requested = own.filter(({ clientRequestId }) => clientRequestId !== '');
  const last = requested.at(-1);
  return {
    state: open === undefined || open.state === 'done' || open.state === 'already' ? 'done' : open.state,
    attempts: own.reduce((sum, action) => sum + action.attempts, 0),
    deviceId: own.findLast(({ kind, deviceId }) => kind === 'create' && deviceId !== '')?.deviceId ?? '',
    clientRequestId: last?.clientRequestId ?? '',
    requestId: last?.requestId ?? '',
    reason: open?.reason ?? '',
    detail: open?.detail ?? '',
  };
}
