// Carries a plan that is in the ledger to its end: provision, verify, reconcile, report. `run`, `apply` and
// `resume` differ only in how they come here.

import { isoTime } from '../clock.js';
import { EXIT, type ExitCode, OperationError } from '../errors.js';
import { Stopped } from '../graph/limiter.js';
import type { Job } from '../job/job.js';
import type { Ledger, RunRecord } from '../ledger/ledger.js';
import type { Desired } from '../manifest/row.js';
import type { Plan } from '../plan/plan.js';
import { provision, type RowWork } from '../provision/provision.js';
import type { Evidence, RowProgress } from '../reconcile/reconcile.js';
import type { SigningKey } from '../report/signature.js';
import { formatNumber } from '../report/words.js';
import type { Observed } from '../tenant/observed.js';
import type { Context } from './common.js';
import { STATE_DEFAULT } from './defaults.js';
import { toLedgerActions, toProgress, toWork } from './ledger-records.js';
import { lookUpHolders, lookUpRegistrations, lookUpUsers } from './prepare.js';
import { showProgress } from './progress.js';
import { publish } from './publish.js';
import { judge } from './run-reports.js';
import { noteSession } from './run-session.js';
import { failureText } from './screen.js';
import { sendDigest } from './send-digest.js';
import type { Session } from './session.js';
import { watchSignals } from './signals.js';
import { gatherEvidence } from './verify.js';

/** What a shorter run has learned is below what the service sustains, and would only slow the next one down. */
const LEARNED_FROM_WRITES = 500;

/** They take seconds, in which nothing else would be seen. */
const ROWS_THAT_TAKE_TIME = 100_000;

export interface Execution {
  readonly job: Job;
  readonly desired: Desired;
  readonly plan: Plan;
  readonly run: RunRecord;
  readonly ledger: Ledger;
  readonly session: Session;
  /** What was listed to make the plan; absent when a run is resumed. */
  readonly observed?: Observed;
  /** The users of the rows, when a run that is resumed has looked them up. */
  readonly users?: Observed['users'] | undefined;
  readonly signingKey?: SigningKey | undefined;
  /** Called before anything is. */
  readonly onSending?: (writes: { readonly isUnlimited: boolean; readonly rows: number }) => void;
  /** Called when no more is sent. */
  readonly onAllSent?: () => void;
}

/**
 * Brings a run to its end, or to where it was stopped. The reports are written in every case.
 *
 * @throws {OperationError} when the run could not go on; the ledger and the reports hold what is known.
 */
export async function execute(execution: Execution, context: Context): Promise<ExitCode> {
  const { session, run } = execution;
  const signals = watchSignals(session.halt, (text) => context.screen.say(text));
  let failure: { readonly error: unknown } | undefined;
  let carried: Carried | undefined;
  let evidence: Evidence | undefined;
  let users: Observed['users'] = execution.observed?.users ?? new Map();
  let holders: Observed['users'] = new Map();
  let registrations: Ending['registrations'];
  try {
    await noteSession(execution.ledger, run.id, session, context);
    const rows = execution.plan.rows.length;
    execution.onSending?.({ isUnlimited: execution.job.throttle.rate === 'unlimited', rows });
    await carryOut(execution, context);
    execution.desired.forgetSecrets();
    execution.onAllSent?.();
    if (!session.halt.signal.aborted) {
      carried = await howFar(execution);
      evidence = await verify(execution, carried, context);
    }
    // A run that is resumed may have looked up nobody yet, and its findings must be those of one that was not stopped.
    if (execution.observed === undefined) {
      users = execution.users ?? (await lookUpUsers(execution.desired, session));
    }
    if (evidence !== undefined) {
      holders = await lookUpHolders(execution, { devices: evidence.devices, users }, session);
      registrations = await lookUpRegistrations({ job: execution.job, users }, session, context);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) failure = { error };
  } finally {
    signals.close();
  }
  const stopped = signals.exitCode() ?? (failure === undefined ? undefined : exitCodeOf(failure.error));
  const state = failure !== undefined ? 'failed' : stopped !== undefined ? 'interrupted' : 'finished';
  try {
    const exitCode = await conclude(
      execution,
      { state, stopped, carried, evidence, users, holders, registrations },
      context,
    );
    if (failure === undefined) {
      if (stopped !== undefined) context.screen.say(`Carry on with: ${resumeCommandLine(run, context)}`);
      return exitCode;
    }
  } catch (error) {
    if (failure === undefined || !(error instanceof OperationError)) throw error;
    // That the reports cannot be written either is told first; the command ends with what stopped the run.
    if (error !== failure.error) context.screen.say(failureText(error));
  }
  throw failure.error;
}

/** How far the actions have come, and how many requests that took. */
interface Carried {
  readonly progress: ReadonlyMap<number, RowProgress>;
  readonly writes: { readonly sent: number; readonly throttled: number };
}

async function howFar({ ledger, run }: Pick<Execution, 'ledger' | 'run'>): Promise<Carried> {
  return { progress: await toProgress(ledger.eachAction(run.id)), writes: await ledger.tally(run.id) };
}

interface Ending {
  readonly state: 'failed' | 'interrupted' | 'finished';
  readonly stopped: ExitCode | undefined;
  /** Absent when the run was stopped before it was looked up. */
  readonly carried: Carried | undefined;
  readonly evidence: Evidence | undefined;
  readonly users: Observed['users'];
  readonly holders: Observed['users'];
  readonly registrations: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Writes the reports, and records how the run ended. A run without its reports has not come to its end. */
async function conclude(execution: Execution, ending: Ending, context: Context): Promise<ExitCode> {
  const { job, desired, plan, run, ledger, session, observed } = execution;
  const { state, stopped, evidence, users, holders, registrations } = ending;
  const endedAt = isoTime(context.clock.wallMs());
  const count = plan.rows.length;
  if (count >= ROWS_THAT_TAKE_TIME) {
    context.screen.say(`Judging ${formatNumber(count)} rows, and writing the reports.`);
  }
  try {
    const { progress, writes } = ending.carried ?? (await howFar(execution));
    const judged = judge({
      job,
      desired,
      plan,
      runId: run.id,
      graph: run.graph,
      startedAt: run.startedAt,
      endedAt,
      progress,
      evidence,
      devices: evidence?.devices ?? observed?.devices ?? new Map(),
      users,
      holders,
      registrations,
      assignedSince: await ledger.assignedSince(run.graph, run.id),
      readOnly: false,
      stopped,
      session,
      writes,
    });
    const exitCode = await publish(judged, { job, run, ledger, signingKey: execution.signingKey }, context);
    await ledger.setRunState(run.id, state, endedAt, exitCode);
    const { learnedRate, accepted } = session.writes.view();
    if (learnedRate !== undefined && accepted >= LEARNED_FROM_WRITES) {
      await ledger.keepRate(run, learnedRate);
    }
    await sendDigest(judged, job, context);
    return exitCode;
  } catch (error) {
    if (error instanceof OperationError && error.code === 'disk-failed') {
      await ledger.setRunState(run.id, 'failed', endedAt, error.exitCode);
    }
    throw error;
  }
}

/** What carries the run on, when typed in the same directory. */
function resumeCommandLine(run: RunRecord, { options }: Context): string {
  const state = options.state === STATE_DEFAULT ? '' : ` --state ${argument(options.state)}`;
  return `oathbatch resume ${run.id}${state}`;
}

/** A path as it can be typed. */
function argument(path: string): string {
  return /^[\w./:\\@+-]+$/.test(path) ? path : `"${path}"`;
}

async function carryOut(execution: Execution, context: Context): Promise<void> {
  const { session, ledger, run, job, plan, desired } = execution;
  // Of a run that begins nothing is in the ledger that is not in the plan.
  const isNew = execution.observed !== undefined;
  const work = (): AsyncIterable<RowWork> =>
    toWork(plan, desired.rows, isNew ? toLedgerActions(plan) : ledger.eachAction(run.id), job.activation);
  let total = 0;
  for await (const _ of work()) total += 1;
  const progress = showProgress(context.screen, {
    total,
    writes: session.writes,
    clock: context.clock,
    quiet: !context.options.progress,
  });
  try {
    await provision(work(), {
      runId: run.id,
      client: session.client,
      ledger,
      clock: context.clock,
      random: context.random,
      log: context.log,
      attemptsMax: job.retry.attempts,
      stop: job.stop,
      concurrency: job.throttle.concurrency,
      rowsInHand: session.rowsInHand,
      createChunk: job.create.chunk,
      halt: session.halt,
      onRowEnd: () => progress.rowEnded(),
    });
  } finally {
    progress.stop();
  }
}

/** What the tenant shows now; when nothing was written, what it showed before. */
async function verify(
  { session, plan, job, observed }: Execution,
  { progress, writes }: Carried,
  context: Context,
): Promise<Evidence> {
  if (writes.sent === 0 && observed !== undefined) {
    return { devices: observed.devices, methods: observed.methods ?? new Map() };
  }
  const asks = job.waves?.step === 'legacy' ? 'everybody' : 'in-doubt';
  return gatherEvidence(session.client, context.clock, plan.rows, progress, {
    deadlineMs: job.verify.deadlineMs,
    asks,
    before: observed?.devices,
    say: (text) => context.screen.say(text),
  });
}

function exitCodeOf(failure: unknown): ExitCode {
  return failure instanceof OperationError ? failure.exitCode : EXIT.failed;
}
