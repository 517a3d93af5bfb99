// Turns what SQLite returns into the ledger's records. What does not fit is a damaged ledger, and throws.

import { z } from 'zod';
import type { ActionState, LedgerAction, LedgerRow, LockHolder, RunRecord, RunState } from './ledger.js';

const RUN_STATES = ['running', 'finished', 'interrupted', 'failed'] as const satisfies readonly RunState[];
const ACTION_STATES = [
  'pending',
  'sent',
  'done',
  'already',
  'refused',
  'given-up',
] as const satisfies readonly ActionState[];

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

const plannedRow = z.object({
  n: z.number(),
  file: z.string(),
  line: z.number(),
  serial_number: z.string(),
  user: z.string(),
  user_id: z.string(),
  device_id: z.string(),
  expect: z.string(),
  already: z.string(),
  verdict: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  next: z.string().nullable(),
});

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

const hashRow = z.object({ hash: z.string() });

const tallyRow = z.object({ sent: z.number(), throttled: z.number() });

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

/** A planned row. */
export function decodeRow(raw: unknown): LedgerRow {
  const row = plannedRow.parse(raw);
  const decided =
    row.verdict === null
      ? {}
      : {
          decided: {
            verdict: row.verdict,
            reason: row.reason ?? '',
            detail: row.detail ?? '',
            next: row.next ?? '',
          },
        };
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

/** The hash of an event. */
export function decodeHash(raw: unknown): string {
  return hashRow.parse(raw).hash;
}

/** How many requests were sent and throttled. */
export function decodeTally(raw: unknown): { readonly sent: number; readonly throttled: number } {
  return tallyRow.parse(raw);
}

/** The answer to `PRAGMA user_version`. */
export function decodeVersion(raw: unknown): number {
  const [found] = versionRows.parse(raw);
  return found?.user_version ?? 0;
}
