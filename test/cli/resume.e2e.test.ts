// What resume refuses, what it leaves alone, and what runs shows.

import { expect } from 'vitest';
import { z } from 'zod';
import { GET_POLICY } from '../../src/graph/endpoints/get-policy.js';
import { it, type Place, tokenLine, tokenLines } from './command.js';
import { expectRefusal, refusal } from './refusal.js';
import { heldTokens, type Rehearsal, users } from './rehearsal.js';

const NEXT =
  'Put back what it began with, or start a new run: it looks at the tenant first and does only what is missing.';

const runsSchema = z.array(
  z.object({
    id: z.string(),
    job: z.string(),
    graph: z.string(),
    state: z.string(),
    exitCode: z.number().optional(),
  }),
);

/** A run that stopped because it may not write, and the id of it. */
async function stoppedRun(place: Place): Promise<{ readonly rehearsal: Rehearsal; readonly runId: string }> {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(4), { permissions: { inventoryWrite: false } });
  expect((await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url])).exitCode).toBe(1);
  await rehearsal.change({ permissions: {} });
  const [run] = runsSchema.parse(JSON.parse((await place.run(['runs', '--json'])).stdout));
  expect(run).toMatchObject({ job: 'trial', graph: rehearsal.url, state: 'failed', exitCode: 1 });
  return { rehearsal, runId: run?.id ?? '' };
}

it.concurrent('refuses to carry on with another manifest, job or endpoint', async ({ place }) => {
  const { rehearsal, runId } = await stoppedRun(place);
  const before = (await rehearsal.truth()).counters.http;
  const mismatch = (why: string): string =>
    refusal(
      `The run ${runId} cannot be carried on: ${why}.`,
      'Nothing was sent. What the run had done is recorded.',
      NEXT,
    );

  place.manifest([...tokenLines(2), tokenLine(2, { user: 4 })]);
  expectRefusal(await place.run(['resume']), 2, mismatch('tokens.csv changed since'));
  place.job(tokenLines(3), ['limits: { maxChanges: 10 }']);
  const changed = mismatch(`the job file ${place.path('job.yaml')} has changed since`).replaceAll('\\', '/');
  const resumed = await place.run(['resume', runId]);
  expectRefusal({ ...resumed, stderr: resumed.stderr.replaceAll('\\', '/') }, 2, changed);
  place.job(tokenLines(3));
  expectRefusal(
    await place.run(['resume', '--graph', 'emulator']),
    2,
    mismatch(`it ran on ${rehearsal.url}, and this is emulator`),
  );
  expectRefusal(
    await place.run(['resume', '--set', 'throttle.concurrency=1']),
    2,
    /^oathbatch: resume keeps to the settings that the run began with, and takes no --set\.$/m,
  );
  expect((await rehearsal.truth()).counters.http).toBe(before);

  expect((await place.run(['resume', runId])).exitCode).toBe(0);
  expect(heldTokens(await rehearsal.truth())).toHaveLength(3);
});

/** docs/permissions.md */
const ROLES = [
  ...['Policy.Read.All', 'User.Read.All', 'UserAuthMethod-HardwareOATH.Read.All'],
  ...['Policy.ReadWrite.AuthenticationMethod', 'UserAuthMethod-HardwareOATH.ReadWrite.All'],
];

/** An access token for a tenant, as far as it can be read without its signature. */
function tokenOf(tenantId: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'none' }), part({ tid: tenantId, roles: ROLES }), 'unsigned'].join('.');
}

it.concurrent('refuses to carry on in another tenant, with the same job', async ({ place }) => {
  const [here, elsewhere] = ['aaaaaaaa', 'bbbbbbbb'].map((start) => `${start}-0000-4000-8000-000000000000`);
  const [token, otherToken] = [tokenOf(here ?? ''), tokenOf(elsewhere ?? '')];
  place.job(tokenLines(3), ['credential: access-token']);
  const rehearsal = await place.serve(users(3), { permissions: { inventoryWrite: false } });
  const run = ['run', 'job.yaml', '--yes', '--graph', rehearsal.url];
  expect((await place.run(run, { OATHBATCH_ACCESS_TOKEN: token })).exitCode).toBe(1);
  await rehearsal.change({ permissions: {} });
  const { http } = (await rehearsal.truth()).counters;

  const refused = await place.run(['resume'], { OATHBATCH_ACCESS_TOKEN: otherToken });
  const why = `it ran in the tenant ${here}, and this sign-in is for ${elsewhere}`;
  expectRefusal(refused, 2, new RegExp(`^oathbatch: The run \\S+ cannot be carried on: ${why}\\.\n`));
  expect((await rehearsal.truth()).counters.http).toBe(http);
  expect((await place.run(['resume'], { OATHBATCH_ACCESS_TOKEN: token })).exitCode).toBe(0);
});

/** Switches hardware tokens on or off, as somebody in the admin center does meanwhile. */
async function setPolicy(rehearsal: Rehearsal, state: 'enabled' | 'disabled'): Promise<void> {
  const answer = await fetch(`${rehearsal.url}/${GET_POLICY.path.replace(/^\//, '')}`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer rehearsal', 'content-type': 'application/json' },
    body: JSON.stringify({ state }),
  });
  expect(answer.status).toBe(204);
}

it.concurrent('looks first whether everything is still in place', async ({ place }) => {
  const { rehearsal, runId } = await stoppedRun(place);
  await setPolicy(rehearsal, 'disabled');
  const refused = await place.run(['resume', runId]);
  expectRefusal(refused, 1, /hardware OATH tokens are switched off in this tenant/);
  expect(heldTokens(await rehearsal.truth())).toEqual([]);

  await setPolicy(rehearsal, 'enabled');
  expect((await place.run(['resume', runId])).exitCode).toBe(0);
  expect(heldTokens(await rehearsal.truth())).toHaveLength(3);
});

it.concurrent('says that it knows no such run, or that there is none', async ({ place }) => {
  const unknown = await place.run(['resume', '20261122T031517Z-trial-0ffa']);
  expectRefusal(
    unknown,
    2,
    refusal(
      'The ledger in .oathbatch knows no run 20261122T031517Z-trial-0ffa.',
      'Nothing was sent.',
      'List the runs with: oathbatch runs',
    ),
  );
  expect(await place.run(['resume'])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'No run was stopped before its end; there is nothing to resume.\n',
  });
});

it.concurrent('sends nothing for a run that has ended, and answers what that ended with', async ({
  place,
}) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(2));
  const run = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expect(run.exitCode).toBe(3);
  const { http } = (await rehearsal.truth()).counters;
  const [listed] = runsSchema.parse(JSON.parse((await place.run(['runs', '--json'])).stdout));
  expect(listed).toMatchObject({ state: 'finished', exitCode: 3 });
  const resumed = await place.run(['resume', listed?.id ?? '']);
  expect(resumed).toMatchObject({ exitCode: 3, stdout: '' });
  expect(resumed.stderr).toMatch(/^\S+-trial-\w{4} came to its end at \S+Z; there is nothing to resume\.\n$/);
  expect((await rehearsal.truth()).counters.http).toBe(http);
});

it.concurrent('lists the runs, the newest first, for people and for scripts', async ({ place }) => {
  expect(await place.run(['runs'])).toEqual({
    exitCode: 0,
    stdout: 'The ledger in .oathbatch remembers no run.\n',
    stderr: '',
  });
  place.job(tokenLines(2));
  expect((await place.run(['run', 'job.yaml', '--yes'])).exitCode).toBe(0);
  expect((await place.run(['run', 'job.yaml', '--yes', '--set', 'name=later'])).exitCode).toBe(0);
  const [people, scripts] = await Promise.all([place.run(['runs']), place.run(['runs', '--json'])]);
  const runs = runsSchema.parse(JSON.parse(scripts.stdout));
  expect(runs.map(({ job, state, exitCode }) => [job, state, exitCode])).toEqual([
    ['later', 'finished', 0],
    ['trial', 'finished', 0],
  ]);
  const lines = people.stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(runs.map(({ id }) => id));
  expect(lines[0]).toMatch(/ {2}finished .* emulator {2}exit 0$/);
});
