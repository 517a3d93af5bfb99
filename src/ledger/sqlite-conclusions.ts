// The tables of what runs came to, on SQLite: conclusions and verdicts. It prepares its own statements,
// and leaves transactions and the chains to sqlite.ts.

import type Database from 'libsql';
import { BlockLines } from './block-lines.js';
import {
  decodeConclusion,
  decodeDeviceId,
  decodeDrawn,
  decodeGraph,
  decodeRate,
} from './decode-conclusions.js';
import { LinesHash } from './digest.js';
import type { AssignedSince, Conclusion, KeptConclusion, RunRecord } from './ledger.js';
import { LineBlocks } from './sqlite-blocks.js';
import { SeenTokens } from './sqlite-seen.js';

function prepareStatements(db: Database.Database) {
  return {
    conclusion: db.prepare('SELECT * FROM conclusion WHERE run_id = ?'),
    insertConclusion: db.prepare('INSERT OR REPLACE INTO conclusion (run_id, at, report) VALUES (?, ?, ?)'),
    graph: db.prepare('SELECT graph FROM run WHERE id = ?'),
    recreated: db.prepare(
      `SELECT c.device_id FROM action c JOIN run r ON r.id = c.run_id
         JOIN action d ON d.run_id = c.run_id AND d.n = c.n AND d.kind = 'delete'
         WHERE r.graph = ? AND c.kind = 'create' AND c.device_id <> ''`,
    ),
    learnedRate: db.prepare('SELECT rate FROM learned_rate WHERE job = ? AND graph = ?'),
    keepRate: db.prepare(
      'INSERT OR REPLACE INTO learned_rate (job, graph, rate, run_id) VALUES (?, ?, ?, ?)',
    ),
    insertDrawn: db.prepare('INSERT OR IGNORE INTO drawn (name, value) VALUES (?, ?)'),
    drawn: db.prepare('SELECT value FROM drawn WHERE name = ?'),
  };
}

export class Conclusions {
  readonly #sql: ReturnType<typeof prepareStatements>;
  readonly #verdicts: LineBlocks;
  readonly #seen: SeenTokens;

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
    this.#verdicts = new LineBlocks(db, 'verdict_block');
    this.#seen = new SeenTokens(db);
  }

  /** Inside a transaction of the caller's. @returns the digest of the conclusion. */
  replace(runId: string, { at, report, verdicts }: Conclusion): string {
    const graph = decodeGraph(this.#sql.graph.all(runId)[0]);
    const seen = this.#seen.note({ runId, graph, at });
    const hash = new LinesHash();
    hash.add(report);
    this.#sql.insertConclusion.run(runId, at, report);
    this.#verdicts.replace(runId, records(), hash);
    seen.end();
    return hash.digest();

    function* records(): Generator<string | Uint8Array, void> {
      for (const verdict of verdicts) {
        seen.add(verdict);
        yield verdict.record;
      }
    }
  }

  /** @param reading - what is read later goes through this as well. */
  read(runId: string, reading: <T>(work: () => T) => T): KeptConclusion | undefined {
    const [row] = this.#sql.conclusion.all(runId);
    if (row === undefined) return undefined;
    const textOf = (block: number): string => reading(() => this.#verdicts.text(runId, block));
    return { ...decodeConclusion(row), records: new BlockLines(this.#verdicts.numbers(runId), textOf) };
  }

  assignedSince(graph: string, besides: string): AssignedSince {
    return this.#seen.since(graph, besides);
  }

  recreated(graph: string): ReadonlySet<string> {
    return new Set(this.#sql.recreated.all(graph).map(decodeDeviceId));
  }

  learnedRate(job: string, graph: string): number | undefined {
    const [known] = this.#sql.learnedRate.all(job, graph);
    return known === undefined ? undefined : decodeRate(known);
  }

  keepRate(run: Pick<RunRecord, 'id' | 'job' | 'graph'>, rate: number): void {
    this.#sql.keepRate.run(run.job, run.graph, rate, run.id);
  }

  /** Inside a transaction of the caller's. */
  drawn(name: string, draw: () => string): string {
    const [known] = this.#sql.drawn.all(name);
    if (known !== undefined) return decodeDrawn(known);
    const value = draw();
    this.#sql.insertDrawn.run(name, value);
    return value;
  }
}
