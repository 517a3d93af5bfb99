// `oathbatch inspect`, as an operator types it.

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
