// Many records in one durable transaction; and none after a failure.

import { describe, expect, it } from 'vitest';
import { OperationError } from '../../src/errors.js';
import { GroupCommit, ledgerFailed } from '../../src/ledger/group-commit.js';

/** A store that counts its transactions, and fails from the given one on. */
function store(failsFrom = Number.POSITIVE_INFINITY) {
  const state = { transactions: 0, applied: [] as number[] };
  const commits = new GroupCommit((work) => {
    state.transactions += 1;
    if (state.transactions >= failsFrom) throw new Error('"disk" I/O error');
    work();
  });
  const submit = (n: number): Promise<void> =>
    commits.submit(() => {
      state.applied.push(n);
    });
  return { state, commits, submit };
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('records that are written at about the same time', () => {
  it('share one transaction, in their order', async () => {
    const { state, submit } = store();
    await Promise.all(upTo(100).map(submit));
    expect(state).toEqual({ transactions: 1, applied: upTo(100) });
  });

  it('are not on the disk before their transaction is', async () => {
    const { state, submit } = store();
    let durable = false;
    const submitted = submit(1).then(() => {
      durable = true;
    });
    expect([durable, state.transactions]).toEqual([false, 0]);
    await submitted;
    expect([durable, state.transactions]).toEqual([true, 1]);
  });

  it('are committed a thousand at a time, so that nobody waits for long', async () => {
    const { state, submit } = store();
    await Promise.all(upTo(2_500).map(submit));
    expect(state).toEqual({ transactions: 3, applied: upTo(2_500) });
  });

  it('that come later have a transaction of their own', async () => {
    const { state, submit } = store();
    await submit(1);
    await submit(2);
    expect(state.transactions).toBe(2);
  });

  it('are on the disk once all is settled', async () => {
    const { state, commits, submit } = store();
    const submitted = submit(1);
    await commits.settle();
    expect(state.applied).toEqual([1]);
    await submitted;
    expect(state.transactions).toBe(1);
  });
});

/** A store whose transactions are durable only when the disk says so. */
function slowStore() {
  const state = { transactions: [] as number[][], flushed: 0, durable: [] as number[] };
  let answer: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const commits = new GroupCommit(
    (work) => {
      state.transactions.push([]);
      work();
    },
    () =>
      new Promise((resolve, reject) => {
        state.flushed += 1;
        answer = { resolve, reject };
      }),
  );
  const submit = (n: number): Promise<void> =>
    commits
      .submit(() => {
        state.transactions.at(-1)?.push(n);
      })
      .then(() => {
        state.durable.push(n);
      });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    state,
    commits,
    submit,
    turn,
    flushed: async () => {
      answer?.resolve();
      await turn();
    },
    failed: async () => {
      answer?.reject(new Error('I/O error'));
      await turn();
    },
  };
}

describe('records on a disk that takes its time', () => {
  it('are durable when their flush has ended, and not when they are written', async () => {
    const { state, submit, turn, flushed } = slowStore();
    const submitted = submit(1);
    await turn();
    expect(state).toEqual({ transactions: [[1]], flushed: 1, durable: [] });
    await flushed();
    expect(state.durable).toEqual([1]);
    await submitted;
  });

  it('share the next transaction when they come while a flush is under way', async () => {
    const { state, submit, turn, flushed } = slowStore();
    const all = [submit(1)];
    await turn();
    all.push(submit(2), submit(3));
    await turn();
    expect(state).toEqual({ transactions: [[1]], flushed: 1, durable: [] });
    await flushed();
    expect(state).toEqual({ transactions: [[1], [2, 3]], flushed: 2, durable: [1] });
    await flushed();
    await Promise.all(all);
  });

  it('all fail with a flush that fails, those behind it unwritten', async () => {
    const { state, submit, turn, failed } = slowStore();
    const first = submit(1);
    await turn();
    const second = submit(2);
    const ends = Promise.allSettled([first, second]);
    await failed();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(submit(3)).rejects.toMatchObject({ code: 'ledger-failed' });
    expect(state).toEqual({ transactions: [[1]], flushed: 1, durable: [] });
  });

  it('are waited for when all is settled', async () => {
    const { state, commits, submit, turn, flushed } = slowStore();
    const submitted = submit(1);
    await turn();
    const settled = commits.settle();
    await flushed();
    await settled;
    await submitted;
    expect(state.durable).toEqual([1]);
  });
});

describe('a transaction that fails', () => {
  it('is the failure of everybody in it', async () => {
    const { submit } = store(1);
    const ends = await Promise.allSettled(upTo(10).map(submit));
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await expect(submit(11)).rejects.toMatchObject({
      code: 'ledger-failed',
      message: 'The ledger cannot be used: writing it failed (disk I/O error).',
    });
  });

  it('is the last one: what a failed flush left on the disk is not known', async () => {
    const { state, submit } = store(2);
    await submit(1);
    await expect(submit(2)).rejects.toBeInstanceOf(OperationError);
    await expect(submit(3)).rejects.toBeInstanceOf(OperationError);
    expect(state).toEqual({ transactions: 2, applied: [1] });
  });

  it('takes those with it who are queued behind it', async () => {
    const { state, submit } = store(1);
    const ends = await Promise.allSettled(upTo(1_500).map(submit));
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(state.transactions).toBe(1);
  });

  it('because of one record leaves none of the others behind', async () => {
    const { commits, submit } = store();
    const good = submit(1);
    const bad = commits.submit(() => {
      throw new Error('constraint');
    });
    await expect(good).rejects.toMatchObject({ code: 'ledger-failed' });
    await expect(bad).rejects.toMatchObject({ code: 'ledger-failed' });
  });
});

describe('the failure of the ledger', () => {
  it('is told once: an operational failure is passed on as it is', () => {
    const first = ledgerFailed('writing it failed', new Error('full'));
    expect(ledgerFailed('reading it failed', first)).toBe(first);
  });

  it('can be told of anything that was thrown', () => {
    expect(ledgerFailed('opening failed', 'words').message).toBe(
      'The ledger cannot be used: opening failed (words).',
    );
  });
});
