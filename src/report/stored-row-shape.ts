// The rows of a report as they are read from the ledger. What does not fit was written by another version or is
// damaged, and is told, not guessed. Pure.

import { z } from 'zod';
import type { AuditedToken, RowVerdict } from '../reconcile/verdict.js';
import { VERDICT_ORDER } from './words.js';

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

/** A token as an audit saw it, without the names of what is told: as in {@link AuditedToken}, in that order. */
const plainTokenSchema = z.tuple([
  tokenSchema.shape.status,
  tokenSchema.shape.manufacturer,
  tokenSchema.shape.model,
  tokenSchema.shape.timeInterval,
  tokenSchema.shape.hashFunction,
  tokenSchema.shape.lastUsed,
  tokenSchema.shape.waitingSince,
  tokenSchema.shape.account,
  tokenSchema.shape.guest,
  tokenSchema.shape.heldByUser,
]);

export type PlainToken = z.infer<typeof plainTokenSchema>;

/**
 * A row of which there is nothing to tell but these, without their names; and almost all rows are such: n, file, line,
 * serial number, user, verdict, already, device id, user id; and of a run since when it is assigned, or of an audit
 * null and the token.
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
  z.string().nullable().optional(),
  plainTokenSchema.optional(),
]);

type PlainRow = z.infer<typeof plainSchema>;

/** The row again. @throws {z.ZodError | SyntaxError} when the text is none. */
export function readStoredRow(text: string): RowVerdict {
  const read: unknown = JSON.parse(text);
  return Array.isArray(read) ? rowOf(plainSchema.parse(read)) : rowSchema.parse(read);
}

function rowOf(plain: PlainRow): RowVerdict {
  const [n, file, line, serialNumber, user, verdict, already, deviceId, userId, assignedSince, token] = plain;
  // Literals that are whole: to put a row together from parts takes ten times as long as to read it.
  const row: { -readonly [Key in keyof RowVerdict]: RowVerdict[Key] } = {
    n,
    file,
    line,
    serialNumber,
    user,
    verdict,
    already,
    reason: '',
    detail: '',
    next: '',
    deviceId,
    userId,
    attempts: 0,
    clientRequestId: '',
    requestId: '',
  };
  if (typeof assignedSince === 'string') row.assignedSince = assignedSince;
  if (token !== undefined) row.token = tokenOf(token);
  return row;
}

function tokenOf(values: z.infer<typeof plainTokenSchema>): AuditedToken {
  const [
    status,
    manufacturer,
    model,
    timeInterval,
    hashFunction,
    lastUsed,
    waitingSince,
    account,
    guest,
    heldByUser,
  ] = values;
  return {
    status,
    manufacturer,
    model,
    timeInterval,
    hashFunction,
    lastUsed,
    waitingSince,
    account,
    guest,
    heldByUser,
  };
}
