// jobs/legacy-mfa-migration.yaml is what it says: it runs as it stands, wave by wave, with a way back for each.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readRows } from '../end-to-end/check-truth.js';
import { start } from '../end-to-end/process.js';

const JOB = fileURLToPath(new URL('../../jobs/legacy-mfa-migration.yaml', import.meta.url));

it('the sample job of a migration activates the tokens of its four waves', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'oathbatch-sample-'));
  try {
    const ended = await start(['run', JOB, '--yes', '--no-progress'], directory).ended;
    expect(ended.exitCode, ended.stderr).toBe(0);
    const folders = readdirSync(join(directory, 'reports')).map((run) => join(directory, 'reports', run));
    expect(folders).toHaveLength(4);
    const rows = folders.flatMap((folder) => readRows(join(folder, 'rows.csv')));
    expect(rows).toHaveLength(320);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['activated']));
    for (const folder of folders) expect(readdirSync(folder)).toContain('rollback.yaml');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 240_000);
