// `oathbatch plan JOB [--out FILE]`: shows the change and writes nothing to the tenant.

import { writeFile } from 'node:fs/promises';
import { isoTime } from '../../clock.js';
import { unusualRows } from '../../compact/rows.js';
import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import { openLedger } from '../../ledger/sqlite.js';
import { checkLimits } from '../../plan/limits.js';
import type { PlannedRow } from '../../plan/plan.js';
import { PLAN_FORMAT, type PlanFileHead, planFileText } from '../../plan/plan-file.js';
import { notableRows } from '../../plan/planned-rows.js';
import { VERSION } from '../../version.js';
import { Ahead } from '../ahead.js';
import type { Context } from '../common.js';
import {
  type Inputs,
  nothingNew,
  onlyNew,
  type Prepared,
  planText,
  preparePlan,
  readInputs,
} from '../prepare.js';
import { refuseAudit } from '../refuse-audit.js';
import type { Session } from '../session.js';

/** Actions that are named one by one; all of them stand in the plan file. */
const ROWS_SHOWN = 20;

export async function planCommand(
  jobPath: string,
  out: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const ahead = new Ahead(context);
  try {
    const { set } = context.options;
    const inputs = await readInputs(jobPath, context, set, 'wave', onlyNew(context), ahead.begin);
    refuseAudit(inputs.job, 'plan');
    if (nothingNew(inputs, context)) return EXIT.ok;
    return await planInputs(inputs, { jobPath, out, ahead }, context);
  } finally {
    await ahead.close();
  }
}

interface Asked {
  readonly jobPath: string;
  /** Where the plan is written to as well. */
  readonly out: string | undefined;
  readonly ahead: Ahead;
}

async function planInputs(
  inputs: Inputs,
  { jobPath, out, ahead }: Asked,
  context: Context,
): Promise<ExitCode> {
  const session = await ahead.session(inputs.job, inputs.files);
  try {
    // No key is sent, and a rehearsal looks at keys only when a token is activated.
    inputs.files.forgetSecrets();
    const prepared = await prepareWithLedger(inputs, session, ahead, context);
    const head = headOf(jobPath, inputs, session.label, context);
    const text = (indent: 0 | 1): Iterable<string> => planFileText(head, prepared.plan, indent);
    if (out !== undefined) await writePlan(out, text(1));
    if (context.options.json) context.screen.print([...text(0)].join('').trimEnd());
    else show(inputs, prepared, session.label, out, context);
    checkLimits(prepared.counts, inputs.job.limits);
    return prepared.counts.changed === 0 ? EXIT.ok : EXIT.planHasChanges;
  } finally {
    await session.close();
  }
}

/** The ledger is looked at only where it can make a difference: a plan leaves nothing behind. */
async function prepareWithLedger(
  inputs: Inputs,
  session: Session,
  ahead: Ahead,
  context: Context,
): Promise<Prepared> {
  const recreates = [...unusualRows(inputs.desired.rows)].some(({ action }) => action === 'recreate');
  const listing = await ahead.listing();
  if (!recreates) return preparePlan(inputs, session, { recreated: async () => new Set() }, listing);
  const ledger = openLedger(context.options.state);
  try {
    return await preparePlan(inputs, session, ledger, listing);
  } finally {
    await ledger.close();
  }
}

function headOf(jobPath: string, { job, desired }: Inputs, graph: string, context: Context): PlanFileHead {
  return {
    format: PLAN_FORMAT,
    tool: `oathbatch ${VERSION}`,
    createdAt: isoTime(context.clock.wallMs()),
    job: { name: job.name, file: jobPath, overrides: [...context.options.set], sha256: job.sha256 },
    graph,
    inputs: desired.inputs.map((input) => ({ ...input })),
  };
}

function show(
  { job }: Inputs,
  { plan, counts }: Prepared,
  graph: string,
  out: string | undefined,
  { screen }: Context,
): void {
  screen.print(planText(job.name, graph, counts));
  let shown = 0;
  for (const row of notableRows(plan.rows)) {
    if (shown === ROWS_SHOWN) break;
    shown += 1;
    const what = row.decided === undefined ? stepsText(row) : `${row.decided.verdict}: ${row.decided.detail}`;
    const user = row.user === '' ? '' : ` → ${row.user}`;
    screen.print(`  ${row.address.file}:${row.address.line}  ${row.serialNumber}${user}  ${what}`);
  }
  const notable = counts.changed + counts.conflicts + counts.invalid;
  if (notable > shown) screen.print(`  … and ${notable - shown} more rows`);
  if (out !== undefined) screen.print(`\nCarry out exactly this with: oathbatch apply ${out}`);
}

async function writePlan(path: string, text: Iterable<string>): Promise<void> {
  try {
    await writeFile(path, text, 'utf8');
  } catch (error) {
    throw new OperationError({
      code: 'disk-failed',
      what: `The plan cannot be written to ${path} (${error instanceof Error ? error.message : String(error)}).`,
      data: 'Nothing was sent.',
      next: 'Choose another file with --out.',
      cause: error,
    });
  }
}

/** The steps of a row; and, where there is no way back, that. */
function stepsText({ actions }: PlannedRow): string {
  const steps = actions.join(' + ');
  if (!actions.includes('delete')) return steps;
  return actions.includes('create')
    ? `${steps} (the old secret cannot be brought back; if it stops in between, run the job again)`
    : `${steps} (to undo it, create the token from its manifest)`;
}
