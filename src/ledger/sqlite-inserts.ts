// Inserts many rows by few statements: what a call of the binding costs is shared by those that go together.

import type Database from 'libsql';

type Value = string | number | null;

/** Rows to a statement. More are no quicker. */
const ROWS_MAX = 50;

export class ManyInserts {
  readonly #prepare: (rows: number) => Database.Statement;
  #one: Database.Statement | undefined;
  #many: Database.Statement | undefined;

  /** @param into - the table and its columns, as `action (run_id, n)`. */
  constructor(db: Database.Database, into: string, columns: number) {
    const row = `(${Array<string>(columns).fill('?').join(', ')})`;
    this.#prepare = (rows) =>
      db.prepare(`INSERT INTO ${into} VALUES ${Array<string>(rows).fill(row).join(', ')}`);
  }

  /** Inside a transaction of the caller's. */
  insert(rows: Iterable<readonly Value[]>): void {
    let waiting: (readonly Value[])[] = [];
    for (const row of rows) {
      if (waiting.push(row) < ROWS_MAX) continue;
      this.#many ??= this.#prepare(ROWS_MAX);
      this.#many.run(...waiting.flat());
      waiting = [];
    }
    for (const row of waiting) {
      this.#one ??= this.#prepare(1);
      this.#one.run(...row);
    }
  }
}
