// oathbatch report: a run's reports again, from the ledger alone, and whether anything was changed since.

import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { it, type Place, tokenLine, tokenLines } from './command.js';

const KEYS = generateKeyPairSync('ed25519');

const JOB = [
  'reports:',
  '  formats: [csv, json, html, xlsx, junit]',
  '  annotations: github',
  '  metrics: metrics/trial.prom',
  '  signingKey: key.pem',
  'privacy: { users: hashed }',
];

const FILES = [
  'evidence.json',
  'evidence.json.sig',
  'findings.csv',
  'junit.xml',
  'rejects.csv',
  'report.html',
  'report.xlsx',
  'rows.csv',
  'summary.json',
];

/** Three good rows, and one that is refused; signed, hashed and annotated. */
async function runOnce(place: Place): Promise<{ readonly run: string; readonly stdout: string }> {
  place.write('key.pem', KEYS.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  place.write('public.pem', KEYS.publicKey.export({ format: 'pem', type: 'spki' }).toString());
  place.job([...tokenLines(3), tokenLine(3, { secret: '0189' })], JOB);
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  expect(ended.exitCode, ended.stderr).toBe(3);
  return { run: basename(place.reports()), stdout: ended.stdout };
}

function contents(place: Place, folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(place.path(folder)).toSorted();
  return new Map(names.map((name) => [name, readFileSync(place.path(join(folder, name)), 'base64')]));
}

it.concurrent('writes every format, and the same bytes again without the job', async ({ place }) => {
  const { run, stdout } = await runOnce(place);
  const before = contents(place, place.reports());
  expect([...before.keys()]).toEqual(FILES);
  expect(stdout).toContain(
    '::error file=tokens.csv,line=5,title=oathbatch invalid/secret-not-base32::CLI0004: ',
  );
  expect(place.read('metrics/trial.prom')).toContain('verdict="invalid"} 1\n');

  rmSync(place.path('job.yaml'));
  rmSync(place.path('tokens.csv'));
  rmSync(place.path(place.reports()), { recursive: true });
  const words = ['csv', 'json', 'html', 'xlsx', 'junit'].flatMap((format) => ['--format', format]);
  const again = await place.run(['report', run, ...words, '--sign', 'key.pem']);
  expect(again, again.stderr).toMatchObject({ exitCode: 0, stderr: '' });
  // The rejects are lines of a file that the ledger does not have.
  const without = new Map([...before].filter(([name]) => name !== 'rejects.csv'));
  expect(contents(place, join('reports', run))).toEqual(without);

  const elsewhere = await place.run(['report', run, '--reports', 'elsewhere', '--json']);
  expect(elsewhere.exitCode).toBe(0);
  const types = elsewhere.stdout
    .trimEnd()
    .split('\n')
    .map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type);
  expect(types).toEqual(['row', 'row', 'row', 'row', 'summary']);
  expect(readdirSync(place.path(join('elsewhere', run)))).toContain('report.html');
});

it.concurrent('names nobody where users are hashed', async ({ place }) => {
  await runOnce(place);
  for (const [name, base64] of contents(place, place.reports())) {
    expect(Buffer.from(base64, 'base64').toString('utf8'), name).not.toContain('contoso.example');
  }
  const users = place.rows().map(({ user }) => user);
  for (const user of users) expect(user).toMatch(/^user-[0-9a-f]{16}$/);
  expect(new Set(users).size).toBe(4);
});

it.concurrent('says that nothing was changed, or what was', async ({ place }) => {
  const { run } = await runOnce(place);
  const good = await place.run(['report', run, '--check', '--key', 'public.pem']);
  expect(good.stdout).toContain('✓ signature');
  expect(good.stdout).toContain('made with the key given');
  expect(good.stdout.trimEnd()).toMatch(/: all is as it was when the run ended\.$/);
  expect(good).toMatchObject({ exitCode: 0, stderr: '' });

  const rows = join('reports', run, 'rows.csv');
  place.write(rows, place.read(rows).replace(',assigned,', ',assignee,'));
  place.write('tokens.csv', `${place.read('tokens.csv')}\n`);
  const bad = await place.run(['report', run, '--check']);
  expect(bad.exitCode).toBe(3);
  expect(bad.stdout).toMatch(/^✗ rows\.csv +byte \d+, in line 2, is not as it was written$/m);
  expect(bad.stdout).toMatch(/^✗ tokens\.csv +the input is not the file that was read$/m);

  const json = await place.run(['report', run, '--check', '--json']);
  const told = z
    .object({ same: z.boolean(), items: z.array(z.object({ what: z.string(), state: z.string() })) })
    .parse(JSON.parse(json.stdout));
  expect(told.same).toBe(false);
  expect(told.items.filter(({ state }) => state === 'differs').map(({ what }) => what)).toEqual([
    'rows.csv',
    'tokens.csv',
  ]);

  const folder = await place.run(['report', join('reports', run), '--check', '--state', 'nowhere']);
  expect(folder.exitCode).toBe(3);
  expect(folder.stdout).toMatch(/^✗ rows\.csv +it is not the file that was written$/m);
});

it.concurrent('says what changed between two runs', async ({ place }) => {
  place.job(tokenLines(3));
  await place.run(['run', 'job.yaml', '--yes']);
  const before = basename(place.reports());
  place.job([...tokenLines(2), tokenLine(4)], ['findings: { unlisted: true }']);
  await place.run(['verify', 'job.yaml']);
  const after = readdirSync(place.path('reports')).find((run) => run !== before) ?? '';
  const told = await place.run(['compare', before, after]);
  expect(told).toMatchObject({ exitCode: 0, stderr: '' });
  const [first] = told.stdout.split('\n');
  expect(first).toBe(`${before} → ${after}: 0 rows changed, 1 came, 1 went, 2 as before`);
  expect(told.stdout).toContain('unlisted-assignment  CLI0003');
  const json = await place.run(['compare', before, after, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ before, after, same: 2, changed: [] });
});

it.concurrent('refuses what it cannot report', async ({ place }) => {
  const unknown = await place.run(['report', 'nothing']);
  expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unknown.stderr).toContain('knows no run nothing');
  place.job(tokenLines(1), ['reports: { signingKey: none.pem }']);
  const keyless = await place.run(['run', 'job.yaml', '--yes']);
  expect(keyless.exitCode).toBe(2);
  expect(keyless.stderr).toContain('The key none.pem cannot be used');
});
