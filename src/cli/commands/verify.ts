// `oathbatch verify JOB`: lists the tenant, compares it with the files, reports, and writes nothing to it. The
// ledger remembers what was seen, so that it can be reported again and compared.

import { isoTime } from '../../clock.js';
import type { ExitCode } from '../../errors.js';
import { openLedger } from '../../ledger/sqlite.js';
import { Ahead } from '../ahead.js';
import { newRunId, runRecord } from '../begin-run.js';
import { everyFile } from '../choose-files.js';
import type { Context } from '../common.js';
import { type Inputs, lookUpHolders, lookUpRegistrations, preparePlan, readInputs } from '../prepare.js';
import { publish } from '../publish.js';
import { refuseAudit } from '../refuse-audit.js';
import { judge } from '../run-reports.js';
import { noteSession } from '../run-session.js';

export async function verifyCommand(jobPath: string, context: Context): Promise<ExitCode> {
  const ahead = new Ahead(context);
  try {
    const inputs = await readInputs(jobPath, context, context.options.set, 'files', everyFile, ahead.begin);
    refuseAudit(inputs.job, 'verify');
    return await verifyInputs(inputs, ahead, context);
  } finally {
    await ahead.close();
  }
}

async function verifyInputs(inputs: Inputs, ahead: Ahead, context: Context): Promise<ExitCode> {
  const { job, desired, signingKey } = inputs;
  const ledger = openLedger(context.options.state);
  try {
    const session = await ahead.session(job, desired);
    // No key is sent, and a rehearsal looks at keys only when a token is activated.
    desired.forgetSecrets();
    try {
      const startedAt = ahead.startedAt ?? isoTime(context.clock.wallMs());
      const { plan, observed } = await preparePlan(inputs, session, ledger, await ahead.listing());
      const holders = await lookUpHolders({ job, desired, plan }, observed, session);
      const registrations = await lookUpRegistrations({ job, users: observed.users }, session, context);
      const runId = newRunId(job.name, context);
      const endedAt = isoTime(context.clock.wallMs());
      const judged = judge({
        job,
        desired,
        plan,
        runId,
        graph: session.label,
        startedAt,
        endedAt,
        progress: new Map(),
        evidence: { devices: observed.devices, methods: new Map() },
        devices: observed.devices,
        users: observed.users,
        holders,
        registrations,
        assignedSince: await ledger.assignedSince(session.label),
        readOnly: true,
        stopped: undefined,
        session,
        writes: { sent: 0, throttled: 0 },
      });
      const start = { runId, startedAt, inputs, overrides: context.options.set, graph: session.label };
      const begun = runRecord(start, context);
      // Nothing was to be sent, so there is nothing to resume: it is recorded when it has ended.
      const run = { ...begun, state: 'finished' as const, endedAt, exitCode: judged.summary.exitCode };
      await ledger.beginRun(run, [], []);
      await noteSession(ledger, runId, session, context);
      return await publish(judged, { job, run, ledger, signingKey }, context);
    } finally {
      await session.close();
    }
  } finally {
    await ledger.close();
  }
}
