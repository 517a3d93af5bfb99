// A report as the ledger keeps it, so that it can be written again: texts in, the same report out. What does
// not fit was written by another version or is damaged, and is told, not guessed. Pure.

import { z } from 'zod';
import { MappedRows, type Rows } from '../compact/rows.js';
import type { Finding } from '../reconcile/verdict.js';
import type { ActionTally, Course } from './course.js';
import { countVerdicts, type ReportInput } from './model.js';
import { readStoredRow } from './stored-row-shape.js';
import { summarySchema } from './summary-schema.js';
import { FINDING_ORDER } from './words.js';

const findingSchema = z.object({
  kind: z.enum(FINDING_ORDER),
  serialNumber: z.string(),
  deviceId: z.string(),
  userId: z.string().exactOptional(),
  file: z.string().exactOptional(),
  line: z.number().exactOptional(),
  detail: z.string(),
  next: z.string(),
}) satisfies z.ZodType<Finding>;

const courseSchema = z.object({
  startedAt: z.string(),
  stretchSeconds: z.number(),
  points: z.array(
    z.object({ atSeconds: z.number(), sent: z.number(), accepted: z.number(), throttled: z.number() }),
  ),
  allowance: z
    .object({ rate: z.number(), burst: z.number(), source: z.enum(['documented', 'job', 'rehearsal']) })
    .exactOptional(),
}) satisfies z.ZodType<Course>;

const tallySchema = z.object({
  kind: z.string(),
  planned: z.number(),
  done: z.number(),
  already: z.number(),
  refused: z.number(),
  givenUp: z.number(),
  inDoubt: z.number(),
  notSent: z.number(),
}) satisfies z.ZodType<ActionTally>;

const headSchema = z.object({
  summary: summarySchema,
  findings: z.array(findingSchema),
  course: courseSchema.exactOptional(),
  actions: z.array(tallySchema).exactOptional(),
});

/** A report as texts: the report without its rows, and a text for each row. */
export interface StoredReport {
  readonly report: string;
  readonly rows: Rows<string>;
}

/** The report without its rows, as text; each row is `storeRow`. */
export function storeHead({ rows: _rows, ...head }: ReportInput): string {
  return JSON.stringify(head);
}

/** The report again, or a sentence that says what is wrong with the texts. */
export function readStoredReport(stored: StoredReport): ReportInput | { readonly wrong: string } {
  try {
    const head = headSchema.parse(JSON.parse(stored.report));
    // A row is read when it is looked at, and all of them here: what does not fit is told before anything is written.
    const rows = new MappedRows(stored.rows, readStoredRow);
    const counts = countVerdicts(rows);
    return { ...head, rows: Object.assign(rows, { counts: () => counts }) };
  } catch (error) {
    if (error instanceof z.ZodError) return { wrong: z.prettifyError(error).split('\n')[0] ?? '' };
    if (error instanceof SyntaxError) return { wrong: 'it is not JSON' };
    throw error;
  }
}
