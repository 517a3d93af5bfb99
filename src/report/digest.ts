// What a channel is told about a run: whose job it was, how it ended, and how much of what. No serial number, no user,
// no secret and no file, because more people read a channel than may read a report. It is pure.

import { headline } from './headline.js';
import type { ReportInput } from './model.js';
import { countOf, VERDICT_ORDER } from './words.js';

/**
 * The digest of a run, in lines of plain text.
 *
 * @example
 * // oathbatch, job nightly: All 12 rows are as they should be.
 * // 12 assigned
 * // Run 20260301-… ended with exit code 0.
 */
function digestText(input: ReportInput): string {
  const { job, runId, verdicts, findings, exitCode } = input.summary;
  const counts = [
    ...VERDICT_ORDER.map((verdict) => ({ name: verdict, count: verdicts[verdict] })),
    ...Object.entries(findings).map(([name, count]) => ({ name, count })),
  ];
  const present = counts.filter(({ count }) => count > 0).map(({ name, count }) => `${count} ${name}`);
  return [
    `oathbatch, job ${job}: ${headline(input).sentence}`,
    present.length === 0 ? countOf(input.summary.rows, 'row') : present.join(', '),
    `Run ${runId} ended with exit code ${exitCode}.`,
  ].join('\n');
}

/** The body to post: the one key that the incoming webhooks of Teams and Slack both take. */
export function digestBody(input: ReportInput): string {
  return JSON.stringify({ text: digestText(input) });
}
