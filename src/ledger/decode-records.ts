// Turns what SQLite returns into the ledger's records. What does not fit is a damaged ledger, and throws.

import { z } from 'zod';
import {
  ACTION_STATES,
  type ConcludedRow,
  type LedgerAction,
  type LedgerRow,
  type LockHolder,
  type RunRecord,
  type RunState,
} from './ledger.js';

const RUN_STATES = ['running', 'finished', 'interrupted', 'failed'] as const satisfies readonly RunState[];

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const runRow = z.object({
  id: z.string(),
  job: z.string(),
  kind: z.string(),
  job_file: z.string(),
  overrides: jsonText.pipe(z.array(z.string())),
  job_sha256: z.string(),
  graph: z.string(),
  inputs: jsonText.pipe(
    z.array(z.object({ role: z.string(), path: z.string(), sha256: z.string(), rows: z.number() })),
  ),
  tool: z.string(),
  reports_dir: z.string(),
  started_at: z.string(),
  state: z.enum(RUN_STATES),
  ended_at: z.string(),
  exit_code: z.number().nullable(),
});

const textOrNone = z.string().default('');

const plannedRow = z.object({
  n: z.number(),
  file: textOrNone,
  line: z.number(),
  serial_number: textOrNone,
  user: textOrNone,
  user_id: textOrNone,
  device_id: textOrNone,
  expect: z.string(),
  already: textOrNone,
  verdict: z.string().optional(),
  reason: textOrNone,
  detail: textOrNone,
  next: textOrNone,
});

const anyRecord = z.record(z.string(), z.unknown());

const oldRun = z.object({ id: z.string(), graph: z.string(), at: z.string() });

const oldVerdict = z.object({ serial_number: z.string(), verdict: z.string(), record: z.string() });

const blockRow = z.object({ lines: z.instanceof(ArrayBuffer) });

const actionRow = z.object({
  n: z.number(),
  step: z.number(),
  kind: z.string(),
  state: z.enum(ACTION_STATES),
  attempts: z.number(),
  throttled: z.number(),
  device_id: z.string(),
  client_request_id: z.string(),
  request_id: z.string(),
  reason: z.string(),
  detail: z.string(),
  target_device_id: z.string(),
  target_user_id: z.string(),
});

const lockRow = z.object({
  lock_id: z.string(),
  run_id: z.string(),
  pid: z.number(),
  host: z.string(),
  boot_id: z.string(),
  since: z.string(),
});

const numberRow = z.object({ block: z.number() });

const eventBlock = z.object({ seq: z.number(), run_id: z.string(), lines: z.string() });

const seqRow = z.object({ seq: z.number() });

const versionRows = z.array(z.object({ user_version: z.number() }));

/** A run. */
export function decodeRun(row: unknown): RunRecord {
  const run = runRow.parse(row);
  return {
    id: run.id,
    job: run.job,
    kind: run.kind,
    jobFile: run.job_file,
    overrides: run.overrides,
    jobSha256: run.job_sha256,
    graph: run.graph,
    inputs: run.inputs,
    tool: run.tool,
    reportsDir: run.reports_dir,
    startedAt: run.started_at,
    state: run.state,
    endedAt: run.ended_at,
    exitCode: run.exit_code ?? undefined,
  };
}

/** A planned row, from its fields. */
export function decodeRow(raw: unknown): LedgerRow {
  const row = plannedRow.parse(raw);
  const { verdict, reason, detail, next } = row;
  const decided = verdict === undefined ? {} : { decided: { verdict, reason, detail, next } };
  return {
    n: row.n,
    file: row.file,
    line: row.line,
    serialNumber: row.serial_number,
    user: row.user,
    userId: row.user_id,
    deviceId: row.device_id,
    expect: row.expect,
    already: row.already,
    ...decided,
  };
}

/** A record's fields, from its line. What they are is looked at by whoever takes them. */
export function decodeFields(line: string): Readonly<Record<string, unknown>> {
  const fields: unknown = JSON.parse(line);
  // By hand: a schema for each field of a million rows takes longer than all the rest of reading them.
  if (!Array.isArray(fields) || !fields.every(isField)) throw new Error('a record is no list of fields');
  return Object.fromEntries(fields);
}

function isField(field: unknown): field is [name: string, value: unknown] {
  return Array.isArray(field) && field.length === 2 && typeof field[0] === 'string';
}

/** The number of a block. */
export function decodeBlockNumber(raw: unknown): number {
  return numberRow.parse(raw).block;
}

/** Any record, as its fields. */
export function decodeAnyRecord(raw: unknown): Readonly<Record<string, unknown>> {
  // Every action of a plan passes here, so that nothing is walked: an object is a record already.
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return raw as Record<string, unknown>;
  return anyRecord.parse(raw);
}

/** A run of a ledger of an earlier version, and when it was concluded: empty when it was not. */
export function decodeOldRun(raw: unknown): {
  readonly id: string;
  readonly graph: string;
  readonly at: string;
} {
  return oldRun.parse(raw);
}

/** A verdict of a ledger of an earlier version. */
export function decodeOldVerdict(raw: unknown): ConcludedRow {
  const { serial_number: serialNumber, ...verdict } = oldVerdict.parse(raw);
  return { ...verdict, serialNumber };
}

/** The bytes of a block of lines. */
export function decodeBlock(raw: unknown): ArrayBuffer {
  return blockRow.parse(raw).lines;
}

/** An action. */
export function decodeAction(raw: unknown): LedgerAction {
  const action = actionRow.parse(raw);
  const target = { deviceId: action.target_device_id, userId: action.target_user_id };
  return {
    n: action.n,
    step: action.step,
    kind: action.kind,
    ...(target.deviceId === '' && target.userId === '' ? {} : { target }),
    state: action.state,
    attempts: action.attempts,
    throttled: action.throttled,
    deviceId: action.device_id,
    clientRequestId: action.client_request_id,
    requestId: action.request_id,
    reason: action.reason,
    detail: action.detail,
  };
}

/** The holder of a job's lock. */
export function decodeLock(raw: unknown): LockHolder {
  const held = lockRow.parse(raw);
  return {
    lockId: held.lock_id,
    runId: held.run_id,
    pid: held.pid,
    host: held.host,
    bootId: held.boot_id,
    since: held.since,
  };
}

/** The lines of a run's chain that were written together. */
export interface EventBlock {
  readonly seq: number;
  readonly runId: string;
  readonly lines: readonly string[];
}

/** A block of lines of a chain. */
export function decodeEventBlock(raw: unknown): EventBlock {
  const { seq, run_id: runId, lines } = eventBlock.parse(raw);
  return { seq, runId, lines: lines.split('\n') };
}

/** The number of a block of lines of a chain. */
export function decodeSeq(raw: unknown): number {
  return seqRow.parse(raw).seq;
}

/** The answer to `PRAGMA user_version`. */
export function decodeVersion(raw: unknown): number {
  const [found] = versionRows.parse(raw);
  return found?.user_version ?? 0;
}
