// What a run began with and what it came to, in blocks: read back whole, small, and brought over from older ledgers.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { walkChain } from '../../src/ledger/chain.js';
import { conclusionDigest } from '../../src/ledger/digest.js';
import type { LedgerRow } from '../../src/ledger/ledger.js';
import { MIGRATIONS } from '../../src/ledger/schema.js';
import { ledgerOn, openLedger } from '../../src/ledger/sqlite.js';
import { migrate } from '../../src/ledger/sqlite-migrate.js';
import { seededRandom } from '../../src/random.js';
import { hashIn } from '../../src/report/evidence.js';
import { gathered, wholeConclusion } from '../gathered.js';
import { alterPacked } from '../packed-ledger.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run } from './records.js';

const decided = {
  verdict: 'invalid',
  reason: 'user-not-found',
  detail: 'Nobody "is" that.',
  next: 'Look.\n',
};

/** Rows of every kind: decided early, without a user, already so. */
function rowsOf(count: number): readonly LedgerRow[] {
  return Array.from({ length: count }, (_, n) => {
    if (n % 7 === 1) return row(n, { decided });
    return n % 7 === 2 ? row(n, { user: '', userId: '', already: 'assigned', deviceId: `d${n}` }) : row(n);
  });
}

describe('a plan', () => {
  it('of many blocks comes back as it was, with the hash that the chain begins with', async () => {
    const ledger = openLedger(temporaryDirectory());
    const rows = rowsOf(1_300);
    await ledger.beginRun(run('r1'), rows, [action(3), action(3, 1)]);
    await ledger.beginRun(run('r2'), rows.slice(0, 2), []);
    expect(await gathered(ledger.eachRow('r1'))).toEqual(rows);
    const [began] = (await walkChain('r1', ledger.events('r1'))).notes;
    expect(await ledger.planDigest('r1')).toBe(hashIn(began?.detail ?? '', 'plan'));
    expect(await ledger.planDigest('r2')).not.toBe(await ledger.planDigest('r1'));
    await ledger.close();
  });

  it('that is out of order is not taken', async () => {
    const ledger = openLedger(temporaryDirectory());
    await expect(ledger.beginRun(run('r1'), [row(1), row(0)], [])).rejects.toThrow('not in their order');
    await ledger.close();
  });
});

describe('a ledger', () => {
  it('takes less than a third of what its texts take, though ids are by chance', async () => {
    const directory = temporaryDirectory();
    const ledger = openLedger(directory);
    const random = seededRandom(11);
    const count = 5_000;
    const rows = Array.from({ length: count }, (_, n) =>
      row(n, { userId: random.uuid(), deviceId: random.uuid(), already: 'activated' }),
    );
    const records = rows.map(({ user, userId, deviceId, serialNumber, ...one }) =>
      JSON.stringify({ ...one, serialNumber, user, verdict: 'activated', reason: '', userId, deviceId }),
    );
    await ledger.beginRun(run('r1'), rows, []);
    const verdicts = rows.map(({ serialNumber }, n) => {
      return { serialNumber, verdict: 'activated', record: records[n] ?? '' };
    });
    await ledger.conclude('r1', { at: '2026-01-05T08:00:03.000Z', report: '{}', verdicts });
    expect((await wholeConclusion(ledger, 'r1'))?.records).toEqual(records);
    await ledger.close();
    const db = new Database(join(directory, 'ledger.db'));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const { size } = statSync(join(directory, 'ledger.db'));
    const plain = records.join('').length * 2;
    expect(size).toBeLessThan(plain / 3);
  });
});

/** The plan's hash as it was made when each row stood in a row of a table. */
function oldPlanDigest(records: readonly Readonly<Record<string, unknown>>[]): string {
  const hash = createHash('sha256');
  for (const record of records) {
    const fields = Object.entries(record)
      .filter(([, value]) => value !== null && value !== '')
      .sort(([one], [other]) => (one < other ? -1 : 1));
    hash.update(`${JSON.stringify(fields)}\n`);
  }
  return hash.digest('hex');
}

describe('a ledger in which rows and verdicts stood in tables', () => {
  it('is brought over whole, with the hashes that it had', async () => {
    const directory = temporaryDirectory();
    const db = new Database(join(directory, 'ledger.db'));
    for (const sql of MIGRATIONS.slice(0, 4)) db.exec(sql);
    db.pragma('user_version = 4');
    const begin = db.prepare(
      "INSERT INTO run VALUES (?, 'j', 'onboarding', 'f', '[]', '', 'g', '[]', 't', 'd', 's', 'finished', '', 0)",
    );
    const addRow = db.prepare('INSERT INTO planned_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const addVerdict = db.prepare('INSERT INTO verdict VALUES (?, ?, ?, ?, ?)');
    const conclude = db.prepare("INSERT INTO conclusion VALUES (?, ?, '{}')");
    const rows = rowsOf(1_100);
    const records = rows.map(({ n }) => `{"n":${n},"detail":"Größe"}`);
    db.exec('BEGIN');
    // They were recorded in another order than that in which they were concluded.
    for (const [id, at, verdict] of [
      ['r2', '2026-01-06', 'assigned'],
      ['r1', '2026-01-05', 'assigned'],
    ] as const) {
      begin.run(id);
      for (const { n, file, line, serialNumber, user, userId, deviceId, expect: e, already, ...r } of rows) {
        const early = [r.decided?.verdict, r.decided?.reason, r.decided?.detail, r.decided?.next];
        const said = early.map((text) => text ?? null);
        addRow.run(id, n, file, line, serialNumber, user, userId, deviceId, e, already, ...said);
        addVerdict.run(id, n, serialNumber, n === 5 ? 'activated' : verdict, records[n]);
      }
      conclude.run(id, at);
    }
    begin.run('stopped');
    db.exec('COMMIT');
    const before = oldPlanDigest(
      db.prepare("SELECT * FROM planned_row WHERE run_id = 'r1' ORDER BY n").all() as Record<
        string,
        unknown
      >[],
    );
    db.close();

    const ledger = openLedger(directory);
    expect(await gathered(ledger.eachRow('r1'))).toEqual(rows);
    expect(await ledger.planDigest('r1')).toBe(before);
    expect(await wholeConclusion(ledger, 'r1')).toEqual({ at: '2026-01-05', report: '{}', records });
    const hashed = createHash('sha256')
      .update(['{}', ...records, ''].join('\n'))
      .digest('hex');
    expect(conclusionDigest({ report: '{}', records })).toBe(hashed);
    expect(await ledger.conclusion('stopped')).toBeUndefined();
    expect(await gathered(ledger.eachRow('stopped'))).toEqual([]);
    const since = await ledger.assignedSince('g');
    expect([since.get('S4'), since.get('S5')]).toEqual(['2026-01-05', undefined]);
    await ledger.close();
    const again = openLedger(directory);
    expect((await gathered(again.eachRow('r2'))).length).toBe(rows.length);
    await again.close();
  });
});

it('a ledger of which blocks were taken out gives the others, for their hashes to be compared', async () => {
  const db = new Database(':memory:');
  const ledger = ledgerOn(db);
  const rows = rowsOf(1_300);
  const verdicts = rows.map(({ serialNumber, n }) => ({
    serialNumber,
    verdict: 'unsent',
    record: `{"n":${n}}`,
  }));
  await ledger.beginRun(run('r1'), rows, []);
  await ledger.conclude('r1', { at: '2026-01-05T08:00:03.000Z', report: '{}', verdicts });
  for (const table of ['plan_block', 'verdict_block']) db.exec(`DELETE FROM ${table} WHERE block = 1`);
  const left = [...rows.slice(0, 500), ...rows.slice(1_000)];
  expect(await gathered(ledger.eachRow('r1'))).toEqual(left);
  const records = (await ledger.conclusion('r1'))?.records;
  expect([...(records ?? [])]).toEqual(left.map(({ n }) => `{"n":${n}}`));
  expect([records?.length, records?.at(500), records?.at(799)]).toEqual([800, '{"n":1000}', '{"n":1299}']);
  await ledger.close();
});

it.each([
  ['no JSON', '['],
  ['no list', '{"n":0}'],
  ['a list of something else', '[1]'],
  ['a field without a name', '[[1,2]]'],
  ['a field with more to it', '[["n",0,0]]'],
  ['fields that are too few', '[["n",0]]'],
])('a planned row that is %s is a damaged ledger', async (_what, line) => {
  const db = new Database(':memory:');
  const ledger = ledgerOn(db);
  await ledger.beginRun(run('r1'), [row(0)], []);
  alterPacked(db, 'plan_block', () => `${line}\n`);
  await expect(gathered(ledger.eachRow('r1'))).rejects.toMatchObject({ code: 'ledger-failed' });
  await ledger.close();
});

it('an older ledger is brought over once, when two processes come at the same time', async () => {
  const directory = temporaryDirectory();
  const db = new Database(join(directory, 'ledger.db'));
  db.pragma('journal_mode = WAL');
  for (const sql of MIGRATIONS.slice(0, 4)) db.exec(sql);
  db.pragma('user_version = 4');
  // Between the look at the version and the first step another process is quicker.
  const begin = db.transaction.bind(db);
  let others = 0;
  db.transaction = (work) => {
    others += 1;
    if (others === 1) migrateInAnother(directory);
    return begin(work);
  };
  const ledger = ledgerOn(db);
  expect(others).toBe(1);
  await ledger.beginRun(run('r1'), [row(0)], []);
  expect(await gathered(ledger.eachRow('r1'))).toEqual([row(0)]);
  await ledger.close();
});

function migrateInAnother(directory: string): void {
  const other = new Database(join(directory, 'ledger.db'));
  migrate(other);
  other.close();
}
