// A report as the ledger keeps it, so that it can be written again: texts in, the same report out. What does
// not fit was written by another version or is damaged, and is told, not guessed. Pure.

import { z } from 'zod';
import { MappedRows, type Rows } from '../compact/rows.js';
import type { AuditedToken, Finding, RowVerdict } from '../reconcile/verdict.js';
import type { ActionTally, Course } from './course.js';
import { countVerdicts, type ReportInput } from './model.js';
import { summarySchema } from './summary-schema.js';
import { FINDING_ORDER, VERDICT_ORDER } from './words.js';

const tokenSchema = z.object({
  status: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  timeInterval: z.number().nullable(),
  hashFunction: z.string(),
  lastUsed: z.string(),
  waitingSince: z.string(),
  account: z.enum(['', 'enabled', 'disabled', 'missing', 'unknown']),
  guest: z.boolean(),
  heldByUser: z.number(),
}) satisfies z.ZodType<AuditedToken>;

const rowSchema = z.object({
  n: z.number(),
  file: z.string(),
  line: z.number(),
  serialNumber: z.string(),
  user: z.string(),
  verdict: z.enum(VERDICT_ORDER),
  already: z.boolean(),
  reason: z.string(),
  detail: z.string(),
  next: z.string(),
  deviceId: z.string(),
  userId: z.string(),
  attempts: z.number(),
  clientRequestId: z.string(),
  requestId: z.string(),
  assignedSince: z.string().exactOptional(),
  token: tokenSchema.exactOptional(),
}) satisfies z.ZodType<RowVerdict>;

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

/** The report without its rows, as text; each row is {@link storeRow}. */
export function storeHead({ rows: _rows, ...head }: ReportInput): string {
  return JSON.stringify(head);
}

/**
 * A row of which there is nothing to tell but these, without their names; and almost all rows are such: n, file, line,
 * serial number, user, verdict, already, device id, user id and, of a run, since when it is assigned.
 */
const plainSchema = z.tuple([
  z.number(),
  z.string(),
  z.number(),
  z.string(),
  z.string(),
  z.enum(VERDICT_ORDER),
  z.boolean(),
  z.string(),
  z.string(),
  z.string().optional(),
]);

/** A row as text. */
export function storeRow(row: RowVerdict): string {
  if (!isAllTold(row)) return JSON.stringify(row);
  const { n, file, line, serialNumber, user, verdict, already, deviceId, userId, assignedSince } = row;
  const plain: unknown[] = [n, file, line, serialNumber, user, verdict, already, deviceId, userId];
  if (assignedSince !== undefined) plain.push(assignedSince);
  return JSON.stringify(plain);
}

/** The row again. @throws {z.ZodError | SyntaxError} when the text is none. */
export function readStoredRow(text: string): RowVerdict {
  const read: unknown = JSON.parse(text);
  if (!Array.isArray(read)) return rowSchema.parse(read);
  const [n, file, line, serialNumber, user, verdict, already, deviceId, userId, assignedSince] =
    plainSchema.parse(read);
  return {
    ...{ n, file, line, serialNumber, user, verdict, already, reason: '', detail: '', next: '' },
    ...{ deviceId, userId, attempts: 0, clientRequestId: '', requestId: '' },
    ...(assignedSince === undefined ? {} : { assignedSince }),
  };
}

/** Whether nothing was sent for a row, and nothing is to be done about it. */
function isAllTold({
  attempts,
  reason,
  detail,
  next,
  clientRequestId,
  requestId,
  token,
}: RowVerdict): boolean {
  const texts = reason === '' && detail === '' && next === '' && clientRequestId === '' && requestId === '';
  return texts && attempts === 0 && token === undefined;
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
