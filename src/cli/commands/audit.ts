// `oathbatch audit JOB`: what the tenant holds and what about it needs a person, compared with the job's files where
// it names any. It reads, and writes nothing to the tenant.

import { isoTime } from '../../clock.js';
import { IdIndex } from '../../compact/id-index.js';
import type { ExitCode } from '../../errors.js';
import type { Job } from '../../job/job.js';
import { openLedger } from '../../ledger/sqlite.js';
import { usersNamed } from '../../manifest/joined-rows.js';
import type { Desired } from '../../manifest/row.js';
import { audit } from '../../reconcile/audit.js';
import type { DeviceTable } from '../../tenant/device-table.js';
import { listInventory } from '../../tenant/inventory.js';
import type { Observed } from '../../tenant/observed.js';
import { resolveUsers } from '../../tenant/users.js';
import { newRunId, runRecord } from '../begin-run.js';
import type { Context } from '../common.js';
import { keepWholeHeapSmall } from '../heap.js';
import { type Inputs, readInputs } from '../prepare.js';
import { publish } from '../publish.js';
import { summarise } from '../run-reports.js';
import { noteSession } from '../run-session.js';
import { sendDigest } from '../send-digest.js';
import { openSession, type Session } from '../session.js';

export async function auditCommand(jobPath: string, context: Context): Promise<ExitCode> {
  keepWholeHeapSmall();
  return auditInputs(await readInputs(jobPath, context), context);
}

/** The way that `audit`, and `run` with an audit job, share. */
export async function auditInputs(given: Inputs, context: Context): Promise<ExitCode> {
  // Any job can be audited; the reports of an audit have a layout of their own, whatever the job is for.
  const inputs: Inputs = { ...given, job: { ...given.job, kind: 'audit' } };
  const { job, desired, signingKey } = inputs;
  const ledger = openLedger(context.options.state);
  try {
    const session = await openSession(job, desired, context);
    // No key is sent, and a rehearsal looks at keys only when a token is activated.
    desired.forgetSecrets();
    try {
      const startedAt = isoTime(context.clock.wallMs());
      const observed = await observe(inputs, session);
      const endedAt = isoTime(context.clock.wallMs());
      const { rows, findings } = audit({
        ...observed,
        expected: desired.rows,
        seenAt: endedAt,
        waitingSince: await ledger.assignedSince(session.label),
        ...since(job, endedAt),
      });
      const runId = newRunId(job.name, context);
      const graph = session.label;
      const end = { job, desired, runId, graph, startedAt, endedAt, stopped: undefined, session };
      const summary = summarise({ ...end, writes: { sent: 0, throttled: 0 } }, rows, findings);
      const begun = runRecord({ runId, startedAt, inputs, overrides: context.options.set, graph }, context);
      // Nothing was to be sent, so there is nothing to resume: it is recorded when it has ended.
      const run = { ...begun, state: 'finished' as const, endedAt, exitCode: summary.exitCode };
      await ledger.beginRun(run, [], []);
      await noteSession(ledger, runId, session, context);
      const exitCode = await publish({ summary, rows, findings }, { job, run, ledger, signingKey }, context);
      await sendDigest({ summary, rows, findings }, job, context);
      return exitCode;
    } finally {
      await session.close();
    }
  } finally {
    await ledger.close();
  }
}

/** The inventory, its holders, and the users whom the expected list names. */
async function observe({ desired }: Inputs, { client }: Session): Promise<Observed> {
  const expected = desired.rows.length;
  const people = new IdIndex(expected);
  const devices = await listInventory(client, { people, expected });
  const users = await resolveUsers(client, namesIn(devices, desired), { people, names: desired.names });
  return { devices, users };
}

/** The holders' object ids, and the users of the expected list. */
function* namesIn(devices: DeviceTable, { rows }: Desired): Generator<string, void> {
  yield* devices.holders();
  yield* usersNamed(rows);
}

function since({ findings }: Job, endedAt: string): { waitedTooLong?: string; unusedSince?: string } {
  const ago = (ms: number): string => isoTime(Date.parse(endedAt) - ms);
  return {
    ...(findings.notActivatedAfterMs === undefined
      ? {}
      : { waitedTooLong: ago(findings.notActivatedAfterMs) }),
    ...(findings.unusedAfterMs === undefined ? {} : { unusedSince: ago(findings.unusedAfterMs) }),
  };
}
