// What an operator meets whose files are not in order: one message, and a tenant that nobody touched.

import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { packedTexts } from '../packed-ledger.js';
import { HEADING, it, type Place, secretOf, serialOf, tokenLine, tokenLines } from './command.js';
import { expectNoTrace, expectRefusal, refusal } from './refusal.js';
import { heldTokens, users } from './rehearsal.js';

const NEXT = 'Put the files right, then give the same command again.';

interface BadFile {
  readonly promise: string;
  readonly make: (place: Place) => void;
  readonly problem: string;
}

const BAD_FILES: readonly BadFile[] = [
  {
    promise: 'says that a manifest is not there',
    make: () => undefined,
    problem: 'bad.csv: there is no such file',
  },
  {
    promise: 'says that a manifest is a directory',
    make: (place) => mkdirSync(place.path('bad.csv')),
    problem: 'bad.csv: this is a directory; name the file in it',
  },
  {
    promise: 'says that a manifest is empty',
    make: (place) => place.write('bad.csv', ''),
    problem: 'bad.csv: the file is empty',
  },
  {
    promise: 'says that a manifest is not text',
    make: (place) =>
      place.write(
        'bad.csv',
        Uint8Array.from({ length: 4_000 }, (_, n) => (n * 37) % 256),
      ),
    problem:
      "bad.csv:1: the file holds NUL bytes: it is not text, or it is UTF-16 without a byte order mark; save it as 'CSV UTF-8'",
  },
  {
    promise: 'says that a manifest has no heading',
    make: (place) => place.write('bad.csv', `${tokenLines(3).join('\n')}\n`),
    problem: `bad.csv:1: the first line is not a heading: none of its cells (6) is a known column name; expected is ${HEADING}, in any order`,
  },
  {
    promise: 'says that a heading stands twice',
    make: (place) => place.write('bad.csv', `${HEADING},Serial Number\n${tokenLine(0)},0\n`),
    problem: 'bad.csv:1: serial number: columns 2 and 7 both hold the serial number; keep one of them',
  },
];

for (const { promise, make, problem } of BAD_FILES) {
  it.concurrent(`${promise}, and sends nothing`, async ({ place }) => {
    place.job(tokenLines(2));
    const rehearsal = await place.serve(users(5));
    make(place);
    const manifests = ['--set', 'manifests=[{ path: tokens.csv }, { path: bad.csv }]'];
    const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url, ...manifests]);
    expectRefusal(
      ended,
      2,
      refusal('1 of 2 input files cannot be used.', 'Nothing was sent.', NEXT, [problem]),
    );
    expect((await rehearsal.truth()).counters.http).toBe(0);
    expect(readdirSync(place.directory)).not.toContain('reports');
  });
}

it.concurrent('names the troubles of all files at once', async ({ place }) => {
  place.job(tokenLines(1));
  place.write('empty.csv', '');
  const manifests = ['--set', 'manifests=[{ path: none.csv }, { path: empty.csv }]'];
  const ended = await place.run(['run', 'job.yaml', '--yes', ...manifests]);
  const problems = ['none.csv: there is no such file', 'empty.csv: the file is empty'];
  expectRefusal(ended, 2, refusal('2 of 2 input files cannot be used.', 'Nothing was sent.', NEXT, problems));
});

it.concurrent('leaves both rows of one serial number alone, and does the others', async ({ place }) => {
  place.job([...tokenLines(4), tokenLine(1, { secret: secretOf('another') })]);
  const rehearsal = await place.serve(users(5));
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expect(ended.exitCode).toBe(3);
  expectNoTrace(ended);
  expect(ended.stderr).toContain('invalid: tokens.csv:3: the serial number stands also at tokens.csv:6\n');
  expect(ended.stderr).toContain('invalid: tokens.csv:6: the serial number stands also at tokens.csv:3\n');
  const twice = 'invalid/serial-duplicate';
  expect(place.verdicts()).toEqual(['assigned', twice, 'assigned', 'assigned', twice]);
  expect(heldTokens(await rehearsal.truth())).toEqual([0, 2, 3].map(serialOf));
});

it.concurrent('shows a secret that is not Base32 nowhere', async ({ place }) => {
  const secret = 'QW1LLNEVER8SHOWNQW9LLNEVER8SHOWN';
  place.job([tokenLine(0), tokenLine(1, { secret }), tokenLine(2)]);
  const ended = await place.run([
    'run',
    'job.yaml',
    '--yes',
    '--log-level',
    'trace',
    '--log-file',
    'log.json',
  ]);
  expect(ended.exitCode).toBe(3);
  expectNoTrace(ended);
  expect(ended.stderr).toContain(
    "invalid: tokens.csv:3: column 'secret key': character 3 of the secret key is a digit, which Base32 does not have\n",
  );
  expect(place.verdicts()).toEqual(['assigned', 'invalid/secret-not-base32', 'assigned']);
  const written = filesBelow(place.directory).filter((path) => !path.endsWith('tokens.csv'));
  expect(written.length).toBeGreaterThan(5);
  const told = [
    ended.stdout,
    ended.stderr,
    ...written.map((path) => readFileSync(path, 'latin1')),
    ...written.filter((path) => path.endsWith('ledger.db')).map(packedTexts),
  ];
  expect(told.filter((text) => text.toUpperCase().includes('NEVER8SHOWN'))).toEqual([]);
});

it.concurrent('leaves a token alone whose interval is neither 30 nor 60', async ({ place }) => {
  place.job([tokenLine(0, { interval: '45' }), tokenLine(1, { interval: '60' })]);
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  expect(ended.exitCode).toBe(3);
  expectNoTrace(ended);
  expect(ended.stderr).toContain(
    "invalid: tokens.csv:2: column 'time interval': the time interval is 45 seconds; Microsoft Entra takes 30 or 60\n",
  );
  expect(place.verdicts()).toEqual(['invalid/interval-unsupported', 'assigned']);
});

it.concurrent('tells a user who is unknown from one who is a guest, and does the others', async ({
  place,
}) => {
  place.job(tokenLines(3));
  const rehearsal = await place.serve([...users(1, [1]), ...users(3).slice(2)]);
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
  expect(ended.exitCode).toBe(3);
  expectNoTrace(ended);
  expect(place.rows().map(({ verdict, reason, detail }) => [verdict, reason, detail])).toEqual([
    [
      'invalid',
      'user-is-guest',
      'user1@contoso.example is a guest; Entra gives hardware tokens to members only.',
    ],
    ['invalid', 'user-not-found', 'The tenant has no user user2@contoso.example.'],
    ['assigned', '', ''],
  ]);
  const truth = await rehearsal.truth();
  expect(truth.devices.map(({ serialNumber }) => serialNumber)).toEqual([serialOf(2)]);
});

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}
