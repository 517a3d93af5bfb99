// The chain over a run's events, read from the file as an auditor would, without the program.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openLedger } from '../../src/ledger/sqlite.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run, sent, settled } from './records.js';

const eventSchema = z.object({
  ...{ run_id: z.string(), n: z.number(), step: z.number(), event: z.string(), at: z.string() },
  ...{ client_request_id: z.string(), request_id: z.string(), status: z.number(), outcome: z.string() },
  ...{ detail: z.string(), hash: z.string() },
});

type Event = z.infer<typeof eventSchema>;

function withDatabase<Value>(directory: string, work: (db: Database.Database) => Value): Value {
  const db = new Database(join(directory, 'ledger.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function events(directory: string, runId: string): readonly Event[] {
  return withDatabase(directory, (db) =>
    z.array(eventSchema).parse(db.prepare('SELECT * FROM event WHERE run_id = ? ORDER BY seq').all(runId)),
  );
}

/** The first event whose hash is not that of its fields behind the hash before; -1 when the chain holds. */
function firstBroken(chain: readonly Event[]): number {
  let previous = '';
  return chain.findIndex((event) => {
    const { run_id, n, step, at, client_request_id, request_id, status, outcome, detail, hash } = event;
    const fields = [run_id, n, step, event.event, at, client_request_id, request_id, status, outcome, detail];
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
      expect(firstBroken(chain)).toBe(-1);
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

  it.each([
    ['an altered outcome', "UPDATE event SET outcome = 'done' WHERE seq = 2", 1],
    ['an altered time', "UPDATE event SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 3", 2],
    ['a line that was taken out', 'DELETE FROM event WHERE seq = 2', 1],
    ['two lines that changed places', 'UPDATE event SET seq = CASE seq WHEN 1 THEN 1000 ELSE seq END', 0],
  ])('shows %s', async (_what, sql, where) => {
    const directory = await recorded();
    withDatabase(directory, (db) => db.exec(sql));
    expect(firstBroken(events(directory, 'r1'))).toBe(where);
    expect(firstBroken(events(directory, 'r2'))).toBe(-1);
  });
});
