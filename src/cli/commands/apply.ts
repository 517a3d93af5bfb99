// `oathbatch apply PLAN`: carries out exactly that plan, or refuses when the job, a manifest or the tenant is
// no longer what it was made from.

import { type ExitCode, OperationError, type Problem } from '../../errors.js';
import { MovedRows, type PlanFileHead } from '../../plan/plan-file.js';
import type { Context } from '../common.js';
import { keepHeapSmall } from '../heap.js';
import { type Inputs, onlyNew, readInputs } from '../prepare.js';
import { readPlanFile } from '../read-plan-file.js';
import { runInputs } from './run.js';

/** Rows that are named when the tenant has moved. */
const MOVED_SHOWN = 5;

export async function applyCommand(planPath: string, context: Context): Promise<ExitCode> {
  keepHeapSmall();
  const planned = await readPlanFile(planPath);
  const set = [...planned.job.overrides, ...context.options.set];
  const inputs = await readInputs(planned.job.file, context, set, 'wave', onlyNew(context));
  refuseOtherInputs(planPath, planned, inputs, context);
  return runInputs(inputs, context, planned.job.overrides, async ({ plan }, session) => {
    if (session.label !== planned.graph) {
      throw stale(planPath, `it was made on ${planned.graph}, and this is ${session.label}`, []);
    }
    const moved = new MovedRows(plan.rows, MOVED_SHOWN);
    await readPlanFile(planPath, (row) => moved.add(row));
    const { count, first } = moved.end();
    if (count === 0) return;
    const problems = first.map((row) => ({
      file: row.file,
      line: row.line,
      key: row.serialNumber,
      message: `now: ${row.decided?.reason ?? (row.actions.join(' + ') || 'nothing to do')}`,
    }));
    throw stale(
      planPath,
      `the tenant has changed since: ${count} ${count === 1 ? 'row' : 'rows'} would be treated otherwise`,
      problems,
    );
  });
}

function refuseOtherInputs(
  path: string,
  planned: PlanFileHead,
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

function stale(path: string, why: string, problems: readonly Problem[]): OperationError {
  return new OperationError({
    code: 'plan-stale',
    what: `The plan ${path} is stale: ${why}.`,
    data: 'Nothing was sent.',
    next: 'Make a new plan, look at it, and apply that.',
    problems,
  });
}
