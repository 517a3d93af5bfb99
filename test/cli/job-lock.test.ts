// When a lock counts as left behind. What is at stake: two runs of one job, or a job that never runs again.

import { describe, expect, it } from 'vitest';
import { isLeftBehind } from '../../src/cli/job-lock.js';
import type { LockHolder } from '../../src/ledger/ledger.js';

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
