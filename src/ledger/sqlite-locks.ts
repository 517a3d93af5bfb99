// Who works on which job, on SQLite. It leaves transactions to sqlite.ts.

import type Database from 'libsql';
import { decodeLock } from './decode-records.js';
import type { LockAnswer, LockHolder } from './ledger.js';

function prepareStatements(db: Database.Database) {
  return {
    holder: db.prepare('SELECT * FROM job_lock WHERE job = ?'),
    take: db.prepare(
      'INSERT OR REPLACE INTO job_lock (job, lock_id, run_id, pid, host, boot_id, since) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    give: db.prepare('DELETE FROM job_lock WHERE job = ? AND lock_id = ?'),
    drop: db.prepare('DELETE FROM job_lock WHERE lock_id = ?'),
  };
}

export class Locks {
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  /** Inside a transaction of the caller's, which nobody else's can come between. */
  take(job: string, mine: LockHolder, isDead: (holder: LockHolder) => boolean): LockAnswer {
    const [raw] = this.#sql.holder.all(job);
    if (raw !== undefined) {
      const by = decodeLock(raw);
      if (!isDead(by)) return { kind: 'held', by };
    }
    this.#sql.take.run(job, mine.lockId, mine.runId, mine.pid, mine.host, mine.bootId, mine.since);
    return { kind: 'taken' };
  }

  /** Gives a lock back, unless somebody else has taken it over. */
  give(job: string, lockId: string): void {
    this.#sql.give.run(job, lockId);
  }

  /** False: there is no such lock. */
  drop(lockId: string): boolean {
    return this.#sql.drop.run(lockId).changes > 0;
  }
}
