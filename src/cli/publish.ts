// What becomes of a judged run: its conclusion goes into the ledger, then the reports and the evidence onto the
// disk, then the story onto the screen. `oathbatch report` writes them again the same way.

import { createHash, createHmac } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { ExitCode } from '../errors.js';
import type { Job } from '../job/job.js';
import type { Ledger, RunRecord } from '../ledger/ledger.js';
import { userKey } from '../lookup-key.js';
import { azureAnnotations, githubAnnotations, gitlabCodeQuality } from '../report/annotations.js';
import { isAudit } from '../report/audit-model.js';
import { auditTable } from '../report/audit-terminal.js';
import { ActionCounter, CourseBuilder } from '../report/course.js';
import { metricsText } from '../report/metrics.js';
import type { ReportInput } from '../report/model.js';
import { withPrivacy } from '../report/privacy.js';
import type { SigningKey } from '../report/signature.js';
import { storeHead } from '../report/stored-report.js';
import { storeRows } from '../report/stored-rows.js';
import { summaryTable } from '../report/terminal.js';
import { writeFiles } from '../report/write.js';
import { allowanceOf } from './allowance.js';
import type { Context } from './common.js';
import { writeRejects } from './rejects.js';
import { writeRunFolder } from './run-folder.js';
import { type Judged, shownPath } from './run-reports.js';

export interface Publication {
  readonly job: Job;
  readonly run: RunRecord;
  readonly ledger: Ledger;
  readonly signingKey: SigningKey | undefined;
}

/**
 * Records what a run came to, writes its reports and shows the summary.
 *
 * @throws {OperationError} `ledger-failed`, or `disk-failed` when the verdicts are in the ledger and the reports
 *   could not be written.
 */
export async function publish(judged: Judged, publication: Publication, context: Context): Promise<ExitCode> {
  const { job, run, ledger, signingKey } = publication;
  const whole = { ...judged, ...(await courseOf(job, run, ledger)) };
  const input = withPrivacy(whole, job.privacy.users, await hashOf(job, ledger, context));
  await ledger.conclude(run.id, {
    at: input.summary.endedAt,
    report: storeHead(input),
    verdicts: storeRows(input.rows),
  });
  const where = { directory: join(run.reportsDir, run.id), formats: job.reports.formats };
  const paths = await writeRunFolder(input, { run, ledger, signingKey, ...where });
  const rejects = isAudit(input)
    ? []
    : await writeRejects(input.rows, judged.summary, job, where.directory, context);
  const elsewhere = [...rejects, ...(await writeForOthers(input, job, where.directory))];
  showReport(input, [...paths, ...elsewhere], context);
  for (const line of annotationLines(input, job)) {
    // Where standard output is for a program, a pipeline still reads the other.
    if (context.options.json) context.screen.say(line);
    else context.screen.print(line);
  }
  return judged.summary.exitCode;
}

/** What other programs look for: the code quality file of a pipeline, and the figures for Prometheus. */
async function writeForOthers(
  input: ReportInput,
  { reports }: Job,
  directory: string,
): Promise<readonly string[]> {
  const quality = (): readonly string[] => [gitlabCodeQuality(input, fingerprint)];
  const written = [
    ...(reports.annotations === 'gitlab'
      ? await writeFiles(directory, [{ name: 'gl-code-quality-report.json', chunks: quality }])
      : []),
    ...(reports.metrics === undefined
      ? []
      : await writeFiles(dirname(reports.metrics.absolutePath), [
          { name: basename(reports.metrics.absolutePath), chunks: () => [metricsText(input)] },
        ])),
  ];
  return written.map(({ path }) => path);
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function annotationLines(input: ReportInput, { reports }: Job): readonly string[] {
  switch (reports.annotations) {
    case 'github':
      return githubAnnotations(input);
    case 'azure':
      return azureAnnotations(input);
    case 'gitlab':
    case 'none':
      return [];
  }
}

/** Tells the story: on the screen, or with `--json` as a line of JSON for each row, each finding and the summary. */
export function showReport(input: ReportInput, paths: readonly string[], { screen, options }: Context): void {
  if (options.json) {
    for (const row of input.rows) screen.print(JSON.stringify({ type: 'row', ...row }));
    for (const finding of input.findings) screen.print(JSON.stringify({ type: 'finding', ...finding }));
    screen.print(JSON.stringify({ type: 'summary', ...input.summary, files: paths.map(shownPath) }));
    return;
  }
  if (isAudit(input)) screen.print(auditTable(input, screen.width));
  else screen.print(summaryTable(input, { width: screen.width, colour: screen.colour }).trimEnd());
  screen.print(['', ...paths.map((path) => `  ${shownPath(path)}`)].join('\n'));
}

/** How the writes went, as far as the ledger knows. */
async function courseOf(
  job: Job,
  run: RunRecord,
  ledger: Ledger,
): Promise<Pick<ReportInput, 'course' | 'actions'>> {
  const builder = new CourseBuilder();
  for await (const event of ledger.events(run.id)) builder.add(event);
  const course = builder.build(allowanceOf(job));
  const counter = new ActionCounter();
  for await (const action of ledger.eachAction(run.id)) counter.add(action);
  const actions = counter.tallies();
  return { ...(course === undefined ? {} : { course }), ...(actions.length === 0 ? {} : { actions }) };
}

/** Hexadecimal digits of a user's hash: two of a million users share one with a chance of 1 in 30 million. */
const HASH_LENGTH = 16;

/** The hash of a user under a salt that stays in this ledger, so that the names cannot be tried out. */
async function hashOf(job: Job, ledger: Ledger, { random }: Context): Promise<(user: string) => string> {
  if (job.privacy.users !== 'hashed') return (user) => user;
  const salt = await ledger.drawn('user-salt', () => random.uuid());
  return (user) => createHmac('sha256', salt).update(userKey(user)).digest('hex').slice(0, HASH_LENGTH);
}
