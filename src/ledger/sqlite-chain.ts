// The runs' chains, on SQLite: the lines that are written in one transaction are one record, because records cost more
// than what stands in them. It leaves transactions to sqlite.ts, and the hashes to chain.ts.

import type Database from 'libsql';
import { chainFields, chainHashOf } from './chain.js';
import { decodeEventBlock, type EventBlock } from './decode-records.js';
import { decodeEventLine, type Effect, eventLine } from './event-line.js';
import type { LedgerEvent, RunEvent } from './ledger.js';

type Line = Omit<LedgerEvent, 'seq' | 'hash' | 'n' | 'step' | 'at'>;

/** Lines to a block at most: it bounds what is in memory, and what is read before others have their turn. */
const LINES_MAX = 500;

/** Blocks that are read at once. */
const BLOCKS_PER_PAGE = 16;

function prepareStatements(db: Database.Database) {
  return {
    insert: db.prepare('INSERT INTO event_block (run_id, lines) VALUES (?, ?)'),
    last: db.prepare('SELECT * FROM event_block WHERE run_id = ? ORDER BY seq DESC LIMIT 1'),
    after: db.prepare('SELECT * FROM event_block WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?'),
  };
}

/** A run's chain as it grows. */
interface Growing {
  /** The hash of its last line. */
  head: string;
  /** What stands before the fields of a line that are kept: the run's id, which each hash covers. */
  readonly beforeFields: number;
  /** Lines that are not written yet. */
  waiting: string[];
}

export class Chains {
  readonly #sql: ReturnType<typeof prepareStatements>;
  readonly #growing = new Map<string, Growing>();

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  /**
   * Inside a transaction of the caller's, who calls {@link write} before its end. When that fails, this object is used
   * no more: the heads are ahead.
   */
  append(
    record: { readonly runId: string; readonly n: number; readonly step: number; readonly at: string },
    line: Line,
    effect?: Effect,
  ): void {
    const { runId, n, step, at } = record;
    const chain = this.#chainOf(runId);
    const fields = JSON.stringify(chainFields(runId, { n, step, at, ...line }));
    chain.head = chainHashOf(chain.head, fields);
    chain.waiting.push(eventLine(chain.head, `[${fields.slice(chain.beforeFields)}`, effect));
  }

  /** What happened to the run as a whole; as {@link append}. */
  appendOfRun(runId: string, event: RunEvent, at: string, detail: string): void {
    const nothing = { clientRequestId: '', requestId: '', status: 0, outcome: '' };
    this.append({ runId, n: -1, step: -1, at }, { event, ...nothing, detail });
  }

  /** Writes what was appended. Inside the same transaction. */
  write(): void {
    for (const [runId, chain] of this.#growing) {
      for (let from = 0; from < chain.waiting.length; from += LINES_MAX) {
        this.#sql.insert.run(runId, chain.waiting.slice(from, from + LINES_MAX).join('\n'));
      }
      chain.waiting = [];
    }
  }

  /** Blocks of a run's chain, in their order, as many as one page holds: those behind the block `seq`. */
  blocksAfter(runId: string, seq: number): readonly EventBlock[] {
    return this.#sql.after.all(runId, seq, BLOCKS_PER_PAGE).map(decodeEventBlock);
  }

  #chainOf(runId: string): Growing {
    const known = this.#growing.get(runId);
    if (known !== undefined) return known;
    const [block] = this.#sql.last.all(runId).map(decodeEventBlock);
    const last = block?.lines.at(-1);
    const head = last === undefined ? '' : decodeEventLine(last, block?.lines.length ?? 0).hash;
    const chain = { head, beforeFields: `[${JSON.stringify(runId)},`.length, waiting: [] };
    this.#growing.set(runId, chain);
    return chain;
  }
}
