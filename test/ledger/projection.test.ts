// The actions are what the chains come to, whenever they are looked at and whoever wrote the lines.

import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { walkChain } from '../../src/ledger/chain.js';
import type { Ledger, LedgerAction, SentRecord, SettledRecord } from '../../src/ledger/ledger.js';
import { ACTION_STATES } from '../../src/ledger/ledger.js';
import { ledgerOn, openLedger } from '../../src/ledger/sqlite.js';
import { seededRandom } from '../../src/random.js';
import { alterChain } from '../chain-blocks.js';
import { gathered } from '../gathered.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run, sent, settled } from './records.js';

/** What a request makes of its action, line by line: the rule, as plainly as it can be said. */
function afterSent(before: LedgerAction, { clientRequestId }: SentRecord): LedgerAction {
  return { ...before, state: 'sent', clientRequestId, requestId: '', reason: '', detail: '' };
}

function afterSettled(before: LedgerAction, record: SettledRecord): LedgerAction {
  const { state, requestId, reason, detail } = record;
  const attempts = before.attempts + (record.counts ? 1 : 0);
  const throttled = before.throttled + (record.outcome === 'throttled' ? 1 : 0);
  const deviceId = record.deviceId === '' ? before.deviceId : record.deviceId;
  return { ...before, state, requestId, reason, detail, attempts, throttled, deviceId };
}

const ROWS = 12;

describe('actions', () => {
  it.each([1, 2, 3, 4, 5])('are what their lines come to, one after the other: draw %i', async (seed) => {
    const random = seededRandom(seed);
    const draw = (count: number): number => Math.floor(random.next() * count);
    const ledger = openLedger(temporaryDirectory());
    let expected = Array.from({ length: ROWS }, (_, i) => action(i >> 1, i & 1));
    const rows = Array.from({ length: ROWS / 2 }, (_, n) => row(n));
    await ledger.beginRun(run('r1'), rows, expected);
    await ledger.beginRun(run('r2'), rows, expected);
    for (let count = 0; count < 400; count += 1) {
      const place = draw(ROWS);
      const before = expected[place];
      if (before === undefined) throw new Error('no such action');
      const { n, step } = before;
      if (draw(2) === 0) {
        const record = sent(n, { step, clientRequestId: random.uuid() });
        await ledger.sent(record);
        expected = expected.with(place, afterSent(before, record));
      } else {
        const state = ACTION_STATES[draw(ACTION_STATES.length)] ?? 'pending';
        const outcome = draw(3) === 0 ? 'throttled' : 'done';
        const deviceId = draw(2) === 0 ? '' : random.uuid();
        const said = { reason: `r${draw(3)}`, detail: `d${draw(3)}`, counts: draw(2) === 0 };
        const record = settled(n, { step, state, outcome, deviceId, requestId: `q${count}`, ...said });
        await ledger.settled(record);
        expected = expected.with(place, afterSettled(before, record));
      }
      if (draw(40) === 0) expect(await gathered(ledger.eachAction('r1'))).toEqual(expected);
    }
    expect(await gathered(ledger.eachAction('r1'))).toEqual(expected);
    expect((await gathered(ledger.eachAction('r2'))).every(({ state }) => state === 'pending')).toBe(true);
    await ledger.close();
  });

  it('are the same for everybody, of lines that somebody else has written and nobody counts twice', async () => {
    const directory = temporaryDirectory();
    const one = openLedger(directory);
    const other = openLedger(directory);
    await one.beginRun(run('r1'), [row(0)], [action(0)]);
    await other.beginRun(run('r2'), [row(0)], [action(0)]);
    for (const round of [1, 2, 3]) {
      for (const [ledger, runId] of [
        [one, 'r1'],
        [other, 'r2'],
      ] as const) {
        await ledger.sent(sent(0, { runId, clientRequestId: `${runId} ${round}` }));
        await ledger.settled(settled(0, { runId, outcome: 'throttled' }));
      }
      for (const ledger of [one, other]) {
        for (const runId of ['r1', 'r2']) {
          const [found] = await gathered(ledger.eachAction(runId));
          expect(found).toMatchObject({
            ...{ attempts: round, throttled: round, clientRequestId: `${runId} ${round}` },
          });
        }
      }
    }
    await one.close();
    await other.close();
  });

  it('cost a write nothing: those that come together are one record, and the actions wait', async () => {
    const db = new Database(':memory:');
    const ledger = ledgerOn(db);
    const numbers = [...Array(300).keys()];
    await ledger.beginRun(
      run('r1'),
      numbers.map((n) => row(n)),
      numbers.map((n) => action(n)),
    );
    await Promise.all(numbers.map((n) => ledger.sent(sent(n))));
    await Promise.all(numbers.map((n) => ledger.settled(settled(n))));
    const count = (sql: string): unknown => db.prepare(`SELECT count(*) AS count FROM ${sql}`).all()[0];
    expect(count('event_block')).toEqual({ count: 3 });
    expect(count("action WHERE state = 'pending'")).toEqual({ count: 300 });
    expect(await gathered(ledger.eachAction('r1'))).toHaveLength(300);
    expect(count("action WHERE state = 'done'")).toEqual({ count: 300 });
    await ledger.close();
  });

  it('are brought up to date as a whole, or not at all', async () => {
    const db = new Database(':memory:');
    const ledger = ledgerOn(db);
    const numbers = [...Array(2_500).keys()];
    await ledger.beginRun(
      run('r1'),
      numbers.map((n) => row(n)),
      numbers.map((n) => action(n)),
    );
    await Promise.all(numbers.map((n) => ledger.settled(settled(n))));
    // It comes to the second step, and fails in the middle of that.
    db.exec(
      "CREATE TRIGGER full BEFORE UPDATE ON action WHEN new.n = 1500 BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    await expect(gathered(ledger.eachAction('r1'))).rejects.toMatchObject({ code: 'ledger-failed' });
    db.exec('DROP TRIGGER full');
    const found = await gathered(ledger.eachAction('r1'));
    expect(found.map(({ attempts }) => attempts)).toEqual(numbers.map(() => 1));
    await ledger.close();
  });

  it('of a line that was damaged are not told', async () => {
    const db = new Database(':memory:');
    const ledger = ledgerOn(db);
    await ledger.beginRun(run('r1'), [row(0)], [action(0)]);
    await ledger.settled(settled(0));
    alterChain(db, 'r1', (lines) => lines.map((line) => ({ ...line, behind: '' })));
    await expect(gathered(ledger.eachAction('r1'))).rejects.toThrow('without its effect');
    await ledger.close();
  });
});

describe('tokens that were made anew', () => {
  it('are told although nobody has looked at the actions since', async () => {
    const ledger = openLedger(temporaryDirectory());
    const actions = [action(0, 0, { kind: 'delete' }), action(0, 1, { kind: 'create' })];
    await ledger.beginRun(run('r1'), [row(0)], actions);
    await ledger.settled(settled(0, { step: 1, deviceId: 'new' }));
    expect(await ledger.recreated('emulator')).toEqual(new Set(['new']));
    await ledger.close();
  });
});

/** A ledger as the version before this one left it: a run of two rows, the second of them in doubt. */
async function olderLedger(directory: string): Promise<void> {
  const whole = openLedger(directory);
  await whole.beginRun(run('r1'), [row(0), row(1)], [action(0), action(1)]);
  await whole.beginRun(run('r0'), [row(0)], [action(0)]);
  await whole.sent(sent(0));
  await whole.sent(sent(0, { runId: 'r0', clientRequestId: 'of r0' }));
  await whole.settled(settled(0, { detail: 'Größe "x"\n\t' }));
  await whole.sent(sent(1));
  await gathered(whole.eachAction('r1'));
  const events = new Map<string, Awaited<ReturnType<typeof eventsOf>>>();
  for (const id of ['r0', 'r1']) events.set(id, await eventsOf(whole, id));
  await whole.close();
  const db = new Database(join(directory, 'ledger.db'));
  db.exec('DROP TABLE event_block; DROP TABLE projection');
  db.exec(
    `CREATE TABLE event (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, n INTEGER NOT NULL, step INTEGER NOT NULL,
       event TEXT NOT NULL, at TEXT NOT NULL, client_request_id TEXT NOT NULL, request_id TEXT NOT NULL,
       status INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL) STRICT`,
  );
  const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  // The lines of the two runs stand between one another.
  const seqs = { r0: 2, r1: 1 };
  for (const [id, list] of events) {
    for (const [i, e] of list.entries()) {
      const what = [
        e.n,
        e.step,
        e.event,
        e.at,
        e.clientRequestId,
        e.requestId,
        e.status,
        e.outcome,
        e.detail,
      ];
      insert.run(i * 2 + seqs[id === 'r0' ? 'r0' : 'r1'], id, ...what, e.hash);
    }
  }
  db.pragma('user_version = 5');
  db.close();
}

const eventsOf = (ledger: Ledger, runId: string) => gathered(ledger.events(runId));

it('a ledger with a record for each line is brought over, and its chains go on', async () => {
  const directory = temporaryDirectory();
  await olderLedger(directory);
  const ledger = openLedger(directory);
  expect((await eventsOf(ledger, 'r1')).map(({ seq, event, n }) => [seq, event, n])).toEqual([
    [1, 'began', -1],
    [2, 'sent', 0],
    [3, 'settled', 0],
    [4, 'sent', 1],
  ]);
  expect(await ledger.tally('r1')).toEqual({ sent: 2, throttled: 0 });
  expect(await ledger.tally('r0')).toEqual({ sent: 1, throttled: 0 });
  await ledger.settled(settled(1));
  // What had been counted is not counted again.
  expect((await gathered(ledger.eachAction('r1'))).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['done', 1],
    ['done', 1],
  ]);
  expect(await walkChain('r1', ledger.events('r1'))).toMatchObject({ events: 5, broken: undefined });
  expect(await walkChain('r0', ledger.events('r0'))).toMatchObject({ events: 2, broken: undefined });
  await ledger.close();
});
