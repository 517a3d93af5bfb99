// A log whose checkpoints are flushed is what every promise of the ledger rests on: on real SQLite files.

import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { refuseUnsafe } from '../../src/ledger/sqlite-journal.js';
import { temporaryDirectory } from '../temporary-directory.js';

function refusal(...pragmas: readonly string[]): unknown {
  const db = new Database(join(temporaryDirectory(), 'ledger.db'));
  try {
    for (const pragma of pragmas) db.pragma(pragma);
    refuseUnsafe(db);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  } finally {
    db.close();
  }
}

describe('a database', () => {
  it.each(['NORMAL', 'FULL'])('with a log and synchronous=%s keeps what it is told', (synchronous) => {
    expect(refusal('journal_mode = WAL', `synchronous = ${synchronous}`)).toBeUndefined();
  });

  it('whose checkpoints are not flushed is refused', () => {
    expect(refusal('journal_mode = WAL', 'synchronous = OFF')).toBe(
      'there is no log that is flushed: journal mode wal, synchronous 0',
    );
  });

  it('without a log is refused', () => {
    expect(refusal('journal_mode = DELETE', 'synchronous = FULL')).toBe(
      'there is no log that is flushed: journal mode delete, synchronous 2',
    );
  });
});
