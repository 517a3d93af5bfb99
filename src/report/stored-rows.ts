// The rows of a report as the ledger keeps them, a line each, and how they are read again. What does not fit was written
// by another version or is damaged, and is told, not guessed. Pure.

import { z } from 'zod';
import { FixedTexts, PlainLines } from '../compact/plain-lines.js';
import type {
  AuditedToken,
  PlainVerdict,
  RowVerdict,
  VerdictList,
  VerdictParts,
} from '../reconcile/verdict.js';
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

/** A row as text. */
export function storeRow(row: RowVerdict): string {
  if (!isAllTold(row)) return JSON.stringify(row);
  const { n, file, line, serialNumber, user, verdict, already, deviceId, userId, assignedSince, token } = row;
  const plain: unknown[] = [n, file, line, serialNumber, user, verdict, already, deviceId, userId];
  if (assignedSince !== undefined || token !== undefined) plain.push(assignedSince);
  if (token !== undefined) plain.push(valuesOf(token));
  return JSON.stringify(plain);
}

function valuesOf(token: AuditedToken): z.infer<typeof plainTokenSchema> {
  const { status, manufacturer, model, timeInterval, hashFunction } = token;
  const { lastUsed, waitingSince, account, guest, heldByUser } = token;
  const make = [manufacturer, model, timeInterval, hashFunction] as const;
  return [status, ...make, lastUsed, waitingSince, account, guest, heldByUser];
}

/** The row again. @throws {z.ZodError | SyntaxError} when the text is none. */
export function readStoredRow(text: string): RowVerdict {
  const read: unknown = JSON.parse(text);
  if (!Array.isArray(read)) return rowSchema.parse(read);
  const [n, file, line, serialNumber, user, verdict, already, deviceId, userId, assignedSince, token] =
    plainSchema.parse(read);
  return {
    ...{ n, file, line, serialNumber, user, verdict, already, reason: '', detail: '', next: '' },
    ...{ deviceId, userId, attempts: 0, clientRequestId: '', requestId: '' },
    ...(typeof assignedSince === 'string' ? { assignedSince } : {}),
    ...(token === undefined ? {} : { token: tokenOf(token) }),
  };
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
    ...{ status, manufacturer, model, timeInterval, hashFunction },
    ...{ lastUsed, waitingSince, account, guest, heldByUser },
  };
}

/** Whether nothing was sent for a row, and nothing is to be done about it. */
function isAllTold({ attempts, reason, detail, next, clientRequestId, requestId }: RowVerdict): boolean {
  const texts = reason === '' && detail === '' && next === '' && clientRequestId === '' && requestId === '';
  return texts && attempts === 0;
}

/** A row as it is kept. */
export interface StoredRow extends Pick<RowVerdict, 'serialNumber' | 'verdict'> {
  /** {@link storeRow}: as text, or as bytes that stay what they are until the row after the next one is asked for. */
  readonly record: string | Uint8Array;
}

/** All rows, in their order. */
export function* storeRows(rows: VerdictList): Generator<StoredRow, void> {
  const { parts } = rows;
  const lines = new PlainLines();
  const files = new FixedTexts((file) => JSON.stringify(file));
  for (let position = 0; position < rows.length; position += 1) {
    const plain = parts?.plainAt(position);
    if (parts !== undefined && plain !== undefined && addPlainRow(lines, plain, position, { parts, files })) {
      const serialNumber = parts.serialNumberAt(position) ?? rows.at(position)?.serialNumber ?? '';
      yield { serialNumber, verdict: plain.verdict, record: lines.take() };
      continue;
    }
    const row = rows.at(position);
    if (row === undefined) continue;
    yield { serialNumber: row.serialNumber, verdict: row.verdict, record: storeRow(row) };
  }
}

interface Written {
  readonly parts: VerdictParts;
  readonly files: FixedTexts;
}

/** What stands between the values of a plain row. */
const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const BEFORE_TEXT = Buffer.from(',"');
const BETWEEN_TEXTS = Buffer.from('","');
const BEHIND_VERDICT = { already: Buffer.from('",true,"'), fresh: Buffer.from('",false,"') };
const CLOSE = Buffer.from('"]');

/** Adds {@link storeRow} of a plain row. @returns whether it could. */
function addPlainRow(
  lines: PlainLines,
  { file, line, verdict, already, assignedSince }: PlainVerdict,
  position: number,
  { parts, files }: Written,
): boolean {
  lines.begin();
  lines.fixed(OPEN);
  lines.number(position);
  lines.fixed(COMMA);
  lines.fixed(files.bytesOf(file));
  lines.fixed(COMMA);
  lines.number(line);
  lines.fixed(BEFORE_TEXT);
  parts.write('serialNumber', position, lines);
  lines.fixed(BETWEEN_TEXTS);
  parts.write('user', position, lines);
  lines.fixed(BETWEEN_TEXTS);
  lines.text(verdict);
  lines.fixed(already ? BEHIND_VERDICT.already : BEHIND_VERDICT.fresh);
  parts.write('deviceId', position, lines);
  lines.fixed(BETWEEN_TEXTS);
  parts.write('userId', position, lines);
  if (assignedSince !== undefined) {
    lines.fixed(BETWEEN_TEXTS);
    lines.text(assignedSince);
  }
  lines.fixed(CLOSE);
  return lines.end();
}
