// No secret is written anywhere: a run under faults, which logs all it can, and then a look into every file.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { base32nopad } from '@scure/base';
import { expect } from 'vitest';
import { it, serialOf, tokenLine } from './command.js';
import { expectNoTrace } from './refusal.js';
import { placesOf, tracesOf, written } from './secret-search.js';

const ROWS = 24;

/** The second one sends through a thread of its own. */
const RATES = ['auto', 'unlimited'] as const;

it.for(RATES)('writes a secret nowhere, whatever happens on the way, rate: %s', async (rate, { place }) => {
  const secrets = Array.from({ length: ROWS }, () => randomBytes(20));
  const lines = secrets.map((secret, index) => tokenLine(index, { secret: base32nopad.encode(secret) }));
  const [first = Buffer.alloc(0)] = secrets;
  // Rows that are refused hold secrets as well: a serial number that stands twice, an interval, a line that is too short.
  const refused = [
    tokenLine(0, { secret: base32nopad.encode(first) }),
    tokenLine(ROWS, { secret: base32nopad.encode(first), interval: '45' }),
    `,${serialOf(ROWS + 1)},${base32nopad.encode(first)}`,
  ];
  place.job(
    [...lines, ...refused],
    [
      `throttle: { rate: ${rate}, concurrency: 4 }`,
      'verify: { deadline: 20s }',
      'limits: { maxConflicts: 100% }',
      'emulator:',
      '  tenant: { tokens: absent }',
      '  settings:',
      '    seed: 5',
      '    faultsOn: writes',
      '    faults:',
      '      { status500: 0.05, errorAfter: 0.05, resetBefore: 0.05, resetAfter: 0.05, conflict409: 0.05, garbage: 0.05 }',
    ],
  );
  const log = ['--log-level', 'trace', '--log-file', 'log.json'];
  const planned = await place.run(['plan', 'job.yaml', '--json', '--out', 'plan.json', ...log]);
  expect(planned.exitCode).toBe(5);
  const onStderr = await place.run(['plan', 'job.yaml', '--log-level', 'trace']);
  const ended = await place.run(['run', 'job.yaml', '--yes', ...log]);
  expect(ended.exitCode).toBe(3);
  expectNoTrace(ended);

  const files = new Map([
    ...written(place),
    ...[planned, onStderr, ended].flatMap(({ stdout, stderr }, index): [string, string][] => [
      [`stdout ${index}`, stdout],
      [`stderr ${index}`, stderr],
    ]),
  ]);
  expect(tracesOf(secrets, files)).toEqual([]);
  expectTheSearchToSee(files);
});

/** What the search finds of a serial number shows that it looks into all the places that a secret could be in. */
function expectTheSearchToSee(files: ReadonlyMap<string, string>): void {
  const found = placesOf(serialOf(1), files);
  const state = [
    `${join('.oathbatch', 'ledger.db')}, unpacked`,
    join('.oathbatch', 'emulator', 'trial.json'),
  ];
  expect(found).toEqual(expect.arrayContaining([...state, 'plan.json', 'stdout 0']));
  expect(found.some((name) => name.startsWith('reports') && name.endsWith('rows.csv'))).toBe(true);
  expect(found.some((name) => name.startsWith('reports') && name.endsWith('report.html'))).toBe(true);
  expect(files.get('log.json')?.split('\n').length).toBeGreaterThan(ROWS);
  expect(files.get('stderr 1')).toContain('"level":"debug"');
}
