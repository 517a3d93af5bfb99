// Turns what is known at the end of a run into verdicts, findings and the exit code. Writing them is publish.ts's.

import { access, constants, mkdir } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { isoTime } from '../clock.js';
import { EXIT, type ExitCode, invariant, OperationError } from '../errors.js';
import type { Job } from '../job/job.js';
import type { AssignedSince } from '../ledger/ledger.js';
import type { Desired } from '../manifest/row.js';
import type { Plan } from '../plan/plan.js';
import { countFindings } from '../reconcile/findings.js';
import { oldMethods } from '../reconcile/old-methods.js';
import { NO_ORDINARY_ROWS, ordinaryRows } from '../reconcile/ordinary-rows.js';
import { type Evidence, type RowProgress, reconcile } from '../reconcile/reconcile.js';
import { tallyVerdicts } from '../reconcile/tally.js';
import { allFindings } from '../reconcile/tenant-findings.js';
import { type Finding, SETTLED_VERDICTS, VERDICTS, type VerdictList } from '../reconcile/verdict.js';
import { nearnessOf } from '../report/course.js';
import type { ReportInput } from '../report/model.js';
import { REPORT_VERSION, type RunSummary } from '../report/summary.js';
import type { Observed } from '../tenant/observed.js';
import { VERSION } from '../version.js';
import { allowanceOf } from './allowance.js';
import type { Session } from './session.js';

/** What is known when a run has come to its end, or to where it was stopped. */
export interface RunEnd {
  readonly job: Job;
  readonly desired: Desired;
  readonly plan: Plan;
  readonly runId: string;
  readonly graph: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly progress: ReadonlyMap<number, RowProgress>;
  readonly evidence: Evidence | undefined;
  /** The newest list of the inventory there is. */
  readonly devices: Observed['devices'];
  /** The users that the rows name, as they were looked up. */
  readonly users: Observed['users'];
  /** Holders whom no row names, as far as they were looked up. */
  readonly holders: Observed['users'];
  /** The methods that users have registered, by object id; absent when nobody asked, or it may not be read. */
  readonly registrations?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Since when other runs have found tokens assigned and not activated. */
  readonly assignedSince: AssignedSince;
  readonly readOnly: boolean;
  /** The exit code of what stopped the run before its end. */
  readonly stopped: ExitCode | undefined;
  readonly session: Session;
  readonly writes: { readonly sent: number; readonly throttled: number };
}

/** What the system says when a part of the path is no folder. */
const NO_FOLDER_CODES: ReadonlySet<string> = new Set(['EEXIST', 'ENOTDIR']);

/**
 * Makes the folder below which a run reports, before anything is sent: what cannot be reported must not begin.
 * The run's own folder comes with its reports.
 *
 * @throws {OperationError} `disk-failed`.
 */
export async function makeReportsFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const why = NO_FOLDER_CODES.has(String(error.code))
      ? 'a file stands where a folder should be'
      : error.message;
    throw new OperationError({
      code: 'disk-failed',
      what: `The reports cannot be written below ${shownPath(directory)}: ${why}.`,
      data: 'Nothing was sent.',
      next: 'Put that right, and give the same command again; a new run may take another folder with --reports.',
      cause: error,
    });
  }
}

/** Gives every row its verdict and adds it all up. */
export function judge(end: RunEnd): Judged {
  const { job, desired, plan, devices, users, holders, evidence, assignedSince, endedAt } = end;
  // Without lists of the end nothing is so for certain.
  const ordinary =
    evidence === undefined
      ? NO_ORDINARY_ROWS
      : ordinaryRows({ plan: plan.rows, rows: desired.rows, devices: evidence.devices, users });
  const rows = reconcile({
    rows: plan.rows,
    progress: end.progress,
    evidence,
    readOnly: end.readOnly,
    waiting: { since: assignedSince, endedAt },
    ordinary,
  });
  const about = allFindings({
    rows: desired.rows,
    devices,
    users,
    holders,
    methods: evidence?.methods ?? new Map(),
    unlisted: job.findings.unlisted,
    ordinary,
    ...(job.findings.notActivatedAfterMs === undefined
      ? {}
      : {
          waiting: {
            since: assignedSince,
            tooLongAgo: isoTime(Date.parse(endedAt) - job.findings.notActivatedAfterMs),
          },
        }),
  });
  const old =
    end.registrations === undefined
      ? []
      : oldMethods({ rows: desired.rows, devices, users }, end.registrations);
  const findings = [...about, ...old];
  invariant(rows.length === end.plan.rows.length, 'a row got no verdict, or two');
  return { summary: summarise(end, rows, findings), rows, findings };
}

export type Judged = ReportInput & { readonly summary: SummaryWithExit };

/** What is said of a run as a whole. */
export function summarise(
  end: Pick<
    RunEnd,
    'job' | 'desired' | 'runId' | 'graph' | 'startedAt' | 'endedAt' | 'stopped' | 'session' | 'writes'
  >,
  rows: VerdictList,
  findings: readonly Finding[],
): SummaryWithExit {
  const counts = end.session.client.counts();
  const pace = end.session.writes.view();
  const { named, highestShare } = end.session.client.limits();
  const seconds = pace.activeMs / 1_000;
  const near = nearnessOf(allowanceOf(end.job), pace.accepted, seconds);
  const { verdicts, already } = tallyVerdicts(rows, rows.length);
  const isOpen = VERDICTS.some((verdict) => verdicts[verdict] > 0 && !SETTLED_VERDICTS.has(verdict));
  const needsPerson = findings.length > 0 || isOpen;
  return {
    version: REPORT_VERSION,
    tool: `oathbatch ${VERSION}`,
    runId: end.runId,
    job: end.job.name,
    jobFile: shownPath(resolve(end.job.file)),
    kind: end.job.kind,
    graph: end.graph,
    rows: rows.length,
    verdicts,
    already,
    findings: countFindings(findings),
    requests: counts.reads + end.writes.sent,
    writes: end.writes.sent,
    throttled: counts.throttledReads + end.writes.throttled,
    pace: {
      acceptedPerSecond: seconds > 0 ? round(pace.accepted / seconds) : 0,
      gateSeconds: round(pace.gatedMs / 1_000),
      finalPace: pace.pace === undefined ? null : round(pace.pace),
      leastSeconds: near.leastSeconds === null ? null : round(near.leastSeconds),
      // Two or three per cent over the bound are what it is looked at for.
      ratioToLeast: near.ratioToLeast === null ? null : Math.round(near.ratioToLeast * 1_000) / 1_000,
      ...(named.length === 0 ? {} : { limits: named }),
      ...(highestShare === undefined ? {} : { highestLimitShare: highestShare }),
    },
    startedAt: end.startedAt,
    endedAt: end.endedAt,
    interrupted: end.stopped !== undefined,
    exitCode: end.stopped ?? (needsPerson ? EXIT.needsPerson : EXIT.ok),
    inputs: end.desired.inputs,
  };
}

/**
 * A path as it is shown: relative when it is below the current directory, because that is what a person types.
 */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') || isAbsolute(near) ? path : near;
}

type SummaryWithExit = RunSummary & { readonly exitCode: ExitCode };

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
