// Writes the way back from a wave beside its reports, before the wave begins: a list, and a job that takes it.

import { join } from 'node:path';
import type { Job } from '../job/job.js';
import type { RunRecord } from '../ledger/ledger.js';
import type { Plan } from '../plan/plan.js';
import { ROLLBACK_COLUMNS, rollbackLines } from '../plan/rollback.js';
import { csvText } from '../report/csv-text.js';
import { writeFiles } from '../report/write.js';

/**
 * Writes `rollback.csv` and `rollback.yaml` into the folder of the run.
 *
 * @throws {OperationError} `disk-failed`: a wave that cannot be taken back does not begin.
 */
export async function writeRollback(job: Job, run: RunRecord, plan: Plan): Promise<void> {
  if (rollbackLines(plan).next().done === true) return;
  await writeFiles(join(run.reportsDir, run.id), [
    { name: 'rollback.csv', chunks: () => csvText([...ROLLBACK_COLUMNS], rollbackLines(plan)) },
    { name: 'rollback.yaml', chunks: () => [jobText(job, run)] },
  ]);
}

/** The job has the name of the migration: the two must never run side by side, nor the migration be resumed after it. */
function jobText(job: Job, run: RunRecord): string {
  return `${[
    `# Takes back what the wave ${run.id} has done: tokens that it created are deleted, tokens that it`,
    '# assigned go back into the inventory. Look at it first: oathbatch plan rollback.yaml',
    '# Take over the credential and throttle keys of the migration if it has any.',
    `name: ${job.name}`,
    'kind: onboarding',
    `graph: ${JSON.stringify(run.graph)}`,
    'assignments: [{ path: rollback.csv }]',
    'limits: { maxDestructive: 100% }',
  ].join('\n')}\n`;
}
