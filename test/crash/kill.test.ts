// The built command is killed with SIGKILL at fifty moments of a run over real HTTP, which are drawn anew each
// time, and carried on. What it reports in the end must be true, and the same to the byte as without the kill,
// apart from times and ids. SEED plays the moments of an earlier run again: it is told with every failure.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { type ServedEmulator, serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { loadSnapshot } from '../../src/emulator/snapshot-file.js';
import { seededRandom } from '../../src/random.js';
import { expectReportIsTrue, readRows, truthSchema } from '../end-to-end/check-truth.js';
import { type Running, start } from '../end-to-end/process.js';
import { makeWorld, type World } from '../end-to-end/world.js';
import { pageApart, rowsApart } from '../simulation/apart.js';

const COMPOSITION = {
  'in-stock': 18,
  absent: 8,
  'already-assigned': 2,
  'held-by-other': 1,
  guest: 1,
};

/** In stock one write each, absent two each. */
const WRITES = 18 + 8 * 2;

const SETTINGS = emulatorSettingsSchema.parse({
  latency: { p5: '5ms', p95: '30ms' },
  consistency: { lag: '50ms' },
});

const SEED = Number(process.env['SEED'] ?? String(Date.now() % 1_000_000));
const random = seededRandom(SEED);
const KILLS = 50;

/** So long after the change of that number at most: somewhere between two of them. */
const DELAY_MAX_MS = 25;

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
    'throttle: { rate: auto, concurrency: 4 }',
    'verify: { deadline: 30s }',
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

/** Kills the process a moment after so many changes have taken effect; false: it had come to its end. */
async function killAfter(scene: Scene, changes: number, delayMs: number): Promise<boolean> {
  const one = run(scene, ['run', scene.world.job]);
  const kill = (): void => {
    if (delayMs < 1) one.child.kill('SIGKILL');
    else setTimeout(() => one.child.kill('SIGKILL'), delayMs);
  };
  let seen = 0;
  // Before the first write: as soon as the run is in the air.
  if (changes === 0) one.child.stderr?.once('data', kill);
  scene.emulator.onChange(() => {
    seen += 1;
    if (seen === changes) kill();
  });
  return (await one.ended).signal === 'SIGKILL';
}

function reportOf(scene: Scene, name: string): string {
  const [runId, ...others] = readdirSync(scene.world.reports);
  expect(others, 'the resumed run is the run that was killed').toEqual([]);
  return join(scene.world.reports, runId ?? '', name);
}

/** Both reports, apart from times and ids, and from where this world lies on the disk. */
function reports(scene: Scene): { readonly rows: string; readonly page: string } {
  const read = (name: string): string => readFileSync(reportOf(scene, name), 'utf8');
  const here = new RegExp(`${basename(scene.world.directory)}|${new URL(scene.server.url).host}`, 'g');
  const apart = (text: string): string => text.replaceAll(here, 'HERE').replaceAll(/[0-9a-f]{64}/g, 'HASH');
  return { rows: apart(rowsApart(read('rows.csv'))), page: apart(pageApart(read('report.html'))) };
}

let undisturbed: ReturnType<typeof reports>;

beforeAll(async () => {
  const scene = await openScene();
  expect((await run(scene, ['run', scene.world.job]).ended).exitCode).toBe(3);
  undisturbed = reports(scene);
});

describe.concurrent(`a run that was killed (moments of seed ${SEED})`, () => {
  const moments = Array.from({ length: KILLS }, (_, n) => ({
    n,
    // Each stretch of the run has its share, the time before the first write and after the last as well.
    changes: Math.floor(((n + random.next()) / KILLS) * (WRITES + 1)),
    delayMs: Math.floor(random.next() * DELAY_MAX_MS),
  }));

  for (const { n, changes, delayMs } of moments) {
    it(`is carried on to the same reports after kill -9 at change ${changes} of ${WRITES} (${n})`, async () => {
      const scene = await openScene();
      const wasKilled = await killAfter(scene, changes, delayMs);
      // A run that was killed before it was recorded has nothing to resume; it is simply run.
      const resumed = await run(scene, ['resume']).ended;
      const nothing = resumed.stderr.includes('nothing to resume');
      const ended = wasKilled && nothing ? await run(scene, ['run', scene.world.job]).ended : resumed;
      expect([0, 3], ended.stderr).toContain(ended.exitCode);

      const truth = truthSchema.parse(scene.emulator.truth());
      expectReportIsTrue(scene.world, readRows(reportOf(scene, 'rows.csv')), truth);
      const { rows, page } = reports(scene);
      expect(rows).toBe(undisturbed.rows);
      expect(page).toBe(undisturbed.page);
      // What took effect before the kill was not done twice.
      expect(truth.log.filter(({ write, effect }) => write && effect)).toHaveLength(WRITES);
      if (n % 10 !== 0) return;

      const writesBefore = truth.log.filter(({ write }) => write).length;
      expect((await run(scene, ['resume']).ended).exitCode).toBe(0);
      expect(scene.emulator.truth().log.filter(({ write }) => write)).toHaveLength(writesBefore);
    }, 120_000);
  }
});
