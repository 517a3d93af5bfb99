// Brings the rows and verdicts of older runs, a record each, into blocks. Their hashes stay as they were: a block holds
// the very lines over which those were made.

import type Database from 'libsql';
import { decodeAnyRecord, decodeOldRun, decodeOldVerdict } from './decode-records.js';
import { recordLine } from './digest.js';
import { LineBlocks } from './sqlite-blocks.js';
import { SeenTokens } from './sqlite-seen.js';

/** Inside a transaction of the caller's. */
export function moveToBlocks(db: Database.Database): void {
  const rowsOf = db.prepare('SELECT * FROM planned_row WHERE run_id = ? ORDER BY n');
  const verdictsOf = db.prepare(
    'SELECT serial_number, verdict, record FROM verdict WHERE run_id = ? ORDER BY n',
  );
  const plans = new LineBlocks(db, 'plan_block');
  const conclusions = new LineBlocks(db, 'verdict_block');
  const seenTokens = new SeenTokens(db);
  // As they were concluded: who waits is told by what was found before.
  const runs = db.prepare(
    "SELECT r.id, r.graph, coalesce(c.at, '') AS at FROM run r LEFT JOIN conclusion c ON c.run_id = r.id ORDER BY at",
  );
  for (const { id, graph, at } of runs.all().map(decodeOldRun)) {
    const seen = seenTokens.note({ runId: id, graph, at });
    plans.replace(id, rows());
    conclusions.replace(id, records());
    seen.end();

    function* rows(): Generator<string, void> {
      for (const row of rowsOf.iterate(id)) yield recordLine(decodeAnyRecord(row));
    }
    function* records(): Generator<string | Uint8Array, void> {
      for (const verdict of verdictsOf.iterate(id)) {
        const row = decodeOldVerdict(verdict);
        seen.add(row);
        yield row.record;
      }
    }
  }
  db.exec('DROP TABLE planned_row; DROP TABLE verdict');
}
