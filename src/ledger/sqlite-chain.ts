// Appends to the runs' chains, on SQLite. It leaves transactions to sqlite.ts, and the hashes to chain.ts.

import type Database from 'libsql';
import { chainFields, chainHash } from './chain.js';
import { decodeHash } from './decode-records.js';
import type { LedgerEvent, RunEvent } from './ledger.js';

type Line = Omit<LedgerEvent, 'seq' | 'hash' | 'n' | 'step' | 'at'>;

function prepareStatements(db: Database.Database) {
  return {
    event: db.prepare(
      `INSERT INTO event (run_id, n, step, event, at, client_request_id, request_id, status, outcome, detail,
         hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    head: db.prepare('SELECT hash FROM event WHERE run_id = ? ORDER BY seq DESC LIMIT 1'),
  };
}

export class ChainWriter {
  readonly #sql: ReturnType<typeof prepareStatements>;
  /** The hash of each run's last event. */
  readonly #heads = new Map<string, string>();

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  /** Inside a transaction of the caller's. When that fails, this object is used no more: the heads are ahead. */
  append(
    record: { readonly runId: string; readonly n: number; readonly step: number; readonly at: string },
    line: Line,
  ): void {
    const { runId, n, step, at } = record;
    const fields = chainFields(runId, { n, step, at, ...line });
    const hash = chainHash(this.#headOf(runId), fields);
    this.#sql.event.run(...fields, hash);
    this.#heads.set(runId, hash);
  }

  /** What happened to the run as a whole; inside a transaction of the caller's. */
  appendOfRun(runId: string, event: RunEvent, at: string, detail: string): void {
    const nothing = { clientRequestId: '', requestId: '', status: 0, outcome: '' };
    this.append({ runId, n: -1, step: -1, at }, { event, ...nothing, detail });
  }

  #headOf(runId: string): string {
    const known = this.#heads.get(runId);
    if (known !== undefined) return known;
    const [row] = this.#sql.head.all(runId);
    return row === undefined ? '' : decodeHash(row);
  }
}
