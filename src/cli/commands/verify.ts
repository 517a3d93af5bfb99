// `oathbatch verify JOB`: lists the tenant, compares it with the files, reports, and writes nothing to it.

import { join, resolve } from 'node:path';
import { isoTime } from '../../clock.js';
import type { ExitCode } from '../../errors.js';
import { newRunId } from '../begin-run.js';
import type { Context } from '../common.js';
import { preparePlan, readInputs } from '../prepare.js';
import { writeRunReports } from '../run-reports.js';
import { openSession } from '../session.js';

export async function verifyCommand(jobPath: string, context: Context): Promise<ExitCode> {
  const { job, desired } = await readInputs(jobPath, context);
  const session = await openSession(job, desired, context);
  try {
    const startedAt = isoTime(context.clock.wallMs());
    const { plan, observed } = await preparePlan(desired, session);
    const runId = newRunId(job.name, context);
    const report = await writeRunReports(
      {
        job,
        desired,
        plan,
        runId,
        graph: session.label,
        startedAt,
        endedAt: isoTime(context.clock.wallMs()),
        progress: new Map(),
        evidence: { devices: observed.devices, methods: new Map() },
        devices: observed.devices,
        readOnly: true,
        stopped: undefined,
        directory: join(resolve(context.options.reports), runId),
        session,
        writes: { sent: 0, throttled: 0 },
      },
      context,
    );
    return report.exitCode;
  } finally {
    await session.close();
  }
}
