// A database in memory for the ledgers of one seed after another: it is emptied instead of opened, and keeps the
// statements that it has prepared, which take longer than a run.

import Database from 'libsql';
import { z } from 'zod';

const table = z.object({ name: z.string() });

export class MemoryLedger extends Database {
  constructor() {
    super(':memory:');
    const prepared = new Map<string, Database.Statement>();
    const prepare = super.prepare.bind(this);
    const remembered = (source: string): Database.Statement => {
      const statement = prepared.get(source) ?? prepare(source);
      prepared.set(source, statement);
      return statement;
    };
    Object.defineProperty(this, 'prepare', { value: remembered });
  }

  /** As it was when it was made, but for its tables. */
  empty(): void {
    const tables = this.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables.map((one) => table.parse(one))) this.exec(`DELETE FROM ${name}`);
  }
}
