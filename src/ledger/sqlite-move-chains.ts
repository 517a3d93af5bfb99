// Brings the chains of older ledgers, a record for each line, into blocks. Their hashes stay as they were, and the
// actions have been brought up to date with them by those who wrote them.

import type Database from 'libsql';
import { chainFields } from './chain.js';
import { decodeOldEvent } from './decode-conclusions.js';
import { eventLine } from './event-line.js';

/** Lines to a block. */
const LINES_MAX = 100;

/** Inside a transaction of the caller's. */
export function moveChains(db: Database.Database): void {
  const insert = db.prepare('INSERT INTO event_block (run_id, lines) VALUES (?, ?)');
  let runId = '';
  let waiting: string[] = [];
  const write = (): void => {
    if (waiting.length > 0) insert.run(runId, waiting.join('\n'));
    waiting = [];
  };
  for (const row of db.prepare('SELECT * FROM event ORDER BY run_id, seq').iterate()) {
    const { runId: id, ...event } = decodeOldEvent(row);
    if (id !== runId || waiting.length === LINES_MAX) write();
    runId = id;
    const [, ...fields] = chainFields(id, event);
    waiting.push(eventLine(event.hash, JSON.stringify(fields)));
  }
  write();
  db.exec(
    'INSERT INTO projection (id, seq) SELECT 1, coalesce(max(seq), 0) FROM event_block; DROP TABLE event',
  );
}
