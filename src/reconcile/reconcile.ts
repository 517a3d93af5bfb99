// Compares what was asked for with what list calls show at the end, and gives every row one verdict. Pure.
// The lists decide; what our own requests answered only explains a row on which the lists are silent.

import { serialKey } from '../lookup-key.js';
import type { PlannedRow, PlanRows } from '../plan/plan.js';
import type { HeldToken } from '../tenant/methods.js';
import type { Device, Devices } from '../tenant/observed.js';
import type { OrdinaryRows } from './ordinary-rows.js';
import { REASONS, type Reason } from './reasons.js';
import type { RowVerdict, Verdict, VerdictList } from './verdict.js';
import { VerdictRows } from './verdict-rows.js';

/** What the ledger knows of a row that had something to do. */
export interface RowProgress {
  /**
   * How far its actions have come, taken together: `done` when all are; else the state of the first that
   * is not.
   */
  readonly state: 'pending' | 'sent' | 'done' | 'refused' | 'given-up';
  readonly attempts: number;
  /** Of the token that was created for the row; empty when it is the one that the plan names. */
  readonly deviceId: string;
  readonly clientRequestId: string;
  readonly requestId: string;
  readonly reason: string;
  readonly detail: string;
}

/** What list calls have shown after the writes. */
export interface Evidence {
  /** The inventory, by `serialKey`. */
  readonly devices: Devices;
  /** The second witness: the tokens of users about whom there was doubt, by object id. */
  readonly methods: ReadonlyMap<string, readonly HeldToken[]>;
}

export interface ReconcileInput {
  readonly rows: PlanRows;
  /** By `n`; only rows that had something to do. */
  readonly progress: ReadonlyMap<number, RowProgress>;
  /** Absent when the run was stopped before it could list. */
  readonly evidence: Evidence | undefined;
  /** `verify`: nothing was to be sent, so a row that is not so was not carried out rather than stopped. */
  readonly readOnly: boolean;
  /** Since when earlier runs have found tokens assigned, by serial number; of the others it is since this run's end. */
  readonly waiting?: { readonly since: AssignedSince; readonly endedAt: string };
  /** Rows that need not be looked at. */
  readonly ordinary?: OrdinaryRows;
}

/** Since when tokens are assigned; how many of them there are, where that is known. */
type AssignedSince = Pick<ReadonlyMap<string, string>, 'get'> & { readonly size?: number };

/** Gives every row its verdict, in the order of the rows. */
export function reconcile(input: ReconcileInput): VerdictList {
  const { rows, progress } = input;
  const verdicts = new VerdictRows(rows, progress, input.evidence?.devices.ids);
  for (let n = 0; n < rows.length; n += 1) {
    const usual = input.ordinary?.at(n);
    const since = usual === undefined ? undefined : sinceOf(usual.verdict, n, input);
    if (usual !== undefined && since !== undefined) {
      verdicts.pushAsPlanned(usual, since);
      continue;
    }
    const row = rows.at(n);
    if (row !== undefined) verdicts.push(withSince(verdictOf(row, progress.get(row.n), input), input), row);
  }
  return verdicts;
}

/** Since when the token of an ordinary row is assigned; `undefined` where the row has to be looked at for that. */
function sinceOf(verdict: Verdict, n: number, { rows, waiting }: ReconcileInput): string | undefined {
  if (waiting === undefined || verdict !== 'assigned') return '';
  if (waiting.since.size === 0) return waiting.endedAt;
  const serialNumber = rows.parts?.serialNumberAt(n);
  return serialNumber === undefined ? undefined : (waiting.since.get(serialNumber) ?? waiting.endedAt);
}

/** A token that this run is the first to find assigned waits since its end: lists do not say since when. */
function withSince(row: RowVerdict, { waiting }: ReconcileInput): RowVerdict {
  if (waiting === undefined || row.verdict !== 'assigned') return row;
  return { ...row, assignedSince: waiting.since.get(row.serialNumber) ?? waiting.endedAt };
}

/** Whether the lists do not (yet) show what was done: such rows are worth another look. */
export function isOutstanding(
  row: PlannedRow,
  progress: RowProgress | undefined,
  evidence: Evidence,
): boolean {
  if (progress === undefined || (progress.state !== 'done' && progress.state !== 'sent')) return false;
  return whatIsSo(row, evidence, progress.deviceId) === undefined;
}

/** The settled verdict that the lists prove for a row, if they do. */
function whatIsSo(
  row: PlannedRow,
  evidence: Evidence,
  knownDeviceId: string,
): { readonly verdict: Verdict; readonly deviceId: string } | undefined {
  if (!isTakenAway(row, evidence)) return undefined;
  const device = deviceOf(row, evidence);
  if (row.expect === 'absent') {
    const isThere = row.deviceId === '' ? device !== undefined : device?.id === row.deviceId;
    return isThere ? undefined : { verdict: 'deleted', deviceId: row.deviceId };
  }
  if (row.expect === 'returned' && (row.serialNumber === '' || device?.assignedToId !== undefined)) {
    return device === undefined ? { verdict: 'in-inventory', deviceId: row.deviceId } : undefined;
  }
  if (row.expect === 'in-inventory' || row.expect === 'returned') {
    return device === undefined ? undefined : { verdict: 'in-inventory', deviceId: device.id };
  }
  if (device?.assignedToId === row.userId) {
    if (row.expect === 'activated' && device.status !== 'activated') return undefined;
    return { verdict: device.status === 'activated' ? 'activated' : 'assigned', deviceId: device.id };
  }
  const deviceId = device?.id ?? (knownDeviceId === '' ? row.deviceId : knownDeviceId);
  const held = evidence.methods.get(row.userId)?.find((token) => token.deviceId === deviceId);
  if (held === undefined || deviceId === '') return undefined;
  if (row.expect === 'activated' && held.device?.status !== 'activated') return undefined;
  return { verdict: held.device?.status === 'activated' ? 'activated' : 'assigned', deviceId };
}

/** Whether the lists show that what the row takes from a user, or out of the inventory, is gone from there. */
function isTakenAway(row: PlannedRow, evidence: Evidence): boolean {
  const { targets } = row;
  if (targets === undefined) return true;
  return row.actions.every((kind, step) => {
    const target = targets[step];
    if (target === undefined || target === null) return true;
    const device = deviceWithId(target.deviceId, evidence);
    if (kind === 'delete') return device === undefined;
    if (kind !== 'unassign') return true;
    const held = evidence.methods.get(target.userId)?.some(({ deviceId }) => deviceId === target.deviceId);
    // What the inventory never lists, only the user's own list shows to be gone.
    if (device === undefined && removesLegacy(row)) return held === false;
    return device?.assignedToId !== target.userId && held !== true;
  });
}

/** Whether a row takes something away from a user who keeps the row's token: an older registration of it. */
function removesLegacy({ expect, actions }: PlannedRow): boolean {
  return expect === 'activated' && actions.every((kind) => kind === 'unassign' || kind === 'delete');
}

/** Each list of the inventory by id, made once: rows look many times. */
const BY_ID = new WeakMap<Evidence['devices'], ReadonlyMap<string, Device>>();

function deviceWithId(id: string, { devices }: Evidence): Device | undefined {
  const known =
    BY_ID.get(devices) ?? new Map([...devices.values()].flat().map((device) => [device.id, device]));
  BY_ID.set(devices, known);
  return known.get(id);
}

function deviceOf(row: PlannedRow, evidence: Evidence): Device | undefined {
  const devices = evidence.devices.get(serialKey(row.serialNumber)) ?? [];
  return devices.find((device) => device.assignedToId === row.userId && row.userId !== '') ?? devices[0];
}

function verdictOf(row: PlannedRow, progress: RowProgress | undefined, input: ReconcileInput): RowVerdict {
  // Every verdict is made from this with all its keys: objects of one shape take a third of the memory.
  const base: RowVerdict = {
    n: row.n,
    file: row.address.file,
    line: row.address.line,
    serialNumber: row.serialNumber,
    user: row.user,
    verdict: 'unsent',
    already: false,
    reason: '',
    detail: '',
    next: '',
    deviceId: progress?.deviceId || row.deviceId,
    userId: row.userId,
    attempts: progress?.attempts ?? 0,
    clientRequestId: progress?.clientRequestId ?? '',
    requestId: progress?.requestId ?? '',
    assignedSince: '',
  };
  if (row.decided !== undefined) return { ...base, ...row.decided };
  const { evidence } = input;

  if (evidence === undefined) {
    if (row.already !== undefined) return { ...base, verdict: row.already, already: true };
    if (progress?.state === 'done') return unsettled(base, 'unknown', 'not-verified');
    return explain(base, row, progress, undefined, input);
  }
  const found = whatIsSo(row, evidence, base.deviceId);
  if (found !== undefined) {
    const { verdict } = found;
    // The same id is the same text in memory.
    const deviceId = found.deviceId === base.deviceId ? base.deviceId : found.deviceId;
    return { ...base, verdict, deviceId, already: row.already !== undefined };
  }
  return explain(base, row, progress, deviceOf(row, evidence), input);
}

const RUN_AGAIN = 'Run the job again: it looks at the tenant first, and does only what is missing.';

/** Why a row is not as it should be. */
function explain(
  base: RowVerdict,
  row: PlannedRow,
  progress: RowProgress | undefined,
  device: Device | undefined,
  { evidence, readOnly }: ReconcileInput,
): RowVerdict {
  const holderId = device?.assignedToId;
  const isGiven = row.expect === 'assigned' || row.expect === 'activated';
  if (isGiven && holderId !== undefined && holderId !== row.userId && !isExpectedToLose(row, holderId)) {
    const detail = `The token is held by another user (${holderId}).`;
    return unsettled({ ...base, deviceId: device?.id ?? base.deviceId }, 'conflict', 'held-by-other', detail);
  }
  if (row.already !== undefined) return unsettled(base, 'unsent', 'changed-meanwhile');
  if (readOnly) return unsettled(base, 'unsent', 'not-carried-out');
  switch (progress?.state) {
    case 'done':
      return unsettled(base, 'unknown', 'not-visible');
    case 'sent':
      return {
        ...unsettled(base, 'unknown', 'answer-lost', progress.detail),
        // A run that has listed has come to its end, and cannot be resumed.
        ...(evidence === undefined ? {} : { next: RUN_AGAIN }),
      };
    case 'given-up':
      if (isHalfRecreated(row, device)) {
        return unsettled(base, 'rejected', 'recreate-incomplete', progress.detail);
      }
      return unsettled(
        base,
        'rejected',
        'given-up',
        `Every try failed without effect; the last: ${progress.detail}.`,
      );
    case 'refused':
      if (isHalfRecreated(row, device)) {
        return unsettled(base, 'rejected', 'recreate-incomplete', progress.detail);
      }
      if (progress.reason === 'held-by-other')
        return unsettled(base, 'conflict', 'held-by-other', progress.detail);
      return unsettled(base, 'rejected', refusal(progress.reason), progress.detail);
    case 'pending':
      // When the run has come to its end, nothing but the answer to its own request holds a row back.
      return evidence !== undefined && progress.reason === 'forbidden'
        ? unsettled(base, 'unsent', 'permission-in-doubt', progress.detail)
        : unsettled(base, 'unsent', 'stopped');
    case undefined:
      return unsettled(base, 'unsent', 'stopped');
  }
}

function refusal(reason: string): Reason {
  return reason === 'forbidden' || reason === 'code-refused' ? reason : 'refused';
}

/** Whether the row itself takes its token from this holder before it gives it on. */
function isExpectedToLose({ targets }: PlannedRow, holderId: string): boolean {
  return targets?.some((target) => target?.userId === holderId) === true;
}

/** A token that was deleted and is not there again is the one failure that leaves less than before. */
function isHalfRecreated(row: PlannedRow, device: Device | undefined): boolean {
  return device === undefined && row.actions.includes('delete') && row.actions.includes('create');
}

function unsettled(base: RowVerdict, verdict: Verdict, reason: Reason, detail = ''): RowVerdict {
  return {
    ...base,
    verdict,
    reason,
    detail: detail === '' ? REASONS[reason].detail : detail,
    next: REASONS[reason].next,
  };
}
