// The rows of a report as the ledger keeps them, a line each; how they are read again is in stored-row-shape.ts. Pure.

import { FixedTexts, PlainLines } from '../compact/plain-lines.js';
import type {
  AuditedToken,
  PlainVerdict,
  RowVerdict,
  VerdictList,
  VerdictParts,
} from '../reconcile/verdict.js';
import type { PlainToken } from './stored-row-shape.js';

/** A row as text. */
export function storeRow(row: RowVerdict): string {
  if (!isAllTold(row)) return JSON.stringify(row);
  const { n, file, line, serialNumber, user, verdict, already, deviceId, userId, assignedSince, token } = row;
  const plain: unknown[] = [n, file, line, serialNumber, user, verdict, already, deviceId, userId];
  if (assignedSince !== undefined || token !== undefined) plain.push(assignedSince);
  if (token !== undefined) plain.push(valuesOf(token));
  return JSON.stringify(plain);
}

function valuesOf(token: AuditedToken): PlainToken {
  const { status, manufacturer, model, timeInterval, hashFunction } = token;
  const { lastUsed, waitingSince, account, guest, heldByUser } = token;
  const make = [manufacturer, model, timeInterval, hashFunction] as const;
  return [status, ...make, lastUsed, waitingSince, account, guest, heldByUser];
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
