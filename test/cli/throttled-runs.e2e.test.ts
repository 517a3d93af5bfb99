// Runs of one job against a service that throttles: what the service says of its limits is told, and what one run
// has learned of them is where the next begins, whether the service is still the same or has become slower.

import { expect } from 'vitest';
import { z } from 'zod';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { it, type Place, tokenLines } from './command.js';
import { users } from './rehearsal.js';

/** Each row is a creation and an assignment. What a run of fewer than 500 writes has learned is not kept. */
const [FIRST, SECOND, THIRD] = [251, 20, 30];

const summary = z.object({
  throttled: z.int(),
  pace: z.object({
    finalPace: z.number(),
    limits: z.array(z.object({ scope: z.string(), reason: z.string(), count: z.int() })).optional(),
  }),
});

const allowing = (perSecond: number, burst: number): EmulatorSettingsInput => ({
  throttle: { writes: { kind: 'token-bucket', rate: perSecond, burst }, retryAfter: 'decimal' },
});

const lines = tokenLines(FIRST + SECOND + THIRD);

/** A run over a delivery of its own. */
async function run(place: Place, graph: string, delivery: readonly string[]) {
  place.manifest(delivery);
  const { exitCode, stdout, stderr } = await place.run(['run', 'job.yaml', '--yes', '--graph', graph]);
  expect(exitCode, stderr).toBe(0);
  // No row has failed because of a 429.
  expect(place.verdicts()).toEqual(delivery.map(() => 'assigned'));
  const ledger = openLedger(place.path('.oathbatch'));
  const [last] = await ledger.runs();
  const learned = await ledger.learnedRate('trial', last?.graph ?? '');
  await ledger.close();
  return { stdout, learned, ...summary.parse(JSON.parse(place.read(`${place.reports()}/summary.json`))) };
}

it('begin where the last one has ended, and find the new limit of a service that has become slower', async ({
  place,
}) => {
  place.job([]);
  const rehearsal = await place.serve(users(lines.length), allowing(10, 100));

  const first = await run(place, rehearsal.url, lines.slice(0, FIRST));
  expect(first.throttled).toBeGreaterThan(0);
  const named = [{ scope: 'Tenant_Application/Write', reason: 'WriteLimitExceeded', count: first.throttled }];
  expect(first.pace.limits).toEqual(named);
  expect(first.stdout).toContain(
    `\n  limits        WriteLimitExceeded (Tenant_Application/Write) × ${first.throttled}\n`,
  );
  expect(first.stdout).toMatch(/\n {2}pace {10}[\d.]+ accepted\/s, [\d.]+\/s allowed at the end\n/);
  // How near the first lessons come to 10 depends on how requests fall in time; 18 is near what is documented.
  expect(first.learned).toBeLessThan(18);

  const second = await run(place, rehearsal.url, lines.slice(FIRST, FIRST + SECOND));
  // What is documented, and was asked for, is a burst of thousands: some of it would be refused.
  expect(second.pace.finalPace).toBeLessThan(1.05 * (first.learned ?? 0));
  expect(second.throttled).toBe(0);

  await rehearsal.change(allowing(6, 5));
  const third = await run(place, rehearsal.url, lines.slice(FIRST + SECOND));
  expect(third.throttled).toBeGreaterThan(0);
  expect(third.throttled).toBeLessThan(2 * THIRD);
  expect(third.pace.finalPace).toBeLessThan(second.pace.finalPace);
});
