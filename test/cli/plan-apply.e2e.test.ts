// plan shows and writes nothing; apply carries out exactly what was shown, or refuses.

import { expect } from 'vitest';
import { z } from 'zod';
import { it, secretOf, serialOf, tokenLine, tokenLines } from './command.js';
import { expectNoTrace, expectRefusal, refusal } from './refusal.js';
import { effects, heldTokens, users } from './rehearsal.js';

const STALE_NEXT = 'Make a new plan, look at it, and apply that.';
const stale = (why: string, problems: readonly string[] = []): string =>
  refusal(`The plan plan.json is stale: ${why}.`, 'Nothing was sent.', STALE_NEXT, problems);

const planSchema = z.object({
  format: z.literal('oathbatch-plan/1'),
  rows: z.array(z.object({ serialNumber: z.string(), actions: z.array(z.string()) })),
});

it.concurrent('shows the change and answers 5 when there is one, 0 when there is none', async ({ place }) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(3));
  const graph = ['--graph', rehearsal.url];
  const before = await place.run(['plan', 'job.yaml', ...graph]);
  expect(before.exitCode).toBe(5);
  expect(before.stderr).toBe('');
  expect(before.stdout.split('\n')).toEqual([
    `Plan for trial on ${rehearsal.url}: 3 rows`,
    '        3 to create in the inventory',
    '        3 to assign',
    ...[1, 2, 3].map(
      (n) => `  tokens.csv:${n + 1}  ${serialOf(n - 1)} → user${n}@contoso.example  create + assign`,
    ),
    '',
  ]);
  expect((await rehearsal.truth()).counters.writes).toBe(0);

  expect((await place.run(['run', 'job.yaml', '--yes', ...graph])).exitCode).toBe(0);
  const after = await place.run(['plan', 'job.yaml', ...graph]);
  expect(after.exitCode).toBe(0);
  expect(after.stdout).toBe(
    `Plan for trial on ${rehearsal.url}: 3 rows\n        3 already as they should be\n`,
  );
});

it.concurrent('gives the plan to a script as JSON, and as a file, without a secret', async ({ place }) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(3));
  const ended = await place.run([
    'plan',
    'job.yaml',
    '--json',
    '--out',
    'plan.json',
    '--graph',
    rehearsal.url,
  ]);
  expect(ended).toMatchObject({ exitCode: 5, stderr: '' });
  const onScreen: unknown = JSON.parse(ended.stdout);
  const inFile: unknown = JSON.parse(place.read('plan.json'));
  expect(onScreen).toEqual(inFile);
  expect(planSchema.parse(inFile).rows).toEqual(
    [0, 1, 2].map((index) => ({ serialNumber: serialOf(index), actions: ['create', 'assign'] })),
  );
  const secrets = [0, 1, 2].map((index) => secretOf(serialOf(index)));
  expect(secrets.filter((secret) => place.read('plan.json').includes(secret))).toEqual([]);
});

it.concurrent('carries out exactly the plan, and not a second time', async ({ place }) => {
  place.job(tokenLines(5));
  const rehearsal = await place.emulate();
  const graph = ['--graph', rehearsal.url];
  expect((await place.run(['plan', 'job.yaml', '--out', 'plan.json', ...graph])).exitCode).toBe(5);
  const applied = await place.run(['apply', 'plan.json', '--yes', ...graph]);
  expect(applied.exitCode).toBe(0);
  expectNoTrace(applied);
  const truth = await rehearsal.truth();
  expect(heldTokens(truth)).toEqual([0, 1, 2, 3, 4].map(serialOf));
  expect(effects(truth)).toBe(5);
  expect(new Set(place.verdicts())).toEqual(new Set(['assigned']));

  const again = await place.run(['apply', 'plan.json', '--yes', ...graph]);
  const rows = [0, 1, 2, 3, 4].map(
    (index) => `tokens.csv:${index + 2}: ${serialOf(index)}: now: nothing to do`,
  );
  expectRefusal(again, 2, stale('the tenant has changed since: 5 rows would be treated otherwise', rows));
  expect((await rehearsal.truth()).counters.writes).toBe(truth.counters.writes);
});

it.concurrent('refuses a plan whose manifest, job or endpoint is another one now', async ({ place }) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(4));
  const graph = ['--graph', rehearsal.url];
  expect((await place.run(['plan', 'job.yaml', '--out', 'plan.json', ...graph])).exitCode).toBe(5);
  const apply = ['apply', 'plan.json', '--yes'];

  expectRefusal(
    await place.run([...apply, '--set', 'throttle.concurrency=1', ...graph]),
    2,
    stale('the job file job.yaml has changed since, or --set changes it now'),
  );
  expectRefusal(await place.run(apply), 2, stale(`it was made on ${rehearsal.url}, and this is emulator`));
  place.manifest([...tokenLines(2), tokenLine(2, { user: 4 })]);
  expectRefusal(await place.run([...apply, ...graph]), 2, stale('tokens.csv changed since'));
  place.job(tokenLines(3), ['limits: { maxChanges: 50% }']);
  expectRefusal(await place.run([...apply, ...graph]), 2, stale('the job file job.yaml has changed since'));
  expect((await rehearsal.truth()).counters.writes).toBe(0);

  place.job(tokenLines(3));
  expect((await place.run([...apply, ...graph])).exitCode).toBe(0);
});

it.concurrent('refuses a plan when the tenant has changed, naming the row', async ({ place }) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve(users(4));
  const graph = ['--graph', rehearsal.url];
  expect((await place.run(['plan', 'job.yaml', '--out', 'plan.json', ...graph])).exitCode).toBe(5);
  place.manifest([tokenLine(1, { user: 4 })], 'other.csv');
  const other = ['--set', 'manifests=[{ path: other.csv }]', '--set', 'name=other'];
  expect((await place.run(['run', 'job.yaml', '--yes', ...other, ...graph])).exitCode).toBe(0);
  const { writes } = (await rehearsal.truth()).counters;

  expectRefusal(
    await place.run(['apply', 'plan.json', '--yes', ...graph]),
    2,
    stale('the tenant has changed since: 1 row would be treated otherwise', [
      `tokens.csv:3: ${serialOf(1)}: now: held-by-other`,
    ]),
  );
  expect((await rehearsal.truth()).counters.writes).toBe(writes);
});

it.concurrent('says what is wrong with a file that is no plan', async ({ place }) => {
  place.write('text.json', 'not a plan');
  place.write('other.json', '{"format":"oathbatch-plan/9"}');
  const apply = (file: string) => place.run(['apply', file, '--yes']);
  const [text, other, none, folder] = await Promise.all([
    apply('text.json'),
    apply('other.json'),
    apply('none.json'),
    apply('.'),
  ]);
  const unreadable = (file: string, why: string): string =>
    refusal(
      `The plan ${file} cannot be read: ${why}.`,
      'Nothing was sent.',
      'Make a plan with: oathbatch plan JOB --out PLAN',
    );
  expectRefusal(text, 2, unreadable('text.json', 'it is no JSON object, or not the whole of one (line 1)'));
  expectRefusal(other, 2, /^oathbatch: The plan other\.json cannot be read: format: .*oathbatch-plan\/1/);
  expectRefusal(none, 2, unreadable('none.json', 'there is no such file'));
  expectRefusal(folder, 2, unreadable('.', 'it is no file that can be read twice'));
});
