// A night of onboarding: a drop folder that gains, repeats and changes files. Nothing is done twice, and nothing that
// was done is undone or done again by a file of long ago.

import { mkdirSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import { it, type Place, serialOf, tokenLine } from './command.js';
import { expectNoTrace, expectRefusal } from './refusal.js';
import { effects, heldTokens, type Rehearsal, users } from './rehearsal.js';

const JOB = [
  'name: nightly',
  'kind: onboarding',
  'graph: emulator',
  "manifests: [{ path: 'inbox/tokens*.csv' }]",
  "assignments: [{ path: 'inbox/people*.csv' }]",
  '',
];

function open(place: Place): void {
  mkdirSync(place.path('inbox'));
  place.write('job.yaml', JOB.join('\n'));
}

const stock = (index: number): string => tokenLine(index).replace(/^[^,]*/, '');

const people = (place: Place, name: string, pairs: readonly (readonly [number, number])[]): void => {
  const lines = pairs.map(([token, user]) => `${serialOf(token)},user${user}@contoso.example`);
  place.write(`inbox/${name}.csv`, ['serial number,user', ...lines, ''].join('\n'));
};

/** `done`: requests that changed the tenant; all tokens of a night are created with one. */
async function night(
  place: Place,
  graph: Rehearsal,
): Promise<{ readonly exitCode: number | null; readonly done: number }> {
  const before = effects(await graph.truth());
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', graph.url]);
  expectNoTrace(ended);
  return { exitCode: ended.exitCode, done: effects(await graph.truth()) - before };
}

it('does every file once, whatever it is called and whenever it comes', async ({ place }) => {
  open(place);
  const graph = await place.serve(users(20));
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 0 });

  place.manifest([0, 1, 2].map(stock), 'inbox/tokens-1.csv');
  people(place, 'people-1', [[0, 1]]);
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 1 });
  expect(heldTokens(await graph.truth())).toEqual([serialOf(0)]);

  // Nothing has come; then the same file under another name.
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 0 });
  place.write('inbox/tokens-again.csv', place.read('inbox/tokens-1.csv'));
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 0 });

  // A list for tokens of an earlier delivery, and a delivery that repeats one of them.
  people(place, 'people-2', [[1, 2]]);
  place.manifest([2, 3].map(stock), 'inbox/tokens-2.csv');
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 2 });
  expect(heldTokens(await graph.truth())).toEqual([serialOf(0), serialOf(1)]);

  // A list that was changed is a new list; what it says as before is so already.
  people(place, 'people-2', [
    [1, 2],
    [3, 4],
  ]);
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 1 });
  expect(heldTokens(await graph.truth())).toEqual([serialOf(0), serialOf(1), serialOf(3)]);
});

it('does not give a token back to its former holder because an old list says so', async ({ place }) => {
  open(place);
  const graph = await place.serve(users(20));
  place.manifest([0, 1].map(stock), 'inbox/tokens-1.csv');
  people(place, 'people-1', [[0, 1]]);
  expect((await night(place, graph)).done).toBe(1);
  const truth = await graph.truth();
  const token = truth.devices.find(({ serialNumber }) => serialNumber === serialOf(0));
  const path = `${graph.url}/users/${token?.holder ?? ''}/authentication/hardwareOathMethods`;
  const list = await (await fetch(path, { headers: { authorization: 'Bearer rehearsal' } })).text();
  const [, id = ''] = /"id":"([^"]+)"/.exec(list) ?? [];
  await fetch(`${path}/${id}`, { method: 'DELETE', headers: { authorization: 'Bearer rehearsal' } });
  expect(heldTokens(await graph.truth())).toEqual([]);

  people(place, 'people-2', [[1, 2]]);
  expect((await night(place, graph)).done).toBe(1);
  expect(heldTokens(await graph.truth())).toEqual([serialOf(1)]);
  // The token may go to somebody else, although the old list names another.
  people(place, 'people-3', [[0, 3]]);
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 1 });
});

it('takes a file again that could not be carried out whole', async ({ place }) => {
  open(place);
  const graph = await place.serve(users(20));
  // The list came before the delivery.
  people(place, 'people-1', [[0, 1]]);
  expect(await night(place, graph)).toEqual({ exitCode: 3, done: 0 });
  place.manifest([stock(0)], 'inbox/tokens-1.csv');
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 2 });
  expect(await night(place, graph)).toEqual({ exitCode: 0, done: 0 });
});

it('is refused for a migration, whose waves would be moved by what comes', async ({ place }) => {
  open(place);
  place.write(
    'job.yaml',
    [...JOB.slice(0, -1), 'waves: { by: size, size: 2 }', ''].join('\n').replace('onboarding', 'migration'),
  );
  place.manifest([0, 1, 2].map(stock), 'inbox/tokens-1.csv');
  for (const command of [
    ['run', 'job.yaml', '--yes'],
    ['plan', 'job.yaml'],
    ['verify', 'job.yaml'],
  ]) {
    const ended = await place.run(command);
    expect(ended.exitCode, ended.stderr).toBe(2);
    expect(ended.stderr).toContain('is a migration in waves, and names files by a pattern');
    expectNoTrace(ended);
  }
});

it('says that the folder is not there, and sends nothing', async ({ place }) => {
  open(place);
  rmSync(place.path('inbox'), { recursive: true });
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toContain('inbox/tokens*.csv: there is no folder');
});

it('carries a stopped run on with the files that it began with, and not without one of them', async ({
  place,
}) => {
  open(place);
  const graph = await place.serve(users(20), { permissions: { inventoryWrite: false } });
  place.manifest([0, 1].map(stock), 'inbox/tokens-1.csv');
  people(place, 'people-1', [[0, 1]]);
  people(place, 'people-2', [[1, 2]]);
  expect((await night(place, graph)).exitCode).toBe(1);
  await graph.change({ permissions: {} });
  const gone = place.read('inbox/people-2.csv');
  rmSync(place.path('inbox/people-2.csv'));
  // What has come since is for another night.
  people(place, 'people-3', [[0, 3]]);
  const refused = await place.run(['resume']);
  expectRefusal(
    refused,
    2,
    /^oathbatch: The run \S+ cannot be carried on: inbox\/people-2\.csv is not there any more\.\n/,
  );
  expect(effects(await graph.truth())).toBe(0);
  place.write('inbox/people-2.csv', gone);
  expect((await place.run(['resume'])).exitCode).toBe(0);
  expect(heldTokens(await graph.truth())).toEqual([serialOf(0), serialOf(1)]);
});
