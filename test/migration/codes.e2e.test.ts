// Codes that holders have read out come in a file of their own, beside the list that says whose tokens they are and
// in which wave. Whoever has not read out a code yet is assigned, and waits.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base32nopad } from '@scure/base';
import { Secret as Key, TOTP } from 'otpauth';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { Secret } from '../../src/secret.js';
import { readRows } from '../end-to-end/check-truth.js';
import { start } from '../end-to-end/process.js';
import { member, stockToken } from '../rehearsed-run.js';

const directory = mkdtempSync(join(tmpdir(), 'oathbatch-codes-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const users = Array.from({ length: 4 }, (_, n) => member(n));
const serialOf = (n: number): string => `CODE${String(n).padStart(4, '0')}`;

/** Made up. */
const keyOf = (n: number): Uint8Array => Uint8Array.from({ length: 20 }, (_, at) => 17 * n + at);

function codeOf(n: number): string {
  const secret = new Key({ buffer: Uint8Array.from(keyOf(n)).buffer });
  return new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate();
}

it('activates with the codes of a separate file, wave by wave, and lets the others wait', async () => {
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(directory, name), `${lines.join('\n')}\n`);
  const nameOf = (n: number): string => users[n]?.userPrincipalName ?? '';
  write('old-system.csv', [
    'serial number,user,group',
    ...users.map((_, n) => `${serialOf(n)},${nameOf(n)},${n < 2 ? 'office' : 'pilot'}`),
  ]);
  // The holder of the second token has not answered yet.
  write('codes.csv', [
    'serial number,user,code',
    ...[0, 2, 3].map((n) => `${serialOf(n)},${nameOf(n)},${codeOf(n)}`),
  ]);
  write('job.yaml', [
    'name: migration',
    'kind: migration',
    'graph: emulator',
    'assignments: [{ path: old-system.csv }, { path: codes.csv }]',
    'activation: codes',
    'waves: { by: group, order: [pilot] }',
    'throttle: { rate: unlimited }',
    'reports: { formats: [csv] }',
  ]);
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({}),
    seed: {
      users,
      devices: users.map((_, n) =>
        stockToken(serialOf(n), { secretKey: new Secret(base32nopad.encode(keyOf(n))) }),
      ),
    },
    clock: systemClock,
  });
  const server = await serveEmulator(emulator);
  try {
    const args = ['run', 'job.yaml', '--yes', '--no-progress', '--graph', server.url];
    const ended = await start(args, directory).ended;
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('Wave 1 of 2: pilot, 2 rows');
    expect(emulator.truth().devices.map(({ status }) => status)).toEqual([
      'activated',
      'assigned',
      'activated',
      'activated',
    ]);
    const rows = readdirSync(join(directory, 'reports')).flatMap((run) =>
      readRows(join(directory, 'reports', run, 'rows.csv')),
    );
    expect(rows.map((row) => `${row.serial_number} ${row.verdict}`).toSorted()).toEqual([
      'CODE0000 activated',
      'CODE0001 assigned',
      'CODE0002 activated',
      'CODE0003 activated',
    ]);
  } finally {
    await server.close();
  }
}, 60_000);
