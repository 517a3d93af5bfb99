// What an older CSV upload has left with the users is removed in a step of its own, behind the wave that brought
// the new tokens, and from nobody whose new token does not work yet. The emulator's truth is asked.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base32nopad } from '@scure/base';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { Secret } from '../../src/secret.js';
import { readRows } from '../end-to-end/check-truth.js';
import { type Ended, start } from '../end-to-end/process.js';
import { member, stockToken } from '../rehearsed-run.js';

const directory = mkdtempSync(join(tmpdir(), 'oathbatch-legacy-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const users = Array.from({ length: 6 }, (_, n) => member(n));
const serialOf = (n: number): string => `OLD${String(n).padStart(4, '0')}`;

/** Made up. */
const keyOf = (n: number): string =>
  base32nopad.encode(Uint8Array.from({ length: 20 }, (_, at) => 13 * n + at));

/** The secret of this token is not that of the manifest: it cannot be activated. */
const WRONG = 1;

/** Has no older registration. */
const NEVER_UPLOADED = 4;

interface World {
  readonly emulator: Emulator;
  readonly run: (command: string, ...more: readonly string[]) => Promise<Ended>;
  /** Runs it, and kills it with SIGKILL after so many changes of older registrations. */
  readonly killed: (changes: number) => Promise<Ended>;
  /** Whose older registrations are still there. */
  readonly left: () => readonly number[];
  readonly folders: () => readonly string[];
}

async function inWorld(
  name: string,
  play: (world: World) => Promise<void>,
  isWrong: (n: number) => boolean = () => false,
): Promise<void> {
  const folder = join(directory, name);
  mkdirSync(folder);
  const write = (file: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
  write('tokens.csv', [
    'serial number,secret key,time interval,manufacturer,model',
    ...users.map((_, n) => `${serialOf(n)},${keyOf(n)},30,Contoso,T1`),
  ]);
  write('people.csv', [
    'serial number,user',
    ...users.map(({ userPrincipalName }, n) => `${serialOf(n)},${userPrincipalName}`),
  ]);
  write('job.yaml', [
    'name: migration',
    'kind: migration',
    'graph: emulator',
    'manifests: [{ path: tokens.csv }]',
    'assignments: [{ path: people.csv }]',
    'activation: computed',
    'waves: { by: size, size: 3, legacy: remove, maxFailed: 1 }',
    'throttle: { rate: unlimited }',
    'limits: { maxDestructive: 100% }',
    'reports: { formats: [csv, json] }',
  ]);
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({}),
    seed: {
      users,
      devices: users.flatMap(({ id }, n) => {
        const secretKey = new Secret(keyOf(isWrong(n) ? 99 : n));
        const older = stockToken(serialOf(n), {
          ...{ id: `legacy-${n}`, legacy: true, assignedTo: id, status: 'activated' },
          secretKey: new Secret(keyOf(n)),
        });
        return [stockToken(serialOf(n), { secretKey }), ...(n === NEVER_UPLOADED ? [] : [older])];
      }),
    },
    clock: systemClock,
  });
  const server = await serveEmulator(emulator);
  try {
    await play({
      emulator,
      killed: (changes) => {
        const { child, ended } = start(['run', 'job.yaml', '--graph', server.url, ...YES], folder);
        let left = changes;
        emulator.onChange((change) => {
          const isOld =
            ('removed' in change && change.removed.startsWith('legacy-')) ||
            ('device' in change && change.device.isLegacy);
          if (!isOld) return;
          left -= 1;
          if (left === 0) child.kill('SIGKILL');
        });
        return ended;
      },
      run: (command, ...more) => {
        const job = command === 'resume' ? [] : ['job.yaml'];
        return start([command, ...job, '--graph', server.url, ...more], folder).ended;
      },
      left: () => {
        const devices = emulator.truth().devices.filter(({ legacy }) => legacy);
        return users.flatMap(({ id }, n) => (devices.some(({ holder }) => holder === id) ? [n] : []));
      },
      folders: () => readdirSync(join(folder, 'reports')).map((run) => join(folder, 'reports', run)),
    });
  } finally {
    await server.close();
  }
}

const YES = ['--yes', '--no-progress'] as const;

describe('older registrations of migrated tokens', () => {
  it('are removed behind each wave, from those alone whose new token works', async () => {
    await inWorld(
      'remove',
      async ({ emulator, run, left, folders }) => {
        // Removed in spite of answers that are lost, and not twice.
        emulator.plan({ fault: 'resetAfter', method: 'DELETE', times: 2 });
        const ended = await run('run', ...YES);
        expect(ended.exitCode, ended.stderr).toBe(3);
        expect(ended.stderr).toContain('Wave 2 of 2: 2, 3 rows, registrations of older uploads');
        expect(left()).toEqual([WRONG]);
        const { devices } = emulator.truth();
        expect(devices.filter(({ legacy }) => legacy).map(({ id }) => id)).toEqual([`legacy-${WRONG}`]);
        // The new tokens are where they belong, and nothing else was deleted.
        const own = devices.filter(({ legacy }) => !legacy);
        expect(own.map(({ holder }) => holder)).toEqual(users.map(({ id }) => id));
        expect(own.map(({ status }) => status === 'activated')).toEqual(users.map((_, n) => n !== WRONG));
        // Two runs for each wave; the row that was left alone says so.
        expect(folders()).toHaveLength(4);
        const rows = folders().flatMap((folder) => readRows(join(folder, 'rows.csv')));
        expect(rows).toHaveLength(12);
        expect(rows.filter(({ verdict }) => verdict === 'activated')).toHaveLength(10);

        const writes = emulator.truth().counters.writes;
        const again = await run('run', ...YES, '--set', 'waves.first=2');
        expect(again.exitCode, again.stderr).toBe(0);
        expect(emulator.truth().counters.writes).toBe(writes);
      },
      (n) => n === WRONG,
    );
  }, 120_000);

  it('stay while the tokens are only assigned, and can be looked at before they are removed', async () => {
    await inWorld('assigned', async ({ run, left }) => {
      const ended = await run('run', ...YES, '--set', 'activation=user');
      expect(ended.exitCode, ended.stderr).toBe(3);
      expect(left()).toEqual([0, 1, 2, 3, 5]);

      const plan = await run('plan', '--set', 'waves.step=legacy');
      expect(plan.exitCode, plan.stderr).toBe(0);
    });
  }, 120_000);

  it.each([1, 2, 3, 5])(
    'are removed once when the step is killed after %i changes and carried on',
    async (changes) => {
      await inWorld(`kill-${changes}`, async ({ emulator, run, killed, left }) => {
        const ended = await killed(changes);
        expect(ended.exitCode).toBeNull();
        expect(left().length).toBeGreaterThan(0);

        const resumed = await run('resume', ...YES);
        expect(resumed.exitCode, resumed.stderr).toBe(0);
        expect(left()).toEqual([]);
        const { devices, log } = emulator.truth();
        // Each was taken from its user once, and deleted once.
        const removals = log.filter(({ method, effect }) => method === 'DELETE' && effect);
        expect(removals).toHaveLength(2 * (users.length - 1));
        expect(new Set(removals.map(({ path }) => path)).size).toBe(removals.length);
        // The new tokens are all there is, with their holders.
        expect(devices.map(({ serialNumber }) => serialNumber)).toEqual(users.map((_, n) => serialOf(n)));
        expect(devices.map(({ holder, status }) => [holder, status])).toEqual(
          users.map(({ id }) => [id, 'activated']),
        );

        const writes = emulator.truth().counters.writes;
        const again = await run('run', ...YES);
        expect(again.exitCode, again.stderr).toBe(0);
        expect(emulator.truth().counters.writes).toBe(writes);
      });
    },
    180_000,
  );

  it('count against limits.maxDestructive, and stay when they are too many', async () => {
    await inWorld('limit', async ({ run, left }) => {
      const ended = await run('run', ...YES, '--set', 'limits.maxDestructive=1');
      expect(ended.exitCode, ended.stderr).toBe(4);
      expect(ended.stderr).toContain('limits.maxDestructive');
      expect(left()).toEqual([0, 1, 2, 3, 5]);
    });
  }, 120_000);

  it('stay when the job does not ask', async () => {
    await inWorld('leave', async ({ run, left, folders }) => {
      const ended = await run('run', ...YES, '--set', 'waves.legacy=leave');
      expect(ended.exitCode, ended.stderr).toBe(0);
      expect(left()).toEqual([0, 1, 2, 3, 5]);
      expect(folders()).toHaveLength(2);
    });
  }, 120_000);
});
