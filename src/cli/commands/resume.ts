// `oathbatch resume [RUN]`: carries on a run that was stopped. It keeps to the plan that the run began with,
// and refuses when the job, a manifest or the endpoint is another one.

import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import type { ActionState, Ledger, LedgerAction, RunRecord } from '../../ledger/ledger.js';
import { openLedger } from '../../ledger/sqlite.js';
import type { Plan } from '../../plan/plan.js';
import { filesOf } from '../choose-files.js';
import type { Context } from '../common.js';
import { refuseUnready } from '../doctor/refuse-unready.js';
import { execute } from '../execute.js';
import { keepHeapSmall, keepWholeHeapSmall, letHeapGrow } from '../heap.js';
import { takeJobLock } from '../job-lock.js';
import { toPlan } from '../ledger-records.js';
import { type Inputs, lookUpUsers, readInputs } from '../prepare.js';
import { makeReportsFolder } from '../run-reports.js';
import { tenantOf } from '../run-session.js';
import { labelOf, openSession, type Session, targetOf } from '../session.js';
import { runWaves } from '../waves.js';
import { waveSteps } from './run.js';

export async function resumeCommand(runId: string | undefined, context: Context): Promise<ExitCode> {
  keepHeapSmall();
  if (context.options.set.length > 0) throw noOverrides();
  const ledger = openLedger(context.options.state);
  try {
    const run = await findRun(ledger, runId, context);
    if (run === undefined) return EXIT.ok;
    if (run.state === 'finished') {
      context.screen.say(`${run.id} came to its end at ${run.endedAt}; there is nothing to resume.`);
      return exitCodeOf(run);
    }
    // The endpoint that the run began with, which need not be the one that the job names.
    const here = { ...context, options: { ...context.options, graph: context.options.graph ?? run.graph } };
    const inputs = await readInputs(run.jobFile, here, run.overrides, 'wave', (job) => filesOf(run, job));
    refuseOther(run, inputs, here);
    const unlock = await takeJobLock(ledger, run.job, run.id, here);
    const ended = await carryOn(run, inputs, ledger, here).finally(unlock);
    if (inputs.job.kind !== 'migration') return ended;
    // The waves behind it were to follow, and do, with the reports beside those of this one.
    const onward = { ...here, options: { ...here.options, reports: run.reportsDir } };
    return await runWaves(inputs, run.overrides, waveSteps(run.jobFile, onward), onward, ended);
  } finally {
    await ledger.close();
  }
}

/** What has come to an end is not sent again, and needs no permission. */
const ENDED: ReadonlySet<ActionState> = new Set<ActionState>(['done', 'already', 'refused']);

async function carryOn(
  run: RunRecord,
  { job, desired, files, signingKey }: Inputs,
  ledger: Ledger,
  context: Context,
): Promise<ExitCode> {
  await makeReportsFolder(run.reportsDir);
  const planOf = (isMeant?: (action: LedgerAction) => boolean): Promise<Plan> =>
    toPlan(ledger.eachRow(run.id), ledger.eachAction(run.id), desired.rows, isMeant);
  const plan = await planOf();
  const session = await openSession(job, files, context, ledger);
  try {
    await refuseOtherTenant(run, ledger, session);
    context.screen.say(`Resuming ${run.id}`);
    const observed = await refuseUnready(
      {
        ...{ plan: await planOf(({ state }) => !ENDED.has(state)), reports: run.reportsDir },
        observe: async () => ({ devices: new Map(), users: await lookUpUsers(desired, session) }),
      },
      session,
      context,
    );
    await ledger.setRunState(run.id, 'running', '', undefined);
    const read = { job, desired, plan, users: observed?.users, signingKey };
    const heap = { onSending: letHeapGrow, onAllSent: keepWholeHeapSmall };
    return await execute({ ...read, ...heap, run, ledger, session }, context);
  } finally {
    await session.close();
  }
}

/** The run that is meant, or `undefined` with a word when there is nothing to do. */
async function findRun(
  ledger: Ledger,
  runId: string | undefined,
  context: Context,
): Promise<RunRecord | undefined> {
  const runs = await ledger.runs();
  // The newest of its job comes first.
  const lastOf = (job: string): RunRecord | undefined => runs.find((run) => run.job === job);
  if (runId === undefined) {
    const open = runs.find((run) => run.state !== 'finished' && lastOf(run.job) === run);
    if (open === undefined)
      context.screen.say('No run was stopped before its end; there is nothing to resume.');
    return open;
  }
  const run = await ledger.run(runId);
  if (run === undefined) {
    throw new OperationError({
      code: 'run-unknown',
      what: `The ledger in ${context.options.state} knows no run ${runId}.`,
      data: 'Nothing was sent.',
      next: 'List the runs with: oathbatch runs',
    });
  }
  const last = lastOf(run.job);
  if (run.state !== 'finished' && last !== undefined && last.id !== run.id) throw superseded(run, last);
  return run;
}

/** Its plan was made from a tenant that a later run has changed: it would create what is there already. */
function superseded(run: RunRecord, last: RunRecord): OperationError {
  return new OperationError({
    code: 'resume-mismatch',
    what: `The run ${run.id} cannot be carried on: the job ${run.job} was run again since, as ${last.id}.`,
    data: 'Nothing was sent. What the runs had done is recorded.',
    next:
      last.state === 'finished'
        ? 'Start a new run: it looks at the tenant first and does only what is missing.'
        : `Carry on the later one: oathbatch resume ${last.id}`,
  });
}

/** What the run ended with: asking again does not make rows that need a person good. */
function exitCodeOf(run: RunRecord): ExitCode {
  return run.exitCode === EXIT.needsPerson ? EXIT.needsPerson : EXIT.ok;
}

function refuseOther(run: RunRecord, { job, desired }: Inputs, context: Context): void {
  const graph = labelOf(targetOf(job, context));
  if (graph !== run.graph) throw mismatch(run, `it ran on ${run.graph}, and this is ${graph}`);
  if (job.sha256 !== run.jobSha256) throw mismatch(run, `the job file ${job.file} has changed since`);
  const before = new Map(run.inputs.map((input) => [`${input.role} ${input.path}`, input.sha256]));
  const changed = desired.inputs.filter(
    (input) => before.get(`${input.role} ${input.path}`) !== input.sha256,
  );
  if (changed.length > 0)
    throw mismatch(run, `${changed.map((input) => input.path).join(', ')} changed since`);
  const there = new Set(desired.inputs.map(({ role, path }) => `${role} ${path}`));
  const gone = run.inputs.filter(({ role, path }) => !there.has(`${role} ${path}`));
  if (gone.length > 0)
    throw mismatch(run, `${gone.map(({ path }) => path).join(', ')} is not there any more`);
}

/** The job can be the same and the tenant another one, where the sign-in comes from the environment. */
async function refuseOtherTenant(run: RunRecord, ledger: Ledger, session: Session): Promise<void> {
  const before = await tenantOf(ledger, run.id);
  if (before === '') return;
  const { tenantId } = await session.signedIn();
  if (tenantId !== '' && tenantId !== before)
    throw mismatch(run, `it ran in the tenant ${before}, and this sign-in is for ${tenantId}`);
}

function noOverrides(): OperationError {
  return new OperationError({
    code: 'command-unusable',
    what: 'resume keeps to the settings that the run began with, and takes no --set.',
    data: 'Nothing was sent.',
    next: 'Give the command without --set, or start a new run: it looks at the tenant first and does only what is missing.',
  });
}

function mismatch(run: RunRecord, why: string): OperationError {
  return new OperationError({
    code: 'resume-mismatch',
    what: `The run ${run.id} cannot be carried on: ${why}.`,
    data: 'Nothing was sent. What the run had done is recorded.',
    next: 'Put back what it began with, or start a new run: it looks at the tenant first and does only what is missing.',
  });
}
