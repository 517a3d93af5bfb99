// Compares what a run reported with what is true in the tenant, row by row.

import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { z } from 'zod';
import { BYSTANDERS, type RowKind, STRANGER_ID, type World } from './world.js';

/** What the tests look at of `GET /emulator/truth`. */
export const truthSchema = z.object({
  devices: z.array(
    z.object({
      id: z.string(),
      serialNumber: z.string(),
      status: z.string(),
      holder: z.string().optional(),
    }),
  ),
  counters: z.object({ writes: z.number(), throttled: z.number() }),
  log: z.array(
    z.object({
      method: z.string(),
      path: z.string(),
      status: z.union([z.number(), z.string()]),
      effect: z.boolean(),
      write: z.boolean(),
    }),
  ),
});

export type Truth = z.infer<typeof truthSchema>;

const reportRows = z.array(
  z.object({
    line: z.coerce.number(),
    serial_number: z.string(),
    user: z.string(),
    verdict: z.string(),
    reason: z.string(),
    device_id: z.string(),
    already: z.string(),
    attempts: z.coerce.number(),
    assigned_since: z.string(),
  }),
);

export type ReportRow = z.infer<typeof reportRows>[number];

export function readRows(path: string): readonly ReportRow[] {
  return reportRows.parse(parse(readFileSync(path), { columns: true }));
}

/** The verdict and reason that each kind of row must end with, whatever happened on the way. */
const EXPECTED: Readonly<Record<RowKind, { readonly verdict: string; readonly reason: string }>> = {
  'in-stock': { verdict: 'assigned', reason: '' },
  absent: { verdict: 'assigned', reason: '' },
  'already-assigned': { verdict: 'assigned', reason: '' },
  'already-activated': { verdict: 'activated', reason: '' },
  'held-by-other': { verdict: 'conflict', reason: 'held-by-other' },
  'bad-secret': { verdict: 'invalid', reason: 'secret-not-base32' },
  'unknown-user': { verdict: 'invalid', reason: 'user-not-found' },
  guest: { verdict: 'invalid', reason: 'user-is-guest' },
};

/** Who must hold a row's token in the end. */
function expectedHolder(kind: RowKind, userId: string): string | undefined {
  if (kind === 'held-by-other') return STRANGER_ID;
  return kind === 'bad-secret' || kind === 'unknown-user' || kind === 'guest' ? undefined : userId;
}

/** Holds every row of the report against the truth, and the truth against what was to be done. */
export function expectReportIsTrue(world: World, rows: readonly ReportRow[], truth: Truth): void {
  const bySerial = new Map<string, Truth['devices'][number]>();
  for (const device of truth.devices) {
    expect(bySerial.has(device.serialNumber), `${device.serialNumber} is in the tenant once`).toBe(false);
    bySerial.set(device.serialNumber, device);
  }
  const reported = new Map(rows.map((row) => [row.line, row]));
  expect(reported.size).toBe(world.rows.length);
  const compared = world.rows.map((row) => {
    const report = reported.get(row.line);
    const device = bySerial.get(row.serialNumber);
    return {
      serialNumber: row.serialNumber,
      reported: [report?.serial_number, report?.user, report?.verdict, report?.reason],
      truly: device?.holder,
      sameDevice:
        row.kind === 'bad-secret' || row.kind === 'unknown-user' || report?.device_id === device?.id,
    };
  });
  const expected = world.rows.map((row) => ({
    serialNumber: row.serialNumber,
    reported: [row.serialNumber, row.user, EXPECTED[row.kind].verdict, EXPECTED[row.kind].reason],
    truly: expectedHolder(row.kind, row.userId),
    sameDevice: true,
  }));
  expect(compared).toEqual(expected);
  const bystanders = truth.devices.filter(({ serialNumber }) => serialNumber.startsWith('BYSTANDER'));
  expect(bystanders.filter(({ holder }) => holder === STRANGER_ID)).toHaveLength(BYSTANDERS * 0.8);
  expect(bystanders).toHaveLength(BYSTANDERS);
}
