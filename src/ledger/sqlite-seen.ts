// Since when tokens wait to be activated, on SQLite: a line when a run finds one assigned that did not wait, and one
// when a run finds otherwise one that did. So it grows with what happens, and not with every run.

import type Database from 'libsql';
import { NumberColumn } from '../compact/number-column.js';
import { TextIndex } from '../compact/text-index.js';
import { decodeSeen } from './decode-conclusions.js';
import type { AssignedSince, ConcludedRow } from './ledger.js';
import { LinePacker, linesOf, unpackText } from './packed-lines.js';

/** Verdicts by which a token is seen not to wait. */
const OTHERWISE: ReadonlySet<string> = new Set(['activated', 'in-inventory', 'deleted']);

/** Whose verdicts they are, and when. */
export interface Sighting {
  readonly runId: string;
  readonly graph: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export class SeenTokens {
  readonly #insert: Database.Statement;
  readonly #read: Database.Statement;

  constructor(db: Database.Database) {
    this.#insert = db.prepare(
      'INSERT INTO seen_block (run_id, graph, at, is_assigned, lines) VALUES (?, ?, ?, ?, ?)',
    );
    // Who was found assigned and otherwise at one time does not wait.
    this.#read = db.prepare(
      `SELECT at, is_assigned, lines FROM seen_block WHERE graph = ? AND run_id <> ?
         ORDER BY at, is_assigned DESC, seq`,
    );
  }

  /** @param besides - a run that does not count. */
  since(graph: string, besides = ''): AssignedSince {
    const serials = new TextIndex();
    // A million tokens wait since a few times: each of those is kept once.
    const times = new TextIndex();
    /** 1 + the position of the time; 0 for a token that does not wait any more. */
    const timeOf = new NumberColumn();
    for (const row of this.#read.iterate(graph, besides)) {
      const { at, isAssigned, lines } = decodeSeen(row);
      const time = isAssigned ? times.add(at) + 1 : 0;
      for (const serialNumber of linesOf(unpackText(lines))) {
        const position = serials.add(serialNumber);
        if (!isAssigned || timeOf.at(position) === 0) timeOf.put(position, time);
      }
    }
    return {
      size: serials.length,
      get: (serialNumber) => {
        if (serials.length === 0) return undefined;
        const position = serials.find(lineOf(serialNumber));
        const time = position < 0 ? 0 : timeOf.at(position);
        return time === 0 ? undefined : times.at(time - 1);
      },
    };
  }

  /** Takes the verdicts of a conclusion one by one. Inside a transaction of the caller's, until `end` is called. */
  note({ runId, graph, at }: Sighting): { add(row: Omit<ConcludedRow, 'record'>): void; end(): void } {
    const waiting = this.since(graph);
    const [assigned, otherwise] = [1, 0].map(
      (isAssigned) => new LinePacker((packed) => this.#insert.run(runId, graph, at, isAssigned, packed)),
    );
    return {
      add: ({ serialNumber, verdict }) => {
        const isAssigned = verdict === 'assigned';
        if (serialNumber === '' || !(isAssigned || OTHERWISE.has(verdict))) return;
        const waits = waiting.get(serialNumber) !== undefined;
        if (waits === isAssigned) return;
        (isAssigned ? assigned : otherwise)?.add(lineOf(serialNumber));
      },
      end: () => {
        assigned?.end();
        otherwise?.end();
      },
    };
  }
}

/** A serial number as a line, whatever is in it. */
function lineOf(serialNumber: string): string {
  return JSON.stringify(serialNumber);
}
