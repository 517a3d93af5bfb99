// A migration stops behind a wave in which too many rows need a person, and goes on when they are mended. The waves
// behind it are not touched.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { type Ended, start } from '../end-to-end/process.js';
import { member, stockToken } from '../rehearsed-run.js';

const directory = mkdtempSync(join(tmpdir(), 'oathbatch-stop-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const ROWS = 12;
const serialOf = (n: number): string => `STOP${String(n).padStart(4, '0')}`;

/** Three waves of four rows; two rows of the second name nobody. */
function writeLists(users: readonly string[]): void {
  const lines = users.map((user, n) => `${serialOf(n)},${user}`);
  writeFileSync(join(directory, 'list.csv'), `serial number,user\n${lines.join('\n')}\n`);
}

it('stops behind a wave with more failures than waves.maxFailed, and goes on when they are mended', async () => {
  const users = Array.from({ length: ROWS }, (_, n) => member(n));
  const names = users.map(({ userPrincipalName }) => userPrincipalName);
  writeLists(names.map((name, n) => (n === 5 || n === 6 ? `nobody${n}@contoso.example` : name)));
  writeFileSync(
    join(directory, 'job.yaml'),
    [
      'name: migration',
      'kind: migration',
      'graph: emulator',
      'assignments: [{ path: list.csv }]',
      'waves: { by: size, size: 4, maxFailed: 1 }',
      'limits: { maxConflicts: 100% }',
      'throttle: { rate: unlimited }',
      'reports: { formats: [csv, json] }',
    ].join('\n'),
  );
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({}),
    seed: { users, devices: users.map((_, n) => stockToken(serialOf(n))) },
    clock: systemClock,
  });
  const server = await serveEmulator(emulator);
  try {
    const run = (...more: readonly string[]): Promise<Ended> =>
      start(['run', 'job.yaml', '--yes', '--no-progress', '--graph', server.url, ...more], directory).ended;
    const held = (): readonly number[] =>
      emulator.truth().devices.flatMap(({ holder }, n) => (holder === users[n]?.id ? [n] : []));

    const stopped = await run();
    expect(stopped.exitCode, stopped.stderr).toBe(3);
    expect(stopped.stderr).toContain('The migration stops behind wave 2: 2 of its 4 rows need a person');
    expect(readdirSync(join(directory, 'reports'))).toHaveLength(2);
    expect(held()).toEqual([0, 1, 2, 3, 4, 7]);

    // As many as the limit are let pass, and are told at the end.
    const allowed = await run('--set', 'waves.maxFailed=2', '--set', 'waves.first=2');
    expect(allowed.exitCode, allowed.stderr).toBe(3);
    expect(held()).toEqual([0, 1, 2, 3, 4, 7, 8, 9, 10, 11]);

    writeLists(names);
    const mended = await run();
    expect(mended.exitCode, mended.stderr).toBe(0);
    expect(held()).toEqual(users.map((_, n) => n));
  } finally {
    await server.close();
  }
}, 120_000);
