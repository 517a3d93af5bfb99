// The shape of summary.json as a schema: what is published for those who read it
// (docs/schemas/summary.schema.json), and what the program itself reads back from the ledger.

import { z } from 'zod';
import { REPORT_VERSION, type RunSummary } from './summary.js';

const count = z.int().min(0);
const time = z.string().describe('ISO 8601, UTC.');

export const summarySchema = z
  .object({
    version: z
      .literal(REPORT_VERSION)
      .describe('It changes when a key changes its meaning; keys that are added do not change it.'),
    tool: z.string().describe('Name and version of the program that ran.'),
    runId: z.string(),
    job: z.string().describe('The name of the job.'),
    jobFile: z
      .string()
      .exactOptional()
      .describe('The job file, for the commands that the reports tell to type.'),
    kind: z.string().describe('The kind of the job.'),
    graph: z.string().describe('The Graph endpoint, without credentials.'),
    rows: count.describe('Rows that were read.'),
    verdicts: z
      .object({
        activated: count,
        assigned: count,
        'in-inventory': count,
        // Runs that earlier versions have concluded do not say it.
        deleted: count.default(0),
        conflict: count,
        rejected: count,
        invalid: count,
        unknown: count,
        unsent: count,
      })
      .describe('How many rows got each verdict; every verdict is present, and they add up to rows.'),
    already: count.describe('Of the settled rows, how many were so before the run.'),
    findings: z
      .object({
        'duplicate-serial': count,
        'legacy-duplicate': count,
        'unlisted-token': count,
        'unlisted-assignment': count,
        'holder-disabled': count,
        // Runs that earlier versions have concluded do not say it.
        'holder-gone': count.default(0),
        'too-many-tokens': count,
        'interval-mismatch': count,
        'hash-mismatch': count,
        'manufacturer-mismatch': count,
        'model-mismatch': count,
        'activation-failed': count,
        'not-activated': count,
        'old-method': count.default(0),
        'holder-guest': count,
        unused: count,
        'missing-token': count,
        'missing-assignment': count,
        'other-holder': count,
        'unusable-row': count,
      })
      .describe('How many findings there are of each kind; every kind is present, and kinds may be added.'),
    requests: count.describe('HTTP requests that were sent.'),
    writes: count.describe('The writes among the requests.'),
    throttled: count.describe('Answers with status 429.'),
    pace: z.object({
      acceptedPerSecond: z
        .number()
        .min(0)
        .describe('Writes that the service accepted, a second, from the first to the last.'),
      gateSeconds: z.number().min(0).describe('Seconds during which a throttle gate was closed.'),
      finalPace: z
        .number()
        .nullable()
        .describe('Requests a second that the pacer allowed at the end; null when it knew no limit.'),
      // Runs that earlier versions have concluded do not say these two.
      leastSeconds: z
        .number()
        .min(0)
        .nullable()
        .default(null)
        .describe(
          'The least seconds in which the throttle lets the accepted writes through; null when its limit is not known.',
        ),
      ratioToLeast: z
        .number()
        .nullable()
        .default(null)
        .describe('The seconds that the writes took, over leastSeconds; null where there is no bound.'),
      limits: z
        .array(
          z.object({
            scope: z.string().describe('Whose limit, as Tenant_Application/Write (x-ms-throttle-scope).'),
            reason: z.string().describe('Which, as WriteLimitExceeded (x-ms-throttle-information).'),
            count,
          }),
        )
        .exactOptional()
        .describe('The limits that the service named with 429; absent when it named none.'),
      highestLimitShare: z
        .number()
        .exactOptional()
        .describe(
          'The highest share of a limit that the service said was used, 1 being the whole (x-ms-throttle-limit-percentage); absent when it said none.',
        ),
    }),
    startedAt: time,
    endedAt: time,
    interrupted: z.boolean().describe('True when the run was stopped before its end; it can be resumed.'),
    exitCode: z.int().describe('What the command ended with (docs/cli.md).'),
    inputs: z.array(
      z.object({
        role: z.string().describe('manifest or assignments'),
        path: z.string(),
        sha256: z.string().describe('Of the bytes, in hexadecimal.'),
        rows: count,
      }),
    ),
  })
  .describe('summary.json of an oathbatch run.') satisfies z.ZodType<RunSummary>;

/** The published JSON Schema of summary.json, as text. Keys beside the named ones may be added later. */
export function summaryJsonSchemaText(): string {
  const schema = z.toJSONSchema(summarySchema, { io: 'input' });
  return `${JSON.stringify({ title: 'summary.json of oathbatch, version 1', ...schema }, null, 2)}\n`;
}
