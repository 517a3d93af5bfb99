// `oathbatch init` as it is called: by a script with options, and by a person at a (pseudo-)terminal.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { loadJob } from '../../src/job/load-job.js';
import { it, type Place, tokenLines } from './command.js';
import { expectRefusal, refusal } from './refusal.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const load = (place: Place, name: string) => loadJob(place.path(name), { environment: {} });

it.concurrent('asks nothing under --yes, and what it writes can be planned at once', async ({ place }) => {
  place.manifest(tokenLines(2));
  const written = await place.run(['init', 'trial.yaml', '--yes', '--assignments', 'none']);
  expect(written).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'trial.yaml is written.\n  Next: oathbatch plan trial.yaml\n',
  });
  const planned = await place.run(['plan', 'trial.yaml']);
  expect([planned.exitCode, planned.stderr]).toEqual([5, '']);
});

it.concurrent('writes what the options say, with paths as seen from the job file', async ({ place }) => {
  const options = ['--kind', 'migration', '--cloud', 'global', '--credential', 'device-code'];
  const more = ['--manifest', 'in/a b.csv', '--assignments', 'who.csv', '--activation', 'computed'];
  const ended = await place.run(['init', 'jobs/move.yaml', '--yes', ...options, ...more]);
  expect(ended.exitCode).toBe(0);
  expect(ended.stderr).toBe(
    [
      'jobs/move.yaml is written.',
      '  It names ../in/a b.csv, which is not there yet.',
      '  It names ../who.csv, which is not there yet.',
      '  Put the ids of your tenant and application into it.',
      '  Next: oathbatch doctor jobs/move.yaml',
      '',
    ].join('\n'),
  );
  const job = await load(place, 'jobs/move.yaml');
  expect(job).toMatchObject({ name: 'move', kind: 'migration', activation: 'computed' });
  expect(job.manifests[0]?.absolutePath).toBe(place.path('in/a b.csv'));
  expect(job.credential.kind).toBe('device-code');
});

it.concurrent('never writes over a file without --force', async ({ place }) => {
  place.write('job.yaml', 'mine\n');
  const refused = await place.run(['init', '--yes']);
  const next = 'Choose another name: oathbatch init FILE. Or give --force to write over it.';
  expectRefusal(refused, 2, refusal('job.yaml is there already.', 'It was left as it is.', next));
  expect(place.read('job.yaml')).toBe('mine\n');
  expect((await place.run(['init', '--yes', '--force'])).exitCode).toBe(0);
  expect((await load(place, 'job.yaml')).name).toBe('job');
});

it.concurrent('wants --yes where nobody can answer, and a file for a job that writes', async ({ place }) => {
  expectRefusal(
    await place.run(['init']),
    2,
    /^oathbatch: There are questions, and nobody is at the terminal/,
  );
  const none = ['init', '--yes', '--manifest', 'none', '--assignments', 'none'];
  expectRefusal(await place.run(none), 2, /^oathbatch: A job of kind onboarding needs a manifest/);
  expect(existsSync(place.path('job.yaml'))).toBe(false);
});

/** Types an answer after each question, at a pseudo-terminal; `\x03` is Ctrl-C. */
async function atTerminal(
  place: Place,
  answers: readonly string[],
): Promise<{ code: number | null; text: string }> {
  const commandLine = `"${process.execPath}" "${MAIN}" init job.yaml`;
  const child = spawn('script', ['-qec', commandLine, '/dev/null'], {
    cwd: place.directory,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let text = '';
  let answered = 0;
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (text.split('] ').length - 1 > answered && answered < answers.length) {
      child.stdin.write(answers[answered] ?? '');
      answered += 1;
    }
  });
  await once(child, 'close');
  return { code: child.exitCode, text };
}

it.skipIf(process.platform !== 'linux')('asks a person, and asks again after a slip', async ({ place }) => {
  const { code, text } = await atTerminal(place, [
    'audits\r',
    'audit\r',
    '2\r',
    'azure-cli\r',
    '\r',
    'who holds.csv\r',
  ]);
  expect(text).toContain('What for? (1 onboarding, 2 migration, 3 audit) [onboarding] ');
  expect(text).toContain('One of these, by its name or number.');
  expect(text).toContain('Next: oathbatch doctor job.yaml');
  expect(code).toBe(0);
  const job = await load(place, 'job.yaml');
  expect(job).toMatchObject({ kind: 'audit', graph: { kind: 'cloud' }, credential: { kind: 'azure-cli' } });
  expect(job.manifests).toEqual([]);
  expect(job.assignments.map(({ path }) => path)).toEqual(['who holds.csv']);
});

it.skipIf(process.platform !== 'linux')('writes nothing when the person breaks off', async ({ place }) => {
  const { code, text } = await atTerminal(place, ['\r', '\x03']);
  expect(text).toContain('Nothing was written.');
  expect(code).toBe(130);
  expect(existsSync(place.path('job.yaml'))).toBe(false);
});
