// When a lock counts as left behind. What is at stake: two runs of one job, or a job that never runs again.

import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isLeftBehind, takeJobLock } from '../../src/cli/job-lock.js';
import { systemClock } from '../../src/clock.js';
import type { LockHolder } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { seededRandom } from '../../src/random.js';
import { temporaryDirectory } from '../temporary-directory.js';

const mine: LockHolder = {
  lockId: 'mine',
  runId: 'run-2',
  pid: 200,
  host: 'here',
  bootId: 'boot-2',
  since: '2026-11-22T03:00:00.000Z',
};
const holder: LockHolder = { ...mine, lockId: 'theirs', runId: 'run-1', pid: 100 };

describe('a lock', () => {
  it.each<{
    readonly promise: string;
    readonly of: Partial<LockHolder>;
    readonly alive: boolean;
    readonly left: boolean;
  }>([
    { promise: 'stands while its process lives', of: {}, alive: true, left: false },
    { promise: 'is left behind when its process is gone', of: {}, alive: false, left: true },
    {
      promise: 'is left behind when the computer was started since, whoever has its number now',
      of: { bootId: 'boot-1' },
      alive: true,
      left: true,
    },
    {
      promise: 'is judged by its process alone where no start of the computer is known',
      of: { bootId: '' },
      alive: true,
      left: false,
    },
    {
      promise: 'is left behind by an earlier process with the same number, as the first of a container',
      of: { pid: mine.pid },
      alive: true,
      left: true,
    },
    {
      promise: 'of another machine stands, because nothing can be told about that',
      of: { host: 'elsewhere', bootId: 'boot-1' },
      alive: false,
      left: false,
    },
  ])('$promise', ({ of, alive, left }) => {
    expect(isLeftBehind({ ...holder, ...of }, mine, () => alive)).toBe(left);
  });
});

describe('the lock of a job', () => {
  const ports = { clock: systemClock, random: seededRandom(1) };

  /** Of a process that certainly lives and is not this one. */
  function parent(more: Partial<LockHolder> = {}): LockHolder {
    return {
      ...mine,
      lockId: 'theirs',
      runId: 'r1',
      pid: process.ppid,
      host: hostname(),
      bootId: '',
      ...more,
    };
  }

  it('is given back by what taking it answers', async () => {
    const ledger = openLedger(temporaryDirectory());
    const unlock = await takeJobLock(ledger, 'berlin', 'r2', ports);
    await unlock();
    expect(await ledger.lock('berlin', mine, () => false)).toEqual({ kind: 'taken' });
    await ledger.close();
  });

  it.each([
    ['here', parent(), 'Wait until it has ended, or end that process; its lock ends with it.'],
    [
      'on another machine',
      parent({ host: 'there' }),
      'Wait until it has ended. If that machine is gone: oathbatch runs --unlock theirs',
    ],
  ])('that is held %s is refused, and says by whom and what to do', async (_what, holder, next) => {
    const ledger = openLedger(temporaryDirectory());
    await ledger.lock('berlin', holder, () => false);
    await expect(takeJobLock(ledger, 'berlin', 'r2', ports)).rejects.toMatchObject({
      ...{ code: 'run-locked', exitCode: 1, data: 'Nothing was sent.', next },
      message: expect.stringContaining(`by process ${process.ppid}`) as string,
    });
    await ledger.close();
  });

  it('that a dead process left behind is taken over', async () => {
    const ledger = openLedger(temporaryDirectory());
    // Above every process number that Linux, macOS and Windows give.
    await ledger.lock('berlin', parent({ pid: 2 ** 31 - 1 }), () => false);
    await expect(takeJobLock(ledger, 'berlin', 'r2', ports)).resolves.toBeTypeOf('function');
    await ledger.close();
  });
});
