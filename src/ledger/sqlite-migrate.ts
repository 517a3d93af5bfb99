// Brings a ledger that an earlier version wrote to the form of today, step by step; what the steps are stands in
// schema.ts.

import type Database from 'libsql';
import { decodeVersion } from './decode-records.js';
import { MIGRATIONS } from './schema.js';
import { moveChains } from './sqlite-move-chains.js';
import { moveToBlocks } from './sqlite-move-to-blocks.js';

/** What SQL alone cannot do, by the version to which it belongs. */
const MOVES: ReadonlyMap<number, (db: Database.Database) => void> = new Map([
  [5, moveToBlocks],
  [6, moveChains],
]);

/**
 * Each step is carried out as a whole or not at all, and by one of several processes that come at the same time.
 * Throws when a newer version wrote the ledger.
 */
export function migrate(db: Database.Database): void {
  const version = (): number => decodeVersion(db.pragma('user_version'));
  if (version() > MIGRATIONS.length) throw new Error('it was written by a newer version of oathbatch');
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version()) continue;
    db.transaction(() => {
      if (index < version()) return;
      db.exec(sql);
      MOVES.get(index + 1)?.(db);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}
