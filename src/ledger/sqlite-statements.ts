// The SQL by which runs are written and read, and actions read. What is done with it, and in which transaction,
// stands in sqlite.ts.

import type Database from 'libsql';

export type Statements = Readonly<
  Record<'insertRun' | 'setRunState' | 'run' | 'runs' | 'actionsAfter', Database.Statement>
>;

export function prepareStatements(db: Database.Database): Statements {
  return {
    insertRun: db.prepare(
      `INSERT INTO run (id, job, kind, job_file, overrides, job_sha256, graph, inputs, tool, reports_dir,
         started_at, state, ended_at, exit_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setRunState: db.prepare('UPDATE run SET state = ?, ended_at = ?, exit_code = ? WHERE id = ?'),
    run: db.prepare('SELECT * FROM run WHERE id = ?'),
    // In the order in which they were recorded: a clock that was set back makes a later run start earlier.
    runs: db.prepare('SELECT * FROM run ORDER BY rowid DESC'),
    actionsAfter: db.prepare(
      'SELECT * FROM action WHERE run_id = ? AND (n, step) > (?, ?) ORDER BY n, step LIMIT ?',
    ),
  };
}
