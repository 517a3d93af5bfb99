// verify says what is so, before a run and after it, and writes nothing to the tenant.

import { expect } from 'vitest';
import { z } from 'zod';
import { it, tokenLines } from './command.js';
import { expectNoTrace } from './refusal.js';

const summarySchema = z.object({
  exitCode: z.number(),
  writes: z.number(),
  verdicts: z.record(z.string(), z.number()),
});

it.concurrent('finds nothing carried out before a run and everything after it', async ({ place }) => {
  place.job(tokenLines(10));
  const rehearsal = await place.emulate();
  const graph = ['--graph', rehearsal.url];
  const before = await place.run(['verify', 'job.yaml', ...graph]);
  expect(before.exitCode).toBe(3);
  expectNoTrace(before);
  expect(place.verdicts()).toEqual(Array<string>(10).fill('unsent/not-carried-out'));
  expect((await rehearsal.truth()).counters.writes).toBe(0);

  expect((await place.run(['run', 'job.yaml', '--yes', ...graph])).exitCode).toBe(0);
  const { writes } = (await rehearsal.truth()).counters;
  const after = await place.run(['verify', 'job.yaml', '--json', '--reports', 'later', ...graph]);
  expect(after).toMatchObject({ exitCode: 0, stderr: '' });
  // A line for each row, and the summary last.
  const lines = after.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(11);
  expect(summarySchema.parse(JSON.parse(lines.at(-1) ?? ''))).toMatchObject({
    exitCode: 0,
    writes: 0,
    verdicts: { assigned: 10, unsent: 0 },
  });
  expect((await rehearsal.truth()).counters.writes).toBe(writes);
});

it.concurrent('needs no --yes, takes no lock and leaves nothing to resume', async ({ place }) => {
  place.job(tokenLines(2));
  expect((await place.run(['verify', 'job.yaml'])).exitCode).toBe(3);
  expect((await place.run(['runs'])).stdout).toMatch(/^\S+-trial-\S+ {2}finished {5}.* exit 3\n$/);
  expect((await place.run(['resume'])).stderr).toContain('there is nothing to resume');
});

it.concurrent('says since when each token waits for its holder, by the first run that found it so', async ({
  place,
}) => {
  place.job(tokenLines(4));
  const rehearsal = await place.emulate();
  place.manifest(tokenLines(3));
  const graph = ['--graph', rehearsal.url];
  const since = (): readonly string[] => place.rows().map((row) => row.assigned_since);
  const endedAt = (): string =>
    z.object({ endedAt: z.string() }).parse(JSON.parse(place.read(`${place.reports()}/summary.json`)))
      .endedAt;
  expect((await place.run(['verify', 'job.yaml', ...graph])).exitCode).toBe(3);
  expect(since()).toEqual(['', '', '']);
  expect((await place.run(['run', 'job.yaml', '--yes', ...graph])).exitCode).toBe(0);
  const first = endedAt();
  expect(since()).toEqual([first, first, first]);
  // A row more, and the same job again; then a look that sends nothing.
  place.manifest(tokenLines(4));
  expect((await place.run(['run', 'job.yaml', '--yes', ...graph])).exitCode).toBe(0);
  const second = endedAt();
  expect(since()).toEqual([first, first, first, second]);
  expect((await place.run(['verify', 'job.yaml', ...graph])).exitCode).toBe(0);
  expect(since()).toEqual([first, first, first, second]);
});
