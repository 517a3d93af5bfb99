// Commands that only read, over files that are large: they are read in a thread of their own, and the lists of the tenant
// are begun meanwhile. What comes of it is what comes of the same files when they are small.

import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { HEADING, it, type Place, tokenLine, tokenLines } from './command.js';
import { expectNoTrace, expectRefusal, refusal } from './refusal.js';

/** Lines with nothing in them, which are passed over: nine megabytes. */
const PADDING = `${' '.repeat(15_000)}\n`.repeat(600);

const GRAPH = (url: string): readonly string[] => ['--graph', url, '--no-progress'];

/** A job over a manifest and a list of assignments, and the same files once more, but large. */
function jobs(
  place: Place,
  tokens: readonly string[],
  assignments: readonly string[],
  heading = HEADING,
): void {
  const files = {
    small: [`${[heading, ...tokens].join('\n')}\n`, `${['serial number,user', ...assignments].join('\n')}\n`],
  };
  for (const [name, padding] of [
    ['small', ''],
    ['large', PADDING],
  ] as const) {
    const [manifest = '', list = ''] = files.small;
    place.write(`tokens-${name}.csv`, manifest + padding);
    place.write(`people-${name}.csv`, list + padding);
    place.write(
      `${name}.yaml`,
      [
        ...['name: trial', 'kind: onboarding', 'graph: emulator'],
        `manifests: [{ path: tokens-${name}.csv }]`,
        `assignments: [{ path: people-${name}.csv }]`,
      ].join('\n'),
    );
  }
}

const asSmall = (text: string): string =>
  text.replaceAll('-large', '-small').replaceAll('large.yaml', 'small.yaml');

it.concurrent('say of large files what they say of small ones, before a run and after it', async ({
  place,
}) => {
  const tokens = Array.from({ length: 6 }, (_, n) =>
    tokenLine(n).replace(/^[^,]+/, n === 5 ? 'user6@contoso.example' : ''),
  );
  // One line too many, one with another letter case, one that cannot be used, and one that asks for more.
  const people = [
    'CLI0001,user1@contoso.example',
    'cli0002,User2@contoso.example',
    'CLI0003,nobody',
    'CLI0099,user9@contoso.example',
  ];
  jobs(place, tokens, people);
  place.job(tokenLines(9));
  const rehearsal = await place.emulate();
  const graph = GRAPH(rehearsal.url);
  for (const step of ['before', 'after']) {
    for (const command of ['verify', 'plan']) {
      const small = await place.run([command, 'small.yaml', ...graph, '--reports', `reports-${step}-small`]);
      const large = await place.run([command, 'large.yaml', ...graph, '--reports', `reports-${step}-large`]);
      expectNoTrace(large);
      expect([large.exitCode, withoutRun(asSmall(large.stdout)), asSmall(large.stderr)]).toEqual([
        small.exitCode,
        withoutRun(small.stdout),
        small.stderr,
      ]);
      expect(large.exitCode).not.toBe(2);
    }
    const [small, large] = ['small', 'large'].map((name) => rowsIn(place, `reports-${step}-${name}`));
    expect(asSmall(large ?? '')).toBe(small);
    expect((await rehearsal.truth()).counters.writes > 0).toBe(step === 'after');
    if (step === 'before') await place.run(['run', 'job.yaml', '--yes', ...graph]);
  }
});

function rowsIn(place: Place, reports: string): string {
  const [run = ''] = readdirSync(place.path(reports));
  return place.read(`${reports}/${run}/rows.csv`);
}

/** Each run has a name of its own, files that are named by it, and a time that it took. */
const withoutRun = (text: string): string =>
  text.replaceAll(/reports-\S+|\S+-trial-\S+|(?<=duration +)\d.*/g, '…');

it.concurrent('list users while large files are read, whom they ask for one by one for small ones', async ({
  place,
}) => {
  jobs(place, tokenLines(3), ['CLI0001,user1@contoso.example']);
  place.job(tokenLines(3));
  const rehearsal = await place.emulate();
  for (const command of ['verify', 'plan']) {
    const [small, large] = [
      await place.run([command, 'small.yaml', '--log-level', 'debug', ...GRAPH(rehearsal.url)]),
      await place.run([command, 'large.yaml', '--log-level', 'debug', ...GRAPH(rehearsal.url)]),
    ];
    expect([small.stderr, large.stderr].map((text) => text.includes('/$batch'))).toEqual([true, false]);
    expect([small.stderr, large.stderr].map((text) => text.includes('"/beta/users"'))).toEqual([false, true]);
  }
});

it.concurrent('refuse large files as they refuse small ones, whatever the service says meanwhile', async ({
  place,
}) => {
  jobs(place, tokenLines(1), ['CLI0001,user1@contoso.example'], 'name,number,what,else,is,it');
  place.job(tokenLines(1));
  const rehearsal = await place.emulate();
  // Nobody listens on the second.
  for (const url of [rehearsal.url, 'http://127.0.0.1:9/beta']) {
    for (const command of ['verify', 'plan']) {
      const small = await place.run([command, 'small.yaml', ...GRAPH(url)]);
      expectRefusal(small, 2, /tokens-small\.csv:1: /);
      const large = await place.run([command, 'large.yaml', ...GRAPH(url)]);
      // The log says that reads have failed meanwhile.
      const stderr = large.stderr.replaceAll(/^\{.*\n/gm, '');
      expectRefusal({ ...large, stderr }, 2, small.stderr.replaceAll('-small', '-large'));
    }
  }
});

it.concurrent('say once that nobody answers, when the files can be used', async ({ place }) => {
  jobs(place, tokenLines(2), ['CLI0001,user1@contoso.example']);
  for (const command of ['verify', 'plan']) {
    const ended = await place.run([command, 'large.yaml', ...GRAPH('http://127.0.0.1:9/beta')]);
    expectRefusal(ended, 1, /cannot be reached|could not be reached|no answer/i);
  }
});

it.concurrent('do not sign anybody in for large files that are of no use', async ({ place }) => {
  jobs(place, ['"broken'], ['CLI0001,user1@contoso.example']);
  const [small, large] = [
    await place.run(['verify', 'small.yaml', '--graph', 'somewhere']),
    await place.run(['verify', 'large.yaml', '--graph', 'somewhere']),
  ];
  expect([small.exitCode, large.exitCode]).toEqual([2, 2]);
  expectRefusal(
    large,
    2,
    refusal(
      '--graph somewhere is neither an https URL, nor an http URL on this computer, nor the name of a cloud.',
      'Nothing was sent.',
      'Give the endpoint with its version, as --graph http://127.0.0.1:8080/beta',
    ),
  );
});
