// The ledger on a real SQLite file: what was recorded is on the disk, and stands there after the process is gone.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../src/errors.js';
import type { Ledger, LedgerAction } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { Secret } from '../../src/secret.js';
import { gathered } from '../gathered.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run, sent, settled } from './records.js';

async function begun(rows = 3): Promise<{ readonly directory: string; readonly ledger: Ledger }> {
  const directory = temporaryDirectory();
  const ledger = openLedger(directory);
  const ns = Array.from({ length: rows }, (_, n) => n);
  await ledger.beginRun(
    run('r1'),
    ns.map((n) => row(n)),
    ns.map((n) => action(n)),
  );
  return { directory, ledger };
}

describe('a ledger', () => {
  it('remembers the rate that the last run of a job has learned, for its endpoint alone', async () => {
    const { directory, ledger } = await begun(1);
    const [first, second] = [run('r1'), { ...run('r2'), id: 'r2' }];
    expect(await ledger.learnedRate(first.job, first.graph)).toBeUndefined();
    await ledger.keepRate(first, 12.5);
    await ledger.keepRate(second, 4.25);
    await ledger.close();
    const again = openLedger(directory);
    expect(await again.learnedRate(first.job, first.graph)).toBe(4.25);
    expect(await again.learnedRate(first.job, 'another')).toBeUndefined();
    expect(await again.learnedRate('another', first.graph)).toBeUndefined();
    await again.close();
  });

  it('gives back a run with its rows and actions as they were recorded', async () => {
    const directory = temporaryDirectory();
    const ledger = openLedger(directory);
    const decided = {
      verdict: 'invalid',
      reason: 'user-not-found',
      detail: "No such user: O'Neil.",
      next: 'Mend.',
    };
    const rows = [row(0), row(1, { decided }), row(2, { already: 'activated', deviceId: 'd2' })];
    const actions = [action(0), action(0, 1)];
    await ledger.beginRun(run('r1'), rows, actions);
    await ledger.close();
    const again = openLedger(directory);
    expect(await again.run('r1')).toEqual(run('r1'));
    expect(await gathered(again.eachRow('r1'))).toEqual(rows);
    expect(await gathered(again.eachAction('r1'))).toEqual(actions);
    expect(await again.run('r2')).toBeUndefined();
    await again.close();
  });

  it('hands out its actions one by one over every page, each once and in order', async () => {
    const ledger = openLedger(temporaryDirectory());
    // Two actions to a row, and more of them than two pages hold: a page ends in the middle of a row.
    const actions = Array.from({ length: 10_003 }, (_, i) => action(3 * Math.floor(i / 2), i % 2));
    await ledger.beginRun(run('other'), [], [action(1)]);
    await ledger.beginRun(run('r1'), [], actions);
    const handed: LedgerAction[] = [];
    for await (const one of ledger.eachAction('r1')) handed.push(one);
    expect(handed).toEqual(actions);
    await ledger.close();
  });

  it('has a request on the disk before it may leave, for whoever looks', async () => {
    const { directory, ledger } = await begun();
    await ledger.sent(sent(1));
    // A second connection sees only what was committed; the first one is neither closed nor flushed.
    const other = openLedger(directory);
    expect(await gathered(other.eachAction('r1'))).toEqual([
      action(0),
      action(1, 0, { state: 'sent', clientRequestId: 'ours-1' }),
      action(2),
    ]);
    await other.close();
    await ledger.close();
  });

  it('tells from the records how far each action has come', async () => {
    const { ledger } = await begun(4);
    const refused = {
      outcome: 'refused',
      state: 'refused',
      status: 400,
      deviceId: '',
      reason: 'refused',
    } as const;
    await ledger.sent(sent(0));
    await ledger.settled(settled(0));
    await ledger.sent(sent(1));
    await ledger.settled(settled(1, { outcome: 'throttled', state: 'pending', deviceId: '', counts: false }));
    await ledger.sent(sent(1, { clientRequestId: 'again' }));
    await ledger.settled(settled(1, { ...refused, detail: 'HTTP 400' }));
    await ledger.sent(sent(2));
    expect(await gathered(ledger.eachAction('r1'))).toEqual([
      action(0, 0, {
        state: 'done',
        attempts: 1,
        deviceId: 'd0',
        clientRequestId: 'ours-0',
        requestId: 'theirs-0',
      }),
      action(1, 0, {
        ...{ state: 'refused', attempts: 1, throttled: 1, clientRequestId: 'again', requestId: 'theirs-1' },
        ...{ reason: 'refused', detail: 'HTTP 400' },
      }),
      action(2, 0, { state: 'sent', clientRequestId: 'ours-2' }),
      action(3),
    ]);
    expect(await ledger.tally('r1')).toEqual({ sent: 4, throttled: 1 });
    await ledger.close();
  });

  it('never forgets the id of a token because a later record does not know it', async () => {
    const { ledger } = await begun(1);
    await ledger.settled(settled(0));
    await ledger.settled(settled(0, { deviceId: '' }));
    expect((await gathered(ledger.eachAction('r1')))[0]?.deviceId).toBe('d0');
    await ledger.close();
  });

  it('records a run whole or not at all', async () => {
    const directory = temporaryDirectory();
    const ledger = openLedger(directory);
    await expect(ledger.beginRun(run('r1'), [row(0), row(0)], [])).rejects.toMatchObject({
      code: 'ledger-failed',
    });
    expect(await ledger.run('r1')).toBeUndefined();
    expect(await gathered(ledger.eachRow('r1'))).toEqual([]);
    await ledger.close();
  });

  it('keeps runs apart, and lists the newest first', async () => {
    const { ledger } = await begun(1);
    await ledger.beginRun(run('r2', { startedAt: '2026-01-06T08:00:00.000Z' }), [row(0)], [action(0)]);
    await ledger.sent(sent(0, { runId: 'r2' }));
    expect((await gathered(ledger.eachAction('r1')))[0]?.state).toBe('pending');
    expect(await ledger.tally('r1')).toEqual({ sent: 0, throttled: 0 });
    expect((await ledger.runs()).map(({ id }) => id)).toEqual(['r2', 'r1']);
    await ledger.close();
  });

  it('takes the run that was recorded last for the newest, also when the clock was set back before it', async () => {
    const { ledger } = await begun(1);
    await ledger.beginRun(run('r0', { startedAt: '2025-12-31T08:00:00.000Z' }), [row(0)], [action(0)]);
    expect((await ledger.runs()).map(({ id }) => id)).toEqual(['r0', 'r1']);
    await ledger.close();
  });

  it('remembers how a run ended', async () => {
    const { ledger } = await begun(1);
    await ledger.setRunState('r1', 'finished', '2026-01-05T09:00:00.000Z', 3);
    expect(await ledger.run('r1')).toEqual(
      run('r1', { state: 'finished', endedAt: '2026-01-05T09:00:00.000Z', exitCode: 3 }),
    );
    await ledger.close();
  });

  it('commits what is waiting when it is closed', async () => {
    const { directory, ledger } = await begun(1);
    const recording = ledger.sent(sent(0));
    await ledger.close();
    await recording;
    const again = openLedger(directory);
    expect((await gathered(again.eachAction('r1')))[0]?.state).toBe('sent');
    await again.close();
  });

  it('refuses to record once it is closed', async () => {
    const { ledger } = await begun(1);
    await ledger.close();
    await expect(ledger.sent(sent(0))).rejects.toMatchObject({ code: 'ledger-failed' });
  });
});

describe('a ledger that cannot be used', () => {
  it('because it is no database is left as it is, and says what to do', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'ledger.db');
    writeFileSync(file, 'serial number,upn\nS1,ada@x.test\n'.repeat(100));
    const before = readFileSync(file);
    const opening = (): Ledger => openLedger(directory);
    expect(opening).toThrow(OperationError);
    expect(opening).toThrow(expect.objectContaining({ code: 'ledger-failed', exitCode: 1 }) as Error);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('because a newer version wrote it is left as it is', () => {
    const directory = temporaryDirectory();
    const db = new Database(join(directory, 'ledger.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openLedger(directory)).toThrow(/newer version of oathbatch/);
  });

  it('because its place is a file says so', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'state');
    writeFileSync(file, '');
    expect(() => openLedger(file)).toThrow(expect.objectContaining({ code: 'ledger-failed' }) as Error);
  });

  it('makes the directory that is not there', async () => {
    const directory = join(temporaryDirectory(), 'a', 'b');
    await openLedger(directory).close();
    expect(readdirSync(directory)).toContain('ledger.db');
  });
});

describe('a secret', () => {
  it('is in no byte of the ledger, whatever was recorded with it at hand', async () => {
    const { directory, ledger } = await begun(1);
    const secret = new Secret('LEAKCANARYGEZDGNBVGY3TQOJQ');
    const said = `${String(secret)} ${JSON.stringify({ secretKey: secret })}`;
    await ledger.sent(sent(0, { clientRequestId: said }));
    await ledger.settled(
      settled(0, { detail: said, reason: String(secret), requestId: JSON.stringify(secret) }),
    );
    const bytes = (): string =>
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'latin1'))
        .join();
    expect(bytes()).toContain('[secret]');
    expect(bytes()).not.toContain('LEAKCANARY');
    await ledger.close();
    expect(bytes()).not.toContain('LEAKCANARY');
  });
});
