// The chain over a run's events, read from the file as an auditor would, without the program.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite.js';
import { alterChain, chainLines, type KeptLine } from '../chain-blocks.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run, sent, settled } from './records.js';

function withDatabase<Value>(directory: string, work: (db: Database.Database) => Value): Value {
  const db = new Database(join(directory, 'ledger.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function events(directory: string, runId: string): readonly KeptLine[] {
  return withDatabase(directory, (db) => chainLines(db, runId));
}

/** The first event whose hash is not that of its fields behind the hash before; -1 when the chain holds. */
function firstBroken(runId: string, chain: readonly KeptLine[]): number {
  let previous = '';
  return chain.findIndex((line) => {
    const { n, step, event, at, clientRequestId, requestId, status, outcome, detail, hash } = line;
    const fields = [runId, n, step, event, at, clientRequestId, requestId, status, outcome, detail];
    const expected = createHash('sha256')
      .update(`${previous}\n${JSON.stringify(fields)}`)
      .digest('hex');
    previous = hash;
    return hash !== expected;
  });
}

/** Two runs, one after the other and across a restart: their beginning, and ten events each. */
async function recorded(): Promise<string> {
  const directory = temporaryDirectory();
  for (const restart of [0, 1]) {
    const ledger = openLedger(directory);
    for (const runId of ['r1', 'r2']) {
      if (restart === 0) await ledger.beginRun(run(runId), [row(0)], [action(0)]);
      await ledger.sent(sent(0, { runId }));
      await ledger.settled(settled(0, { runId, outcome: 'throttled', detail: 'Größe "x"\n' }));
      await Promise.all([ledger.sent(sent(0, { runId })), ledger.settled(settled(0, { runId }))]);
      await ledger.settled(settled(0, { runId, status: 0 }));
    }
    await ledger.close();
  }
  return directory;
}

describe('the evidence', () => {
  it('is a chain of its own for each run, which holds across a restart', async () => {
    const directory = await recorded();
    for (const runId of ['r1', 'r2']) {
      const chain = events(directory, runId);
      expect(chain).toHaveLength(11);
      expect(firstBroken(runId, chain)).toBe(-1);
    }
  });

  it('says what the run began with, and of each request that it was sent before it says what came of it', async () => {
    const directory = await recorded();
    expect(
      events(directory, 'r1')
        .map(({ event }) => event)
        .slice(0, 5),
    ).toEqual(['began', 'sent', 'settled', 'sent', 'settled']);
  });

  it.each<[string, (chain: readonly KeptLine[]) => readonly KeptLine[], number]>([
    [
      'an altered outcome',
      (chain) => chain.map((line, i) => (i === 1 ? { ...line, outcome: 'done' } : line)),
      1,
    ],
    ['an altered time', (chain) => chain.map((line, i) => (i === 2 ? { ...line, at: '2020' } : line)), 2],
    ['a line that was taken out', (chain) => chain.filter((_, i) => i !== 1), 1],
    ['two lines that changed places', ([first, second, ...rest]) => kept(second, first, ...rest), 0],
  ])('shows %s', async (_what, change, where) => {
    const directory = await recorded();
    withDatabase(directory, (db) => void alterChain(db, 'r1', change));
    expect(firstBroken('r1', events(directory, 'r1'))).toBe(where);
    expect(firstBroken('r2', events(directory, 'r2'))).toBe(-1);
  });
});

function kept(...lines: readonly (KeptLine | undefined)[]): readonly KeptLine[] {
  return lines.filter((line) => line !== undefined);
}
