// Ctrl-C, SIGTERM and a reader that goes away: the run ends in order, or goes on, and nothing is lost.

import { expect, vi } from 'vitest';
import { it, type Place, type Running, SOON, tokenLines } from './command.js';
import { expectNoTrace } from './refusal.js';
import { effects, heldTokens, type Rehearsal } from './rehearsal.js';

const ROWS = 40;
const CONCURRENCY = 2;

/** Slow enough for a signal to come in the middle: ten writes a second. */
const SLOW = { latency: { p5: '200ms', p95: '200ms' } };

interface Begun {
  readonly run: Running;
  readonly rehearsal: Rehearsal;
}

/** A run that has made some of its changes. */
async function begin(place: Place): Promise<Begun> {
  place.job(tokenLines(ROWS), [`throttle: { concurrency: ${CONCURRENCY} }`]);
  const rehearsal = await place.emulate(SLOW);
  const run = place.start(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  await vi.waitFor(async () => expect(effects(await rehearsal.truth())).toBeGreaterThan(4), SOON);
  return { run, rehearsal };
}

async function expectResumeToFinish(place: Place, { rehearsal }: Begun): Promise<void> {
  await rehearsal.change({ latency: {} });
  const resumed = await place.run(['resume']);
  expect(resumed.stderr).toMatch(/^Resuming \S+\n/);
  expect(resumed.exitCode).toBe(0);
  expectNoTrace(resumed);
  expect(place.verdicts()).toEqual(Array<string>(ROWS).fill('assigned'));
  const truth = await rehearsal.truth();
  expect(heldTokens(truth)).toHaveLength(ROWS);
  // One change for each row: none was made twice.
  expect(effects(truth)).toBe(ROWS);
}

for (const { signal, exitCode } of [
  { signal: 'SIGINT', exitCode: 130 },
  { signal: 'SIGTERM', exitCode: 143 },
] as const) {
  it.concurrent(`stops in order at ${signal}, with ${exitCode}, and resume does the rest`, async ({
    place,
  }) => {
    const begun = await begin(place);
    const { run, rehearsal } = begun;
    run.child.kill(signal);
    await vi.waitFor(() => expect(run.stderr()).toContain('Stopping: nothing more is sent'), SOON);
    const stoppedAtMs = Date.now();
    const ended = await run.ended;
    expect(ended.exitCode).toBe(exitCode);
    expectNoTrace(ended);
    expect(ended.stderr).toMatch(/^Carry on with: oathbatch resume \d{8}T\d{6}Z-trial-\w{4}$/m);

    const truth = await rehearsal.truth();
    const later = truth.log.filter(({ write, atMs }) => write && atMs > stoppedAtMs);
    expect(later.length).toBeLessThanOrEqual(CONCURRENCY);
    // Every row has its verdict: those whose write was answered are not called done, for no list has shown them.
    expect(place.rows()).toHaveLength(ROWS);
    const answered = place.verdicts().filter((verdict) => verdict === 'unknown/not-verified');
    const unsent = place.verdicts().filter((verdict) => verdict === 'unsent/stopped');
    expect(answered).toHaveLength(effects(truth));
    expect(unsent).toHaveLength(ROWS - effects(truth));
    await expectResumeToFinish(place, begun);
    // What was answered is not sent again.
    expect((await rehearsal.truth()).log.filter(({ write }) => write)).toHaveLength(ROWS);
  });
}

it.concurrent('ends at once at the second signal, and resume does the rest', async ({ place }) => {
  const begun = await begin(place);
  const { run, rehearsal } = begun;
  // No answer comes any more, so that an end in order would take a minute.
  await rehearsal.change({ faults: { stall: 1 } });
  const changedAtMs = Date.now();
  await vi.waitFor(async () => {
    expect((await rehearsal.truth()).log.filter(({ atMs }) => atMs > changedAtMs)).not.toEqual([]);
  }, SOON);
  run.child.kill('SIGINT');
  await vi.waitFor(() => expect(run.stderr()).toContain('Once more to quit at once.'), SOON);
  expect(run.child.exitCode).toBe(null);
  run.child.kill('SIGINT');
  const secondAtMs = performance.now();
  expect((await run.ended).exitCode).toBe(130);
  expect(performance.now() - secondAtMs).toBeLessThan(10_000);
  await rehearsal.change({ faults: {} });
  await expectResumeToFinish(place, begun);
});

it.concurrent('goes on when the reader of its output goes away', async ({ place }) => {
  place.job(tokenLines(10));
  const rehearsal = await place.emulate();
  const run = place.start(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  const ended = await run.ended;
  expect(ended).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect(place.verdicts()).toEqual(Array<string>(10).fill('assigned'));
  expect((await place.run(['runs'])).stdout).toMatch(/ {2}finished .*exit 0\n$/);
});
