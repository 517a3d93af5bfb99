// Turns what SQLite returns of conclusions and of the chain into records. What does not fit is a damaged
// ledger, and throws.

import { z } from 'zod';
import type { ConcludedRow, LedgerEvent } from './ledger.js';

const eventRow = z.object({
  seq: z.number(),
  n: z.number(),
  step: z.number(),
  event: z.string(),
  at: z.string(),
  client_request_id: z.string(),
  request_id: z.string(),
  status: z.number(),
  outcome: z.string(),
  detail: z.string(),
  hash: z.string(),
});

const conclusionRow = z.object({ at: z.string(), report: z.string() });

const verdictRow = z.object({
  n: z.number(),
  serial_number: z.string(),
  verdict: z.string(),
  record: z.string(),
});

const sinceRow = z.object({ serial_number: z.string(), since: z.string() });

const anyRow = z.record(z.string(), z.unknown());

const drawnRow = z.object({ value: z.string() });

const rateRow = z.object({ rate: z.number() });

const deviceIdRow = z.object({ device_id: z.string() });

/** A line of a run's chain. */
export function decodeEvent(raw: unknown): LedgerEvent {
  const { client_request_id: clientRequestId, request_id: requestId, ...event } = eventRow.parse(raw);
  return { ...event, clientRequestId, requestId };
}

/** A conclusion without its verdicts. */
export function decodeConclusion(raw: unknown): { readonly at: string; readonly report: string } {
  return conclusionRow.parse(raw);
}

export function decodeConcludedRow(raw: unknown): ConcludedRow {
  const { serial_number: serialNumber, ...row } = verdictRow.parse(raw);
  return { ...row, serialNumber };
}

/** Any record, as its fields. */
export function decodeRecord(raw: unknown): Readonly<Record<string, unknown>> {
  // Every row of a plan passes here, so that nothing is walked: an object is a record already.
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return raw as Record<string, unknown>;
  return anyRow.parse(raw);
}

export function decodeSince(raw: unknown): readonly [serialNumber: string, since: string] {
  const { serial_number: serialNumber, since } = sinceRow.parse(raw);
  return [serialNumber, since];
}

export function decodeDrawn(raw: unknown): string {
  return drawnRow.parse(raw).value;
}

export function decodeRate(raw: unknown): number {
  return rateRow.parse(raw).rate;
}

/** The id of a token. */
export function decodeDeviceId(row: unknown): string {
  return deviceIdRow.parse(row).device_id;
}
