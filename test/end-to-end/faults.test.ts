// The built command against the built emulator, each a process of its own: 2,000 tokens of every kind, under
// throttling, lag and faults. What the report says of each row must be what is true in the tenant.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import { expectReportIsTrue, readRows, truthSchema } from './check-truth.js';
import { type Running, start } from './process.js';
import { makeWorld, type World } from './world.js';

const SEED = 20261122;

const SETTINGS: EmulatorSettingsInput = {
  seed: SEED,
  latency: { p5: '4ms', p95: '30ms' },
  // The job lets more out at once than this takes; and some are refused by chance, so that 429s are met on a
  // machine, too, that is too slow to empty the bucket.
  throttle: {
    writes: { kind: 'token-bucket', rate: 120, burst: 20 },
    retryAfter: 'decimal',
    spurious: 0.005,
  },
  consistency: { lag: '400ms' },
  faults: {
    status500: 0.01,
    status502: 0.005,
    status503: 0.005,
    status504: 0.005,
    conflict409: 0.02,
    late404: 0.005,
    errorAfter: 0.01,
    resetBefore: 0.01,
    resetAfter: 0.01,
    garbage: 0.01,
    garbageBefore: 0.005,
    duplicateDelivery: 0.01,
  },
};

const running: Running[] = [];
let world: World | undefined;

afterEach(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGKILL');
    await one.ended;
  }
  if (world !== undefined) rmSync(world.directory, { recursive: true, force: true });
});

it('reports of 2,000 tokens under faults exactly what is true in the tenant', async () => {
  world = makeWorld(
    {
      'in-stock': 1_400,
      absent: 300,
      'already-assigned': 100,
      'already-activated': 100,
      'held-by-other': 50,
      'bad-secret': 20,
      'unknown-user': 20,
      guest: 10,
    },
    [
      'throttle: { rate: 100, burst: 60, concurrency: 32 }',
      'verify: { deadline: 60s }',
      'retry: { attempts: 10 }',
    ],
  );
  const settings = join(world.directory, 'settings.json');
  writeFileSync(settings, JSON.stringify(SETTINGS));
  const emulator = start(['emulate', '--settings', settings, '--keep', world.snapshot], world.directory);
  running.push(emulator);
  const url = await emulator.firstLine;

  const common = ['--graph', url, '--state', world.state, '--reports', world.reports, '--yes'];
  const run = start(['run', world.job, ...common, '--log-level', 'error'], world.directory);
  running.push(run);
  const ended = await run.ended;

  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended.exitCode, ended.stderr).toBe(3);
  const truth = truthSchema.parse(await (await fetch(new URL('/emulator/truth', url))).json());
  const [runId = ''] = readdirSync(world.reports);
  expectReportIsTrue(world, readRows(join(world.reports, runId, 'rows.csv')), truth);

  const summary = z
    .object({ rows: z.number(), throttled: z.number(), verdicts: z.record(z.string(), z.number()) })
    .parse(JSON.parse(readFileSync(join(world.reports, runId, 'summary.json'), 'utf8')));
  expect(summary.verdicts).toEqual({
    activated: 100,
    assigned: 1_800,
    'in-inventory': 0,
    deleted: 0,
    conflict: 50,
    rejected: 0,
    invalid: 50,
    unknown: 0,
    unsent: 0,
  });
  expect(summary.throttled).toBeGreaterThan(0);

  const writesBefore = truth.log.filter(({ write, effect }) => write && effect).length;
  const again = start(['run', world.job, ...common, '--log-level', 'error'], world.directory);
  running.push(again);
  expect((await again.ended).exitCode).toBe(3);
  const after = truthSchema.parse(await (await fetch(new URL('/emulator/truth', url))).json());
  expect(after.log.filter(({ write, effect }) => write && effect)).toHaveLength(writesBefore);
  expect(after.log.filter(({ write }) => write)).toHaveLength(truth.log.filter(({ write }) => write).length);
}, 180_000);
