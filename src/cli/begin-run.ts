// A run's birth: its id, its lock, its record in the ledger.

import { resolve } from 'node:path';
import { isoTime } from '../clock.js';
import type { Ledger, RunRecord } from '../ledger/ledger.js';
import type { Plan } from '../plan/plan.js';
import { VERSION } from '../version.js';
import type { Context } from './common.js';
import { toLedgerActions, toLedgerRows } from './ledger-records.js';
import type { Inputs } from './prepare.js';

/** An id that sorts by time and is a folder's name on every system: `20261122T021500Z-berlin-3f9a`. */
export function newRunId(job: string, context: Pick<Context, 'clock' | 'random'>): string {
  const time = isoTime(context.clock.wallMs())
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  return `${time}-${job}-${context.random.uuid().slice(0, 4)}`;
}

export interface RunStart {
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly inputs: Omit<Inputs, 'files' | 'chosen'>;
  readonly overrides: readonly string[];
  /** What the endpoint is called. */
  readonly graph: string;
  readonly plan: Plan;
}

/** A run's record at its start. */
export function runRecord(start: Omit<RunStart, 'plan'>, context: Context): RunRecord {
  const { runId, inputs } = start;
  return {
    id: runId,
    job: inputs.job.name,
    kind: inputs.job.kind,
    jobFile: inputs.jobFile,
    overrides: start.overrides,
    jobSha256: inputs.job.sha256,
    graph: start.graph,
    inputs: inputs.desired.inputs,
    tool: `oathbatch ${VERSION}`,
    reportsDir: resolve(context.options.reports),
    startedAt: start.startedAt,
    state: 'running',
    endedAt: '',
    exitCode: undefined,
  };
}

/** Records the run with its plan; from here on it can be resumed. */
export async function beginRun(ledger: Ledger, start: RunStart, context: Context): Promise<RunRecord> {
  const run = runRecord(start, context);
  const { plan } = start;
  await ledger.beginRun(run, toLedgerRows(plan), toLedgerActions(plan));
  return run;
}
