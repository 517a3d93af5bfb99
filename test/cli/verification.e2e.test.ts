// Few tokens given in a tenant of many: the users' own lists verify them in fewer requests, and the report is the
// one that the inventory gives.

import { expect } from 'vitest';
import { it, tokenLines } from './command.js';
import { users } from './rehearsal.js';

const ROWS = 20;

it('verifies by the lists that take fewer requests, says by which, and reports the same', async ({
  place,
}) => {
  // Tokens that are in stock already, ten pages of them.
  place.job(tokenLines(ROWS).map((line) => line.replace(/^[^,]*/, '')));
  const rehearsal = await place.serve(users(ROWS), { pageSize: 2, maxPageSize: 2 });
  const graph = ['--yes', '--graph', rehearsal.url];
  expect((await place.run(['run', 'job.yaml', ...graph])).exitCode).toBe(0);

  place.job(tokenLines(3));
  const short = await place.run(['run', 'job.yaml', ...graph]);
  expect(short.exitCode).toBe(0);
  expect(short.stderr).toContain("Verifying by users' own lists (1 request); the inventory would take 10.\n");
  expect(place.verdicts()).toEqual(['assigned', 'assigned', 'assigned']);
  const before = place.rows();

  // Once more by the inventory, which nobody has changed meanwhile.
  expect((await place.run(['verify', 'job.yaml', '--graph', rehearsal.url])).exitCode).toBe(0);
  // It sends no request for a row, so that there is none to name.
  expect(place.rows()).toEqual(before.map((row) => ({ ...row, request_id: '' })));
});
