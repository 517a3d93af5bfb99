// Whether SQLite keeps its log as the ledger needs it.

import type Database from 'libsql';
import { z } from 'zod';

const journalSchema = z.tuple([z.object({ journal_mode: z.string() })]);
const synchronousSchema = z.tuple([z.object({ synchronous: z.number() })]);

/** Of `PRAGMA synchronous`: a checkpoint is flushed (https://www.sqlite.org/pragma.html#pragma_synchronous). */
const SYNCHRONOUS_NORMAL = 1;

/**
 * SQLite need not do as it is told, on a network's file system say; what is promised holds only with a log whose
 * checkpoints are flushed.
 *
 * @throws {Error} when there is none.
 */
export function refuseUnsafe(db: Database.Database): void {
  const [{ journal_mode: journal }] = journalSchema.parse(db.pragma('journal_mode'));
  const [{ synchronous }] = synchronousSchema.parse(db.pragma('synchronous'));
  if (journal === 'wal' && synchronous >= SYNCHRONOUS_NORMAL) return;
  throw new Error(`there is no log that is flushed: journal mode ${journal}, synchronous ${synchronous}`);
}
