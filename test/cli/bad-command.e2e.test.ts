// What an operator meets whose job file, options, folders or limits are not in order.

import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { it, tokenLine, tokenLines } from './command.js';
import { expectNoTrace, expectRefusal, refusal } from './refusal.js';
import { effects, users } from './rehearsal.js';

const JOB_NEXT = 'Put it right, then give the same command again. docs/job-file.md lists every key.';
const jobRefusal = (problems: readonly string[]): string =>
  refusal('The job file job.yaml cannot be used.', 'Nothing was sent.', JOB_NEXT, problems);

it.concurrent('offers the key that was meant when a job file has a typo', async ({ place }) => {
  place.job(tokenLines(1), ['asignments: []', 'throttle: { rte: auto }']);
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  const problems = [
    'job.yaml:5:1: asignments: is not a key that is known here; did you mean assignments?',
    'job.yaml:6:13: throttle.rte: is not a key that is known here; did you mean rate?',
  ];
  expectRefusal(ended, 2, jobRefusal(problems));
});

it.concurrent('names the environment variable that a job wants and that is not set', async ({ place }) => {
  place.job(tokenLines(1), [`reports: { formats: ["\${REPORT_FORMAT}"] }`]);
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  const problem = 'job.yaml:5:22: reports.formats.0: the environment variable REPORT_FORMAT is not set';
  expectRefusal(ended, 2, jobRefusal([problem]));
  const set = { REPORT_FORMAT: 'csv' };
  expect((await place.run(['plan', 'job.yaml'], set)).exitCode).toBe(5);
});

it.concurrent('says that a job file is not there', async ({ place }) => {
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  expectRefusal(ended, 2, jobRefusal(['job.yaml: there is no such file']));
});

it.concurrent('says where an override is wrong', async ({ place }) => {
  place.job(tokenLines(1));
  const ended = await place.run(['run', 'job.yaml', '--yes', '--set', 'throttle.concurrency=none']);
  expectRefusal(ended, 2, jobRefusal(['--set throttle.concurrency: throttle.concurrency: must be a number']));
});

it.concurrent('points to the help after a command or an option that it does not know', async ({ place }) => {
  const [command, option, nothing] = await Promise.all([
    place.run(['rnu', 'job.yaml']),
    place.run(['run', 'job.yaml', '--yess']),
    place.run([]),
  ]);
  const help = 'Run with --help to see what there is.\n';
  expect(command).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `error: unknown command 'rnu'\n(Did you mean run?)\n${help}`,
  });
  expect(option).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `error: unknown option '--yess'\n(Did you mean --yes?)\n${help}`,
  });
  expect(nothing).toMatchObject({ exitCode: 2, stdout: '', stderr: /^Usage: oathbatch/ });
});

for (const [cloud, name] of [
  ['usgov-l4', 'Microsoft US Government L4 (GCC High)'],
  ['usgov-l5', 'Microsoft US Government L5 (DoD)'],
  ['china', 'Microsoft China (21Vianet)'],
] as const) {
  it.concurrent(`says that ${cloud} does not offer the API`, async ({ place }) => {
    place.job(tokenLines(1));
    const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', cloud]);
    const what = `Microsoft Graph does not offer hardware OATH tokens in ${name}.`;
    const next =
      'In that cloud tokens are uploaded as CSV in the admin center. If Microsoft has opened the API there since, give its address with --graph.';
    expectRefusal(ended, 2, refusal(what, 'Nothing was sent.', next));
  });
}

it.concurrent('refuses an endpoint that would carry tokens over the network in the clear', async ({
  place,
}) => {
  place.job(tokenLines(1));
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', 'http://graph.example/beta']);
  expectRefusal(ended, 2, /^oathbatch: --graph http:\/\/graph\.example\/beta is neither an https URL/);
});

it.concurrent('changes nothing unasked: without a terminal it wants --yes', async ({ place }) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(3));
  const ended = await place.run(['run', 'job.yaml', '--graph', rehearsal.url]);
  const what = 'The plan changes 3 rows, and nobody is at the terminal to agree to it.';
  const next = 'Look at it with "oathbatch plan"; give --yes to make the changes without asking.';
  const message = refusal(what, 'Nothing was sent.', next);
  expectRefusal(ended, 2, /^Plan for trial on http/);
  expect(ended.stderr.slice(-message.length)).toBe(message);
  expect((await rehearsal.truth()).counters.writes).toBe(0);
});

it.concurrent('keeps no ledger where a file stands in its way', async ({ place }) => {
  place.job(tokenLines(2));
  place.write('state', '');
  const rehearsal = await place.serve(users(2));
  const run = (state: string) =>
    place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url, '--state', state]);
  const [file, below] = await Promise.all([run('state'), run('state/below')]);
  expectRefusal(file, 1, /^oathbatch: The ledger cannot be used: opening state.ledger\.db failed \(EEXIST/);
  expectRefusal(below, 1, /^oathbatch: The ledger cannot be used: opening state.below.ledger\.db failed \(/);
  expect(file.stderr).toContain('Check the free space and the permissions of the state directory (--state)');
  expect((await rehearsal.truth()).counters.http).toBe(0);
});

it.concurrent('sends nothing when the reports could not be written', async ({ place }) => {
  place.job(tokenLines(2));
  place.write('reports', '');
  const rehearsal = await place.serve(users(2));
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expectRefusal(
    ended,
    1,
    /^oathbatch: Not everything is in place: The reports cannot be written below reports: a file stands where a folder should be\.$/m,
  );
  expect(ended.stderr).toContain('a new run may take another folder with --reports');
  expect((await rehearsal.truth()).counters.writes).toBe(0);
  expect((await place.run(['runs'])).stdout).toBe('The ledger in .oathbatch remembers no run.\n');
});

it.concurrent('says that the log cannot be written', async ({ place }) => {
  place.job(tokenLines(1));
  const ended = await place.run(['plan', 'job.yaml', '--log-file', '.']);
  expectRefusal(ended, 1, /^oathbatch: The log cannot be written to \. \(EISDIR/);
});

it.concurrent('refuses a plan over maxChanges, until the operator raises it', async ({ place }) => {
  place.job(tokenLines(4), ['limits: { maxChanges: 50% }']);
  const rehearsal = await place.serve(users(4));
  const command = ['run', 'job.yaml', '--yes', '--graph', rehearsal.url];
  const refused = await place.run(command);
  expectRefusal(
    refused,
    4,
    /^oathbatch: The plan would change 4 of 4 rows \(100%\); limits\.maxChanges is 50%, which allows 2\.$/m,
  );
  expect(refused.stderr).toContain('--set limits.maxChanges=4');
  expect((await rehearsal.truth()).counters.writes).toBe(0);

  const raised = await place.run([...command, '--set', 'limits.maxChanges=4']);
  expect(raised.exitCode).toBe(0);
  expectNoTrace(raised);
  expect(effects(await rehearsal.truth())).toBe(8);
});

it.concurrent('refuses a plan over maxConflicts, with the figures', async ({ place }) => {
  place.job(tokenLines(4));
  const rehearsal = await place.serve(users(8));
  const command = ['run', 'job.yaml', '--yes', '--graph', rehearsal.url];
  expect((await place.run(command)).exitCode).toBe(0);
  const writes = (await rehearsal.truth()).counters.writes;
  // The same tokens, three of them for somebody else.
  const others = [0, 1, 2, 3].map((index) => tokenLine(index, { user: index === 0 ? 1 : index + 5 }));
  place.manifest(others);
  const refused = await place.run([...command, '--reports', 'second']);
  expectRefusal(
    refused,
    4,
    /^oathbatch: The tenant contradicts 3 of 4 rows \(75%\); limits\.maxConflicts is 5%, which allows 1\.$/m,
  );
  expect((await rehearsal.truth()).counters.writes).toBe(writes);
  expect(readdirSync(place.directory)).not.toContain('second');
});
