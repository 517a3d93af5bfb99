// Turns what SQLite returns of conclusions, and of the chain in older ledgers, into records. What does not fit is a
// damaged ledger, and throws.

import { z } from 'zod';
import type { LedgerEvent } from './ledger.js';

const oldEventRow = z.object({
  seq: z.number(),
  run_id: z.string(),
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

const seenRow = z.object({
  at: z.string(),
  is_assigned: z.number().transform((is) => is !== 0),
  lines: z.instanceof(ArrayBuffer),
});

const graphRow = z.object({ graph: z.string() });

const drawnRow = z.object({ value: z.string() });

const rateRow = z.object({ rate: z.number() });

const deviceIdRow = z.object({ device_id: z.string() });

/** A line of a run's chain, and the run, of a ledger of an earlier version. */
export function decodeOldEvent(raw: unknown): LedgerEvent & { readonly runId: string } {
  const fields = oldEventRow.parse(raw);
  const { run_id: runId, client_request_id: clientRequestId, request_id: requestId, ...event } = fields;
  return { ...event, runId, clientRequestId, requestId };
}

/** A conclusion without its verdicts. */
export function decodeConclusion(raw: unknown): { readonly at: string; readonly report: string } {
  return conclusionRow.parse(raw);
}

/** Tokens that a run has found assigned, or otherwise. */
export function decodeSeen(raw: unknown): {
  readonly at: string;
  readonly isAssigned: boolean;
  readonly lines: ArrayBuffer;
} {
  const { is_assigned: isAssigned, ...row } = seenRow.parse(raw);
  return { ...row, isAssigned };
}

/** The endpoint of a run. */
export function decodeGraph(raw: unknown): string {
  return graphRow.parse(raw).graph;
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
