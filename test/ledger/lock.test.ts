// One run of a job at a time.

import { describe, expect, it } from 'vitest';
import type { Ledger, LockHolder } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { temporaryDirectory } from '../temporary-directory.js';

function holder(lockId: string, more: Partial<LockHolder> = {}): LockHolder {
  return {
    ...{ lockId, runId: `run-${lockId}`, pid: 100, host: 'here', bootId: 'boot-1' },
    since: '2026-01-05T08:00:00.000Z',
    ...more,
  };
}

const alive = (): boolean => false;
const dead = (): boolean => true;

async function held(): Promise<{ readonly directory: string; readonly ledger: Ledger }> {
  const directory = temporaryDirectory();
  const ledger = openLedger(directory);
  expect(await ledger.lock('berlin', holder('first'), alive)).toEqual({ kind: 'taken' });
  return { directory, ledger };
}

describe("a job's lock", () => {
  it('is held until it is given back, and says by whom', async () => {
    const { directory, ledger } = await held();
    const other = openLedger(directory);
    expect(await other.lock('berlin', holder('second'), alive)).toEqual({
      kind: 'held',
      by: holder('first'),
    });
    await ledger.unlock('berlin', 'first');
    expect(await other.lock('berlin', holder('second'), alive)).toEqual({ kind: 'taken' });
    await Promise.all([ledger.close(), other.close()]);
  });

  it('does not keep another job', async () => {
    const { ledger } = await held();
    expect(await ledger.lock('paris', holder('second'), alive)).toEqual({ kind: 'taken' });
    await ledger.close();
  });

  it('is taken over from a holder who is gone', async () => {
    const { ledger } = await held();
    const seen: LockHolder[] = [];
    const isDead = (by: LockHolder): boolean => seen.push(by) > 0;
    expect(await ledger.lock('berlin', holder('second'), isDead)).toEqual({ kind: 'taken' });
    expect(seen).toEqual([holder('first')]);
    expect(await ledger.lock('berlin', holder('third'), alive)).toEqual({
      kind: 'held',
      by: holder('second'),
    });
    await ledger.close();
  });

  it('is not given back by one who no longer holds it', async () => {
    const { ledger } = await held();
    await ledger.lock('berlin', holder('second'), dead);
    await ledger.unlock('berlin', 'first');
    expect(await ledger.lock('berlin', holder('third'), alive)).toEqual({
      kind: 'held',
      by: holder('second'),
    });
    await ledger.close();
  });

  it('is taken by one of many who ask at once', async () => {
    const directory = temporaryDirectory();
    const ledgers = Array.from({ length: 5 }, () => openLedger(directory));
    const answers = await Promise.all(
      ledgers.map((ledger, n) => ledger.lock('berlin', holder(`h${n}`), alive)),
    );
    expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  });

  it('can be dropped by its id by an operator who knows better', async () => {
    const { ledger } = await held();
    expect(await ledger.dropLock('unknown')).toBe(false);
    expect(await ledger.dropLock('first')).toBe(true);
    expect(await ledger.dropLock('first')).toBe(false);
    expect(await ledger.lock('berlin', holder('second'), alive)).toEqual({ kind: 'taken' });
    await ledger.close();
  });
});
