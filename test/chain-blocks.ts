// Reads and changes the lines of the chains that a ledger keeps, behind the program's back.

import type Database from 'libsql';
import { z } from 'zod';
import type { LedgerEvent } from '../src/ledger/ledger.js';

const blocks = z.array(z.object({ seq: z.number(), lines: z.string() }));

const fieldsSchema = z.tuple([
  ...[z.number(), z.number(), z.string(), z.string(), z.string()],
  ...[z.string(), z.number(), z.string(), z.string()],
] as const);

/** A line as it stands in the file: its hash, what the hash covers but for the run's id, and what is behind the tab. */
export interface KeptLine extends Omit<LedgerEvent, 'seq'> {
  readonly behind: string;
}

function parsed(line: string): KeptLine {
  const [front = '', ...behind] = line.split('\t');
  const fields = fieldsSchema.parse(JSON.parse(front.slice(64)));
  const [n, step, event, at, clientRequestId, requestId, status, outcome, detail] = fields;
  const what = { n, step, event, at, clientRequestId, requestId, status, outcome, detail };
  return { hash: front.slice(0, 64), ...what, behind: behind.join('\t') };
}

function written(line: KeptLine): string {
  const { hash, n, step, event, at, clientRequestId, requestId, status, outcome, detail, behind } = line;
  const fields = [n, step, event, at, clientRequestId, requestId, status, outcome, detail];
  return `${hash}${JSON.stringify(fields)}${behind === '' ? '' : `\t${behind}`}`;
}

function blocksOf(db: Database.Database, runId: string): z.infer<typeof blocks> {
  return blocks.parse(
    db.prepare('SELECT seq, lines FROM event_block WHERE run_id = ? ORDER BY seq').all(runId),
  );
}

/** A run's chain, line by line. */
export function chainLines(db: Database.Database, runId: string): readonly KeptLine[] {
  return blocksOf(db, runId).flatMap(({ lines }) => lines.split('\n').map(parsed));
}

/** Puts other lines in place of a run's chain, all in its first block. @returns what puts the old ones back. */
export function alterChain(
  db: Database.Database,
  runId: string,
  change: (lines: readonly KeptLine[]) => readonly KeptLine[],
): () => void {
  const before = blocksOf(db, runId);
  const set = db.prepare('UPDATE event_block SET lines = ? WHERE seq = ?');
  const drop = db.prepare('DELETE FROM event_block WHERE seq = ?');
  const insert = db.prepare('INSERT INTO event_block (seq, run_id, lines) VALUES (?, ?, ?)');
  const after = change(chainLines(db, runId)).map(written).join('\n');
  for (const [i, { seq }] of before.entries()) {
    if (i === 0) set.run(after, seq);
    else drop.run(seq);
  }
  return () => {
    for (const { seq } of before) drop.run(seq);
    for (const { seq, lines } of before) insert.run(seq, runId, lines);
  };
}
