// `oathbatch run JOB`: plan, apply, verify, report.

import { resolve } from 'node:path';
import { isoTime } from '../../clock.js';
import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import { openLedger } from '../../ledger/sqlite.js';
import { checkLimits } from '../../plan/limits.js';
import type { PlanCounts } from '../../plan/plan.js';
import { beginRun, newRunId } from '../begin-run.js';
import type { Context } from '../common.js';
import { refuseUnready } from '../doctor/refuse-unready.js';
import { execute } from '../execute.js';
import { keepHeapSmall, keepWholeHeapSmall, letHeapGrow } from '../heap.js';
import { takeJobLock } from '../job-lock.js';
import {
  type Inputs,
  nothingNew,
  onlyNew,
  type Prepared,
  planText,
  preparePlan,
  readInputs,
} from '../prepare.js';
import { writeRollback } from '../rollback.js';
import { makeReportsFolder } from '../run-reports.js';
import { openSession, type Session } from '../session.js';
import { runWaves, type WaveSteps } from '../waves.js';
import { auditInputs } from './audit.js';

export async function runCommand(jobPath: string, context: Context): Promise<ExitCode> {
  keepHeapSmall();
  const inputs = await readInputs(jobPath, context, context.options.set, 'wave', onlyNew(context));
  if (inputs.job.kind === 'audit') return auditInputs(inputs, context);
  if (nothingNew(inputs, context)) return EXIT.ok;
  const { set } = context.options;
  if (inputs.job.kind !== 'migration') return runInputs(inputs, context, set, () => undefined);
  return runWaves(inputs, set, waveSteps(jobPath, context), context);
}

/** How the waves of a job are read and run. */
export function waveSteps(jobPath: string, context: Context): WaveSteps {
  return {
    read: (overrides) => readInputs(jobPath, context, overrides),
    run: (inputs, overrides) => {
      // The wave before has sent all of its own.
      keepHeapSmall();
      return runInputs(inputs, context, overrides, () => undefined);
    },
  };
}

/**
 * The way that `run` and `apply` share.
 *
 * @param accept - throws when the plan is not the one that was asked for.
 */
export async function runInputs(
  inputs: Inputs,
  context: Context,
  overrides: readonly string[],
  accept: (prepared: Prepared, session: Session) => Promise<void> | void,
): Promise<ExitCode> {
  const { job, desired, files, signingKey } = inputs;
  const startedAt = isoTime(context.clock.wallMs());
  const ledger = openLedger(context.options.state);
  try {
    const runId = newRunId(job.name, context);
    const unlock = await takeJobLock(ledger, job.name, runId, context);
    try {
      const session = await openSession(job, files, context, ledger);
      try {
        const prepared = await preparePlan(inputs, session, ledger);
        await accept(prepared, session);
        context.screen.say(planText(job.name, session.label, prepared.counts));
        checkLimits(prepared.counts, job.limits);
        const { plan, observed } = prepared;
        const { reports } = context.options;
        await refuseUnready({ plan, reports, observe: async () => observed }, session, context);
        if (!(await agreed(prepared.counts, context))) {
          context.screen.say('Nothing was sent.');
          return EXIT.unusable;
        }
        await makeReportsFolder(resolve(reports));
        const start = { runId, startedAt, inputs, overrides, graph: session.label, plan };
        const run = await beginRun(ledger, start, context);
        if (job.kind === 'migration') await writeRollback(job, run, plan);
        const read = { job, desired, plan, observed, signingKey };
        const heap = { onSending: letHeapGrow, onAllSent: keepWholeHeapSmall };
        return await execute({ ...read, ...heap, run, ledger, session }, context);
      } finally {
        await session.close();
      }
    } finally {
      await unlock();
    }
  } finally {
    await ledger.close();
  }
}

/** Whether the person at the terminal, or `--yes`, agrees to the change. */
async function agreed(counts: PlanCounts, context: Context): Promise<boolean> {
  if (context.options.yes || counts.changed === 0) return true;
  const answer = await context.screen.confirm(`Make these changes to ${counts.changed} rows?`);
  if (answer !== undefined) return answer;
  throw new OperationError({
    code: 'confirmation-needed',
    what: `The plan changes ${counts.changed} rows, and nobody is at the terminal to agree to it.`,
    data: 'Nothing was sent.',
    next: 'Look at it with "oathbatch plan"; give --yes to make the changes without asking.',
  });
}
