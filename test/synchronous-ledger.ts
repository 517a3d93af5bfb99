// A ledger whose commits are durable when they return. In virtual time nothing may take real time, as a flush beside
// the work does: the clock would go on without it.

import { join } from 'node:path';
import Database from 'libsql';
import type { Ledger } from '../src/ledger/ledger.js';
import { ledgerOn } from '../src/ledger/sqlite.js';

/** A ledger on the disk, in a folder that is there. */
export function synchronousLedger(directory: string): Ledger {
  const db = new Database(join(directory, 'ledger.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  return ledgerOn(db);
}
