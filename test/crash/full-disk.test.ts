// The disk is full in mid-run. A limit on the size of a file stands for it: the write to the ledger fails in the
// operating system, as on a disk without room.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { it, type Place, tokenLines } from '../cli/command.js';
import { expectNoTrace } from '../cli/refusal.js';
import { effects, heldTokens, users } from '../cli/rehearsal.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ROWS = 60;

/** No token is there: each is created, and assigned. */
const CHANGES = 2 * ROWS;

/** Enough for the plan and the first changes. */
const FILE_KIB = 480;

async function runOnSmallDisk(place: Place, args: readonly string[]) {
  const child = spawn(
    'bash',
    ['-c', `ulimit -f ${FILE_KIB}; exec "$@"`, 'bash', process.execPath, MAIN, ...args],
    {
      cwd: place.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout, stderr };
}

it('ends with a sentence when the disk is full, sends nothing that it cannot record, and is carried on', async ({
  place,
}) => {
  place.job(tokenLines(ROWS), ['throttle: { rate: auto, concurrency: 1 }']);
  const rehearsal = await place.serve(users(ROWS));
  const ended = await runOnSmallDisk(place, ['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expect(ended.stderr).toMatch(/^oathbatch: The ledger cannot be used: writing it failed \(.+\)\.$/m);
  expect(ended.stderr).toContain(
    'Next: Check the free space and the permissions of the state directory (--state), then run: oathbatch resume',
  );
  expectNoTrace(ended);
  expect(ended.exitCode).toBe(1);
  const made = effects(await rehearsal.truth());
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(CHANGES);

  const resumed = await place.run(['resume']);
  expect(resumed.exitCode).toBe(0);
  expect(place.verdicts()).toEqual(Array<string>(ROWS).fill('assigned'));
  const truth = await rehearsal.truth();
  expect(heldTokens(truth)).toHaveLength(ROWS);
  expect(truth.devices).toHaveLength(ROWS);
  expect(effects(truth)).toBe(CHANGES);
});
