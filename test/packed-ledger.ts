// Reads and changes what a ledger keeps packed, behind the program's back.

import { deflateSync, inflateSync } from 'node:zlib';
import Database from 'libsql';
import { z } from 'zod';

const TABLES = ['plan_block', 'verdict_block', 'seen_block'] as const;

type Table = (typeof TABLES)[number];

const blocks = z.array(z.object({ at: z.number(), lines: z.instanceof(ArrayBuffer) }));

function blocksOf(db: Database.Database, table: Table): z.infer<typeof blocks> {
  return blocks.parse(db.prepare(`SELECT rowid AS at, lines FROM ${table}`).all());
}

/** All that is packed in a ledger, for those who search it for what must not be there. */
export function packedTexts(file: string): string {
  const db = new Database(file);
  try {
    return TABLES.flatMap((table) => blocksOf(db, table))
      .map(({ lines }) => inflateSync(lines).toString('latin1'))
      .join('');
  } finally {
    db.close();
  }
}

/** Changes packed texts. @returns what puts them back. */
export function alterPacked(
  db: Database.Database,
  table: Table,
  change: (text: string) => string,
): () => void {
  const set = db.prepare(`UPDATE ${table} SET lines = ? WHERE rowid = ?`);
  const before = blocksOf(db, table);
  for (const { at, lines } of before) {
    set.run(deflateSync(change(inflateSync(lines).toString('utf8'))), at);
  }
  return () => {
    for (const { at, lines } of before) set.run(Buffer.from(lines), at);
  };
}
