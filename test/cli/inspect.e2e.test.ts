// `oathbatch inspect`, as an operator types it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { HEADING, it, secretOf, tokenLine, tokenLines } from './command.js';

it.concurrent('says what is in the files, and shows no secret', async ({ place }) => {
  place.write('good.csv', `${[HEADING, ...tokenLines(3)].join('\n')}\n`);
  place.write('bad.csv', `${[HEADING, tokenLine(0), tokenLine(1, { interval: '45' })].join('\n')}\n`);
  place.write('unknown.csv', `SN,Key\n00401,${secretOf('one')}\n00402,${secretOf('two')}\n`);

  const good = await place.run(['inspect', 'good.csv']);
  expect([good.exitCode, good.stderr]).toEqual([0, '']);
  expect(good.stdout).toContain("manifest     Microsoft's CSV (microsoft-csv)");
  expect(good.stdout).toContain('rows         3: 3 good, 0 invalid');

  const bad = await place.run(['inspect', 'bad.csv', '--json']);
  expect(bad.exitCode).toBe(3);
  expect(JSON.parse(bad.stdout)).toMatchObject([
    {
      path: 'bad.csv',
      role: 'manifest',
      tally: { good: 1, invalid: 1, reasons: { 'interval-unsupported': {} } },
    },
  ]);

  const unknown = await place.run(['inspect', 'good.csv', 'unknown.csv']);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stdout).toContain('serialNumber: "SN"');

  const told = [good, bad, unknown].map(({ stdout, stderr }) => stdout + stderr).join('');
  for (const name of ['one', 'two']) expect(told).not.toContain(secretOf(name).slice(0, 12));
  expect(told).not.toMatch(/[A-Z2-7]{32}/);
});

const CASES = join(import.meta.dirname, '../cases/manifest');

it.concurrent('reads a file as a job says: encrypted keys, columns, and a list of its own headings', async ({
  place,
}) => {
  place.write('locked.pskc', readFileSync(join(CASES, 'ykman/passphrase.pskc'), 'utf8'));
  place.write('unclear.csv', `0040;${secretOf('one')}\n0041;${secretOf('two')}\n`);
  place.write('list.csv', 'Nummer,Wer\n0040,helga@contoso.example\n');
  place.write(
    'looked-at.yaml',
    [
      'name: looked-at',
      'kind: onboarding',
      'graph: http://127.0.0.1:9/beta',
      'credential: access-token',
      'manifests:',
      `  - { path: locked.pskc, password: "\${PASSPHRASE}" }`,
      '  - path: unclear.csv',
      '    columns: { serialNumber: 1, secretKey: 2 }',
      '    timeInterval: 60',
      '    hashFunction: hmacsha1',
      '    defaults: { manufacturer: Contoso, model: C100 }',
      'assignments:',
      '  - { path: list.csv, columns: { serialNumber: Nummer, user: Wer } }',
    ].join('\n'),
  );
  const variables = { PASSPHRASE: 'made-up passphrase' };

  const alone = await place.run(['inspect', 'locked.pskc']);
  expect([alone.exitCode, alone.stdout.includes('encrypted with a password')]).toEqual([2, true]);

  const told = await place.run(
    ['inspect', 'locked.pskc', 'unclear.csv', 'list.csv', '--job', 'looked-at.yaml'],
    variables,
  );
  expect([told.exitCode, told.stderr]).toEqual([3, '']);
  expect(told.stdout).toContain('rows         3: 2 good, 1 invalid');
  expect(told.stdout).toContain('2 Contoso C100, 60 s, hmacsha1');
  expect(told.stdout).toContain('assignments  a list of serial numbers and users');
  expect(told.stdout).not.toMatch(/[A-Z2-7]{32}|made-up/);

  const stranger = await place.run(['inspect', 'other.csv', '--job', 'looked-at.yaml'], variables);
  expect([stranger.exitCode, stranger.stdout]).toEqual([2, '']);
  expect(stranger.stderr).toContain('does not name other.csv');
});
