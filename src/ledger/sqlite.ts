// The ledger on SQLite, by libsql. The only file that touches the binding. Every commit is flushed to the
// disk before anybody is told of it (WAL, and log-flush.ts); what a crash leaves behind is SQLite's business.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { nextTurn } from '../turn.js';
import { decodeAction, decodeRun } from './decode-records.js';
import { beganDetail } from './digest.js';
import { decodeEventLine } from './event-line.js';
import { GroupCommit, ledgerFailed } from './group-commit.js';
import type {
  AssignedSince,
  Conclusion,
  KeptConclusion,
  Ledger,
  LedgerAction,
  LedgerEvent,
  LedgerRow,
  LockAnswer,
  LockHolder,
  RunEvent,
  RunRecord,
  RunState,
  SentRecord,
  SettledRecord,
} from './ledger.js';
import { LogFlush } from './log-flush.js';
import { Chains } from './sqlite-chain.js';
import { Conclusions } from './sqlite-conclusions.js';
import { refuseUnsafe } from './sqlite-journal.js';
import { Locks } from './sqlite-locks.js';
import { migrate } from './sqlite-migrate.js';
import { Plans } from './sqlite-plans.js';
import { Projection } from './sqlite-projection.js';
import { prepareStatements, type Statements } from './sqlite-statements.js';
import { WriteTally } from './write-tally.js';

const LEDGER_FILE = 'ledger.db';

/** Actions in memory at once. */
const ACTIONS_PER_PAGE = 500;

/** Lines of a chain that are read before others have their turn. */
const LINES_PER_TURN = 500;

/** Pages of 4 kB in the log before they are carried into the file: rarer than SQLite's 1,000, for each time is a wait. */
const CHECKPOINT_PAGES = 8_000;

/** How long to wait for another process that is writing to the same ledger. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the ledger of a state directory, and makes both when they are not there.
 *
 * @throws {OperationError} `ledger-failed`.
 */
export function openLedger(stateDir: string): Ledger {
  const file = join(stateDir, LEDGER_FILE);
  try {
    mkdirSync(stateDir, { recursive: true });
    const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    db.pragma('journal_mode = WAL');
    // Every commit is flushed by LogFlush, beside the work of the program instead of in its way (decision 0092).
    db.pragma('synchronous = NORMAL');
    refuseUnsafe(db);
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return ledgerOn(db, undefined, new LogFlush(`${file}-wal`));
  } catch (error) {
    throw ledgerFailed(`opening ${file} failed`, error);
  }
}

/**
 * A ledger on an open database, which it brings to the form of today.
 *
 * @param commit - carries out one transaction; a test stands in between and lets it fail or be lost.
 * @param log - makes what was committed durable, when a commit alone does not.
 */
export function ledgerOn(
  db: Database.Database,
  commit: (transact: () => void) => void = (transact) => transact(),
  log?: LogFlush,
): Ledger {
  migrate(db);
  return new SqliteLedger(db, commit, log);
}

class SqliteLedger implements Ledger {
  readonly #db: Database.Database;
  readonly #sql: Statements;
  readonly #commits: GroupCommit;
  readonly #conclusions: Conclusions;
  readonly #chains: Chains;
  readonly #projection: Projection;
  readonly #plans: Plans;
  readonly #locks: Locks;

  readonly #log: LogFlush | undefined;

  constructor(db: Database.Database, commit: (transact: () => void) => void, log: LogFlush | undefined) {
    this.#db = db;
    this.#log = log;
    this.#sql = prepareStatements(db);
    this.#chains = new Chains(db);
    this.#projection = new Projection(db);
    this.#plans = new Plans(db);
    this.#locks = new Locks(db);
    this.#conclusions = new Conclusions(db);
    const transact = (work: () => void): void =>
      commit(() =>
        db
          .transaction(() => {
            work();
            this.#chains.write();
          })
          .immediate(),
      );
    this.#commits = new GroupCommit(transact, log === undefined ? undefined : () => log.flush());
  }

  beginRun(run: RunRecord, rows: Iterable<LedgerRow>, actions: Iterable<LedgerAction>): Promise<void> {
    return this.#commits.submit(() => {
      this.#sql.insertRun.run(
        run.id,
        run.job,
        run.kind,
        run.jobFile,
        JSON.stringify(run.overrides),
        run.jobSha256,
        run.graph,
        JSON.stringify(run.inputs),
        run.tool,
        run.reportsDir,
        run.startedAt,
        run.state,
        run.endedAt,
        run.exitCode ?? null,
      );
      const detail = beganDetail(run, this.#plans.insert(run.id, rows, actions));
      this.#chains.appendOfRun(run.id, 'began', run.startedAt, detail);
    });
  }

  setRunState(runId: string, state: RunState, endedAt: string, exitCode: number | undefined): Promise<void> {
    return this.#commits.submit(() => {
      this.#sql.setRunState.run(state, endedAt, exitCode ?? null, runId);
    });
  }

  async run(runId: string): Promise<RunRecord | undefined> {
    const [row] = this.#read(() => this.#sql.run.all(runId));
    return row === undefined ? undefined : decodeRun(row);
  }

  async runs(): Promise<readonly RunRecord[]> {
    return this.#read(() => this.#sql.runs.all()).map(decodeRun);
  }

  async *eachRow(runId: string): AsyncGenerator<LedgerRow, void, undefined> {
    for (const [place, block] of this.#read(() => this.#plans.blocks(runId)).entries()) {
      if (place > 0) await nextTurn();
      yield* this.#read(() => this.#plans.rowsIn(runId, block));
    }
  }

  async *eachAction(runId: string): AsyncGenerator<LedgerAction, void, undefined> {
    await this.#bringUpToDate();
    for (let after = { n: -1, step: -1 }; ; ) {
      const { n, step } = after;
      const page = this.#read(() => this.#sql.actionsAfter.all(runId, n, step, ACTIONS_PER_PAGE)).map(
        decodeAction,
      );
      const last = page.at(-1);
      if (last === undefined) return;
      yield* page;
      after = last;
      if (page.length === ACTIONS_PER_PAGE) await nextTurn();
    }
  }

  async tally(runId: string): Promise<{ readonly sent: number; readonly throttled: number }> {
    const tally = new WriteTally();
    for await (const event of this.events(runId)) tally.add(event);
    return tally.counts();
  }

  sent(record: SentRecord): Promise<void> {
    return this.#commits.submit(() => {
      this.#chains.append(record, {
        event: 'sent',
        clientRequestId: record.clientRequestId,
        requestId: '',
        status: 0,
        outcome: '',
        detail: '',
      });
    });
  }

  settled(record: SettledRecord): Promise<void> {
    return this.#commits.submit(() => {
      const { requestId, status, outcome, detail } = record;
      this.#chains.append(
        record,
        { event: 'settled', clientRequestId: '', requestId, status, outcome, detail },
        record,
      );
    });
  }

  note(runId: string, event: RunEvent, at: string, detail: string): Promise<void> {
    return this.#commits.submit(() => this.#chains.appendOfRun(runId, event, at, detail));
  }

  async *events(runId: string): AsyncGenerator<LedgerEvent, void, undefined> {
    let seq = 0;
    let turnAt = LINES_PER_TURN;
    for (let after = 0; ; ) {
      const blocks = this.#read(() => this.#chains.blocksAfter(runId, after));
      if (blocks.length === 0) return;
      for (const { lines, seq: block } of blocks) {
        yield* this.#read(() => lines.map((line, i) => decodeEventLine(line, seq + i + 1)));
        seq += lines.length;
        after = block;
        if (seq < turnAt) continue;
        turnAt = seq + LINES_PER_TURN;
        await nextTurn();
      }
    }
  }

  async planDigest(runId: string): Promise<string> {
    return this.#read(() => this.#plans.digest(runId));
  }

  conclude(runId: string, conclusion: Conclusion): Promise<void> {
    return this.#commits.submit(() => {
      const detail = JSON.stringify({ conclusion: this.#conclusions.replace(runId, conclusion) });
      this.#chains.appendOfRun(runId, 'concluded', conclusion.at, detail);
    });
  }

  async conclusion(runId: string): Promise<KeptConclusion | undefined> {
    return this.#read(() => this.#conclusions.read(runId, (work) => this.#read(work)));
  }

  async assignedSince(graph: string, besides = ''): Promise<AssignedSince> {
    return this.#read(() => this.#conclusions.assignedSince(graph, besides));
  }

  async recreated(graph: string): Promise<ReadonlySet<string>> {
    await this.#bringUpToDate();
    return this.#read(() => this.#conclusions.recreated(graph));
  }

  async learnedRate(job: string, graph: string): Promise<number | undefined> {
    return this.#read(() => this.#conclusions.learnedRate(job, graph));
  }

  async keepRate(run: Pick<RunRecord, 'id' | 'job' | 'graph'>, rate: number): Promise<void> {
    this.#read(() => this.#conclusions.keepRate(run, rate));
  }

  async drawn(name: string, draw: () => string): Promise<string> {
    return this.#read(() => this.#db.transaction(() => this.#conclusions.drawn(name, draw)).immediate());
  }

  async lock(job: string, mine: LockHolder, isDead: (holder: LockHolder) => boolean): Promise<LockAnswer> {
    return this.#read(() => this.#db.transaction(() => this.#locks.take(job, mine, isDead)).immediate());
  }

  unlock(job: string, lockId: string): Promise<void> {
    return this.#commits.submit(() => this.#locks.give(job, lockId));
  }

  async dropLock(lockId: string): Promise<boolean> {
    return this.#read(() => this.#locks.drop(lockId));
  }

  async close(): Promise<void> {
    await this.#commits.settle();
    await this.#log?.close();
    this.#db.close();
  }

  /** Brings the actions up to date with what was recorded. */
  async #bringUpToDate(): Promise<void> {
    while (this.#read(() => this.#projection.step())) await nextTurn();
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ledgerFailed('reading it failed', error);
    }
  }
}
