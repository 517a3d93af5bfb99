// `oathbatch apply PLAN`: carries out exactly that plan, or refuses when the job, a manifest or the tenant is
// no longer what it was made from.

import { readFile } from 'node:fs/promises';
import { type ExitCode, OperationError, type Problem } from '../../errors.js';
import { movedRows, type PlanFile, planFileRows, readPlanFile } from '../../plan/plan-file.js';
import type { Context } from '../common.js';
import { keepHeapSmall } from '../heap.js';
import { type Inputs, onlyNew, readInputs } from '../prepare.js';
import { runInputs } from './run.js';

/** Rows that are named when the tenant has moved. */
const MOVED_SHOWN = 5;

export async function applyCommand(planPath: string, context: Context): Promise<ExitCode> {
  keepHeapSmall();
  const planned = await readPlan(planPath);
  const set = [...planned.job.overrides, ...context.options.set];
  const inputs = await readInputs(planned.job.file, context, set, 'wave', onlyNew(context));
  refuseOtherInputs(planPath, planned, inputs, context);
  return runInputs(inputs, context, planned.job.overrides, ({ plan }, session) => {
    if (session.label !== planned.graph) {
      throw stale(planPath, `it was made on ${planned.graph}, and this is ${session.label}`, []);
    }
    const moved = movedRows(planned.rows, planFileRows(plan));
    if (moved.length === 0) return;
    const problems = moved.slice(0, MOVED_SHOWN).map((row) => ({
      file: row.file,
      line: row.line,
      key: row.serialNumber,
      message: `now: ${row.decided?.reason ?? (row.actions.join(' + ') || 'nothing to do')}`,
    }));
    throw stale(
      planPath,
      `the tenant has changed since: ${moved.length} ${moved.length === 1 ? 'row' : 'rows'} would be treated otherwise`,
      problems,
    );
  });
}

async function readPlan(path: string): Promise<PlanFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing) throw unreadable(path, 'there is no such file');
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  });
  const plan = readPlanFile(text);
  if ('wrong' in plan) throw unreadable(path, plan.wrong);
  return plan;
}

function refuseOtherInputs(
  path: string,
  planned: PlanFile,
  { job, desired }: Inputs,
  context: Context,
): void {
  if (job.sha256 !== planned.job.sha256) {
    const why =
      context.options.set.length === 0
        ? `the job file ${planned.job.file} has changed since`
        : `the job file ${planned.job.file} has changed since, or --set changes it now`;
    throw stale(path, why, []);
  }
  const before = new Map(planned.inputs.map((input) => [`${input.role} ${input.path}`, input.sha256]));
  const changed = desired.inputs.filter(
    (input) => before.get(`${input.role} ${input.path}`) !== input.sha256,
  );
  if (changed.length === 0 && before.size === desired.inputs.length) return;
  throw stale(path, `${changed.map((input) => input.path).join(', ')} changed since`, []);
}

function unreadable(path: string, why: string): OperationError {
  return new OperationError({
    code: 'plan-unreadable',
    what: `The plan ${path} cannot be read: ${why}.`,
    data: 'Nothing was sent.',
    next: 'Make a plan with: oathbatch plan JOB --out PLAN',
  });
}

function stale(path: string, why: string, problems: readonly Problem[]): OperationError {
  return new OperationError({
    code: 'plan-stale',
    what: `The plan ${path} is stale: ${why}.`,
    data: 'Nothing was sent.',
    next: 'Make a new plan, look at it, and apply that.',
    problems,
  });
}
