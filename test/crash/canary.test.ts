// No secret is left behind by a process that was killed: not in the pages of the ledger and its write-ahead log,
// not in what it had written and said by then, not in the crash dump that Node.js makes of it.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { base32nopad } from '@scure/base';
import { expect, vi } from 'vitest';
import { it, SOON, serialOf, tokenLine } from '../cli/command.js';
import { effects, users } from '../cli/rehearsal.js';
import { placesOf, tracesOf, written } from '../cli/secret-search.js';

const ROWS = 24;
const SLOW = { latency: { p5: '100ms', p95: '100ms' } };

/** Node.js writes what it knows of the process, apart from the heap: https://nodejs.org/api/report.html */
const DUMP = 'dump.json';
const DUMP_ON_SIGNAL = `--report-on-signal --report-signal=SIGUSR2 --report-filename=${DUMP}`;

it('leaves no secret behind when it is killed, nor when it is carried on', async ({ place }) => {
  const secrets = Array.from({ length: ROWS }, () => randomBytes(20));
  place.job(
    secrets.map((secret, index) => tokenLine(index, { secret: base32nopad.encode(secret) })),
    ['throttle: { rate: auto, concurrency: 2 }'],
  );
  const rehearsal = await place.serve(users(ROWS), SLOW);
  const log = ['--log-level', 'trace', '--log-file', 'log.json'];
  const killed = place.start(['run', 'job.yaml', '--yes', '--graph', rehearsal.url, ...log], {
    NODE_OPTIONS: DUMP_ON_SIGNAL,
  });
  await vi.waitFor(async () => expect(effects(await rehearsal.truth())).toBeGreaterThan(4), SOON);
  killed.child.kill('SIGUSR2');
  await vi.waitFor(() => expect(JSON.parse(place.read(DUMP))).toHaveProperty('javascriptStack'), SOON);
  killed.child.kill('SIGKILL');
  const { stdout, stderr } = await killed.ended;
  const afterKill = new Map([...written(place), ['stdout', stdout], ['stderr', stderr]]);
  expect(tracesOf(secrets, afterKill)).toEqual([]);
  // A serial number is found where a secret would have been.
  const wal = join('.oathbatch', 'ledger.db-wal');
  expect(placesOf(serialOf(1), afterKill)).toContain(`${join('.oathbatch', 'ledger.db')}, unpacked`);
  expect([...afterKill.keys()]).toEqual(expect.arrayContaining([DUMP, 'log.json', wal]));

  await rehearsal.change({ latency: {} });
  const resumed = await place.run(['resume', ...log]);
  expect(resumed.exitCode).toBe(0);
  const afterResume = new Map([...written(place), ['stdout', resumed.stdout], ['stderr', resumed.stderr]]);
  expect(tracesOf(secrets, afterResume)).toEqual([]);
  expect(placesOf(serialOf(1), afterResume)).toContain(join(place.reports(), 'rows.csv'));
});
