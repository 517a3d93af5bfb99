// The SQL by which runs, rows, actions and locks are written and read. What is done with it, and in which
// transaction, stands in sqlite.ts.

import type Database from 'libsql';

export type Statements = Readonly<
  Record<
    | 'insertRun'
    | 'setRunState'
    | 'sent'
    | 'settled'
    | 'run'
    | 'runs'
    | 'actionsAfter'
    | 'tally'
    | 'lockHolder'
    | 'takeLock'
    | 'unlock'
    | 'dropLock',
    Database.Statement
  >
>;

export function prepareStatements(db: Database.Database): Statements {
  return {
    insertRun: db.prepare(
      `INSERT INTO run (id, job, kind, job_file, overrides, job_sha256, graph, inputs, tool, reports_dir,
         started_at, state, ended_at, exit_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setRunState: db.prepare('UPDATE run SET state = ?, ended_at = ?, exit_code = ? WHERE id = ?'),
    sent: db.prepare(
      `UPDATE action SET state = 'sent', client_request_id = ?, request_id = '', reason = '', detail = ''
         WHERE run_id = ? AND n = ? AND step = ?`,
    ),
    settled: db.prepare(
      `UPDATE action SET state = ?, attempts = attempts + ?, throttled = throttled + ?, request_id = ?,
         device_id = CASE ? WHEN '' THEN device_id ELSE ? END, reason = ?, detail = ?
         WHERE run_id = ? AND n = ? AND step = ?`,
    ),
    run: db.prepare('SELECT * FROM run WHERE id = ?'),
    // In the order in which they were recorded: a clock that was set back makes a later run start earlier.
    runs: db.prepare('SELECT * FROM run ORDER BY rowid DESC'),
    actionsAfter: db.prepare(
      'SELECT * FROM action WHERE run_id = ? AND (n, step) > (?, ?) ORDER BY n, step LIMIT ?',
    ),
    tally: db.prepare(
      // A request for many rows is recorded for each of them, with one id.
      `SELECT count(DISTINCT CASE WHEN event = 'sent' THEN client_request_id END) AS sent,
         count(DISTINCT CASE WHEN outcome <> 'throttled' THEN NULL
           WHEN request_id = '' THEN 'line ' || seq ELSE request_id END) AS throttled
       FROM event WHERE run_id = ?`,
    ),
    lockHolder: db.prepare('SELECT * FROM job_lock WHERE job = ?'),
    takeLock: db.prepare(
      'INSERT OR REPLACE INTO job_lock (job, lock_id, run_id, pid, host, boot_id, since) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    unlock: db.prepare('DELETE FROM job_lock WHERE job = ? AND lock_id = ?'),
    dropLock: db.prepare('DELETE FROM job_lock WHERE lock_id = ?'),
  };
}
