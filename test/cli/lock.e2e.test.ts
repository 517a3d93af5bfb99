// One run of a job at a time, also after a run that was killed.

import { expect, vi } from 'vitest';
import { z } from 'zod';
import { openLedger } from '../../src/ledger/sqlite.js';
import { it, SOON, tokenLines } from './command.js';
import { expectNoTrace, expectRefusal, refusal } from './refusal.js';
import { effects, heldTokens, users } from './rehearsal.js';

const ROWS = 30;
const SLOW = { latency: { p5: '200ms', p95: '200ms' } };

/** So slow that the run goes on for two minutes yet, on whatever computer the other commands take their time. */
const HELD = { latency: { p5: '10s', p95: '10s' } };

it.concurrent('refuses a second run of the same job, naming the process, until the first has ended', async ({
  place,
}) => {
  place.job(tokenLines(ROWS), ['throttle: { concurrency: 2 }']);
  const rehearsal = await place.serve(users(ROWS), SLOW);
  const elsewhere = await place.serve(users(ROWS));
  const first = place.start(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  await vi.waitFor(async () => expect(effects(await rehearsal.truth())).toBeGreaterThan(2), SOON);
  await rehearsal.change(HELD);

  const second = await place.run(['run', 'job.yaml', '--yes', '--graph', elsewhere.url]);
  const process = String(first.child.pid);
  expectRefusal(
    second,
    1,
    new RegExp(
      `^oathbatch: The job trial is being run already, by process ${process}, since \\S+Z \\(run \\S+\\)\\.\n  Nothing was sent\\.\n`,
    ),
  );
  expect((await elsewhere.truth()).counters.http).toBe(0);
  const resumed = await place.run(['resume']);
  expectRefusal(resumed, 1, /^oathbatch: The job trial is being run already/);
  const other = ['--set', 'name=another', '--reports', 'others'];
  expect((await place.run(['run', 'job.yaml', '--yes', '--graph', elsewhere.url, ...other])).exitCode).toBe(
    0,
  );

  await rehearsal.change({ latency: {} });
  expect((await first.ended).exitCode).toBe(0);
  expect((await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url])).exitCode).toBe(0);
});

it.concurrent('takes over the lock of a run that was killed, and finishes what it began', async ({
  place,
}) => {
  place.job(tokenLines(ROWS), ['throttle: { concurrency: 2 }']);
  const rehearsal = await place.serve(users(ROWS), SLOW);
  const graph = ['--graph', rehearsal.url];
  const killed = place.start(['run', 'job.yaml', '--yes', ...graph]);
  await vi.waitFor(async () => expect(effects(await rehearsal.truth())).toBeGreaterThan(4), SOON);
  killed.child.kill('SIGKILL');
  await killed.ended;
  await rehearsal.change({ latency: {} });

  const next = await place.run(['run', 'job.yaml', '--yes', ...graph]);
  expect(next.exitCode).toBe(0);
  expectNoTrace(next);
  const truth = await rehearsal.truth();
  expect(heldTokens(truth)).toHaveLength(ROWS);
  expect(truth.devices).toHaveLength(ROWS);

  // The killed run's plan is of yesterday now: it would create what is there.
  const { http } = truth.counters;
  const runs = z.array(z.object({ id: z.string(), state: z.string() }));
  const [last, former] = runs.parse(JSON.parse((await place.run(['runs', '--json'])).stdout));
  expect([last?.state, former?.state]).toEqual(['finished', 'running']);
  const [resumed, byName] = await Promise.all([
    place.run(['resume']),
    place.run(['resume', former?.id ?? '']),
  ]);
  expect(resumed).toMatchObject({ exitCode: 0, stdout: '' });
  expectRefusal(
    byName,
    2,
    refusal(
      `The run ${former?.id} cannot be carried on: the job trial was run again since, as ${last?.id}.`,
      'Nothing was sent. What the runs had done is recorded.',
      'Start a new run: it looks at the tenant first and does only what is missing.',
    ),
  );
  expect((await rehearsal.truth()).counters.http).toBe(http);
});

it.concurrent('keeps the lock of another machine, until the operator drops it', async ({ place }) => {
  place.job(tokenLines(1));
  const lock = {
    lockId: '5f0c2f5e-0000-4000-8000-000000000001',
    runId: '20261122T031517Z-trial-0ffa',
    pid: 1,
    host: 'a machine that is gone',
    bootId: '',
    since: '2026-11-22T03:15:17.000Z',
  };
  const ledger = openLedger(place.path('.oathbatch'));
  await ledger.lock('trial', lock, () => false);
  await ledger.close();

  const what = `The job trial is being run already, by process 1 on ${lock.host}, since ${lock.since} (run ${lock.runId}).`;
  const next = `Wait until it has ended. If that machine is gone: oathbatch runs --unlock ${lock.lockId}`;
  const refused = await place.run(['run', 'job.yaml', '--yes']);
  expectRefusal(refused, 1, refusal(what, 'Nothing was sent.', next));
  expectRefusal(
    await place.run(['runs', '--unlock', 'another']),
    2,
    /^oathbatch: No job is locked with the id another\.$/m,
  );
  expect(await place.run(['runs', '--unlock', lock.lockId])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'The lock was dropped.\n',
  });
  expect((await place.run(['run', 'job.yaml', '--yes'])).exitCode).toBe(0);
});
