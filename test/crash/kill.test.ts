// The built command is killed with SIGKILL at ten moments of a run, or as many as KILLS says, counted in writes
// that have reached the service, and resumed. What it reports in the end must be true, and the same as without the kill.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { type ServedEmulator, serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { loadSnapshot } from '../../src/emulator/snapshot-file.js';
import { seededRandom } from '../../src/random.js';
import { noteCount } from '../counts.js';
import { expectReportIsTrue, type ReportRow, readRows, truthSchema } from '../end-to-end/check-truth.js';
import { type Running, start } from '../end-to-end/process.js';
import { makeWorld, type World } from '../end-to-end/world.js';

const COMPOSITION = {
  'in-stock': 60,
  absent: 25,
  'already-assigned': 6,
  'already-activated': 4,
  'held-by-other': 3,
  guest: 2,
};

/** In stock one write each, absent two each. */
const WRITES = 60 + 25 * 2;

const SETTINGS = emulatorSettingsSchema.parse({
  latency: { p5: '5ms', p95: '30ms' },
  throttle: { writes: { kind: 'token-bucket', rate: 60, burst: 20 }, retryAfter: 'decimal' },
  consistency: { lag: '200ms' },
});

/** Ten are at moments that are told; KILLS asks for more, at moments that are drawn. */
const KILLS = Number(process.env['KILLS'] ?? '10');
const SEED = Number(process.env['SEED'] ?? '7');

interface Scene {
  readonly world: World;
  readonly emulator: Emulator;
  readonly server: ServedEmulator;
  readonly common: readonly string[];
}

const scenes: Scene[] = [];
const running: Running[] = [];

async function openScene(): Promise<Scene> {
  const world = makeWorld(COMPOSITION, [
    'throttle: { rate: 55, burst: 20 }',
    'verify: { deadline: 30s }',
    // One by one, so that a kill comes between any two of them; in the middle of a chunk, test/simulation/sweep.test.ts.
    'create: { chunk: 1 }',
  ]);
  const snapshot = await loadSnapshot(world.snapshot);
  if (snapshot === undefined) throw new Error('the world has no tenant');
  const emulator = new Emulator({
    settings: SETTINGS,
    seed: { users: [], devices: [] },
    clock: systemClock,
    snapshot,
  });
  const server = await serveEmulator(emulator);
  const common = ['--graph', server.url, '--state', world.state, '--reports', world.reports, '--yes'];
  const scene = { world, emulator, server, common };
  scenes.push(scene);
  return scene;
}

afterAll(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGKILL');
    await one.ended;
  }
  for (const { server, world } of scenes.splice(0)) {
    await server.close();
    rmSync(world.directory, { recursive: true, force: true });
  }
});

function run(scene: Scene, args: readonly string[]): Running {
  const one = start([...args, ...scene.common, '--log-level', 'error'], scene.world.directory);
  running.push(one);
  return one;
}

/** Kills the process as soon as so many changes have taken effect, or so long after; when that never comes, at its end. */
async function killAfter(scene: Scene, changes: number, laterMs: number): Promise<void> {
  const one = run(scene, ['run', scene.world.job]);
  let seen = 0;
  if (changes === 0) {
    // Before the first write: as soon as the run is in the air.
    one.child.stderr?.once('data', () => one.child.kill('SIGKILL'));
  }
  scene.emulator.onChange(() => {
    seen += 1;
    if (seen !== changes) return;
    if (laterMs === 0) one.child.kill('SIGKILL');
    else setTimeout(() => one.child.kill('SIGKILL'), laterMs);
  });
  const ended = await one.ended;
  expect(ended.signal, 'the process was killed in mid-run').toBe('SIGKILL');
}

function finalRows(scene: Scene): readonly ReportRow[] {
  const [runId, ...others] = readdirSync(scene.world.reports);
  expect(others, 'the resumed run is the run that was killed').toEqual([]);
  return readRows(join(scene.world.reports, runId ?? '', 'rows.csv'));
}

/** What must be the same with and without a kill. */
function story(rows: readonly ReportRow[]): unknown {
  return rows.map(({ line, serial_number, user, verdict, reason, already, assigned_since }) => [
    line,
    serial_number,
    user,
    verdict,
    reason,
    already,
    // A time differs from one run to the next; that there is one does not.
    assigned_since === '',
  ]);
}

let undisturbed: unknown;

beforeAll(async () => {
  const scene = await openScene();
  expect((await run(scene, ['run', scene.world.job]).ended).exitCode).toBe(3);
  undisturbed = story(finalRows(scene));
});

describe.concurrent('a run that was killed', () => {
  const moments = [0, 1, 7, 19, 33, 52, 70, 88, WRITES - 1, WRITES].map((changes) => ({
    changes,
    laterMs: 0,
  }));
  const random = seededRandom(SEED);
  while (moments.length < KILLS) {
    // So far from the end that there is a process to kill, at whatever it is doing by then.
    const changes = 1 + Math.floor(random.next() * (WRITES - 20));
    moments.push({ changes, laterMs: random.next() * 60 });
  }

  for (const { changes, laterMs } of moments) {
    it(`is carried on to the same end after kill -9, ${laterMs.toFixed(1)} ms after change ${changes} of ${WRITES}`, async () => {
      const scene = await openScene();
      await killAfter(scene, changes, laterMs);
      noteCount('kills', 1);
      // A run that was killed before it was recorded has nothing to resume; it is simply run.
      const began = changes > 0;
      const ended = await run(scene, began ? ['resume'] : ['run', scene.world.job]).ended;

      expect(ended.exitCode, ended.stderr).toBe(3);
      const truth = truthSchema.parse(scene.emulator.truth());
      const rows = finalRows(scene);
      expectReportIsTrue(scene.world, rows, truth);
      expect(story(rows)).toEqual(undisturbed);
      // What took effect before the kill was not done twice.
      expect(truth.log.filter(({ write, effect }) => write && effect)).toHaveLength(WRITES);

      const writesBefore = truth.log.filter(({ write }) => write).length;
      expect((await run(scene, ['resume']).ended).exitCode).toBe(0);
      expect(scene.emulator.truth().log.filter(({ write }) => write)).toHaveLength(writesBefore);
    }, 120_000);
  }
});
