// The tables of what runs came to, on SQLite: conclusions, verdicts, and the chain as it is read back. It
// prepares its own statements, and leaves transactions and the appending of events to sqlite.ts.

import type Database from 'libsql';
import { NumberColumn } from '../compact/number-column.js';
import { TextIndex } from '../compact/text-index.js';
import {
  decodeConcludedRow,
  decodeConclusion,
  decodeDeviceId,
  decodeDrawn,
  decodeEvent,
  decodeRate,
  decodeRecord,
  decodeSince,
} from './decode-conclusions.js';
import { ConclusionHash, recordsDigest } from './digest.js';
import type { AssignedSince, Conclusion, KeptConclusion, LedgerEvent, RunRecord } from './ledger.js';
import { ManyInserts } from './sqlite-inserts.js';

/** Lines of the chain in memory at once. */
const EVENTS_PER_PAGE = 500;

function prepareStatements(db: Database.Database) {
  return {
    events: db.prepare('SELECT * FROM event WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?'),
    plannedRows: db.prepare('SELECT * FROM planned_row WHERE run_id = ? ORDER BY n'),
    plannedActions: db.prepare(
      `SELECT n, step, kind, target_device_id, target_user_id FROM action
         WHERE run_id = ? ORDER BY n, step`,
    ),
    conclusion: db.prepare('SELECT * FROM conclusion WHERE run_id = ?'),
    verdicts: db.prepare('SELECT * FROM verdict WHERE run_id = ? ORDER BY n'),
    dropVerdicts: db.prepare('DELETE FROM verdict WHERE run_id = ?'),
    insertConclusion: db.prepare('INSERT OR REPLACE INTO conclusion (run_id, at, report) VALUES (?, ?, ?)'),
    verdict: new ManyInserts(db, 'verdict (run_id, n, serial_number, verdict, record)', 5),
    assignedSince: db.prepare(
      `WITH seen AS (SELECT v.serial_number, v.verdict, c.at FROM verdict v JOIN conclusion c USING (run_id)
         JOIN run r ON r.id = v.run_id WHERE r.graph = ? AND r.id <> ? AND v.verdict IN ('assigned', 'activated', 'in-inventory', 'deleted')),
       otherwise AS (SELECT serial_number, max(at) AS at FROM seen WHERE verdict <> 'assigned'
         GROUP BY serial_number)
       SELECT s.serial_number, min(s.at) AS since FROM seen s LEFT JOIN otherwise o USING (serial_number)
         WHERE s.verdict = 'assigned' AND s.serial_number <> '' AND (o.at IS NULL OR s.at > o.at)
         GROUP BY s.serial_number`,
    ),
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

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  /** The lines of a run's chain after `seq`, as many as one page holds. */
  eventsAfter(runId: string, seq: number): readonly LedgerEvent[] {
    return this.#sql.events.all(runId, seq, EVENTS_PER_PAGE).map(decodeEvent);
  }

  planDigest(runId: string): string {
    const { plannedRows, plannedActions } = this.#sql;
    return recordsDigest(records());
    function* records(): Generator<Readonly<Record<string, unknown>>, void> {
      for (const row of plannedRows.iterate(runId)) yield decodeRecord(row);
      for (const action of plannedActions.iterate(runId)) yield decodeRecord(action);
    }
  }

  /** Inside a transaction of the caller's. @returns the digest of the conclusion. */
  replace(runId: string, { at, report, verdicts }: Conclusion): string {
    const hash = new ConclusionHash(report);
    this.#sql.dropVerdicts.run(runId);
    this.#sql.insertConclusion.run(runId, at, report);
    this.#sql.verdict.insert(values());
    return hash.digest();

    function* values(): Generator<readonly (string | number)[], void> {
      for (const { n, serialNumber, verdict, record } of verdicts) {
        hash.add(record);
        yield [runId, n, serialNumber, verdict, record];
      }
    }
  }

  read(runId: string): KeptConclusion | undefined {
    const [row] = this.#sql.conclusion.all(runId);
    if (row === undefined) return undefined;
    return { ...decodeConclusion(row), verdicts: this.#sql.verdicts.all(runId).map(decodeConcludedRow) };
  }

  /** A million tokens wait since a few times: each of those is kept once. */
  assignedSince(graph: string, besides: string): AssignedSince {
    const serials = new TextIndex();
    const times = new TextIndex();
    const timeOf = new NumberColumn();
    for (const row of this.#sql.assignedSince.iterate(graph, besides)) {
      const [serialNumber, since] = decodeSince(row);
      serials.add(serialNumber);
      timeOf.push(times.add(since));
    }
    return {
      get: (serialNumber) => {
        const at = serials.find(serialNumber);
        return at < 0 ? undefined : times.at(timeOf.at(at));
      },
    };
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
