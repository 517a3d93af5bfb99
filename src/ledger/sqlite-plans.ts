// The plan that a run begins with, on SQLite: its rows, which stay as they are, in blocks, and a record for each action.

import type Database from 'libsql';
import { invariant } from '../errors.js';
import { decodeAnyRecord, decodeFields, decodeRow } from './decode-records.js';
import { fieldsLine, LinesHash, recordLine } from './digest.js';
import type { LedgerAction, LedgerRow } from './ledger.js';
import { linesOf } from './packed-lines.js';
import { LineBlocks } from './sqlite-blocks.js';
import { ManyInserts } from './sqlite-inserts.js';

const ACTION_COLUMNS =
  'run_id, n, step, kind, state, attempts, throttled, device_id, client_request_id, request_id, reason, detail, target_device_id, target_user_id';
const COLUMNS = 14;

export class Plans {
  readonly #rows: LineBlocks;
  readonly #actions: ManyInserts;
  readonly #planned: Database.Statement;

  constructor(db: Database.Database) {
    this.#rows = new LineBlocks(db, 'plan_block');
    this.#actions = new ManyInserts(db, `action (${ACTION_COLUMNS})`, COLUMNS);
    this.#planned = db.prepare(
      'SELECT n, step, kind, target_device_id, target_user_id FROM action WHERE run_id = ? ORDER BY n, step',
    );
  }

  /** Inside a transaction of the caller's. @returns {@link digest} of the plan. */
  insert(runId: string, rows: Iterable<LedgerRow>, actions: Iterable<LedgerAction>): string {
    const hash = new LinesHash();
    this.#rows.replace(runId, lines(), hash);
    this.#actions.insert(actionValues(runId, actions));
    this.#addActions(hash, runId);
    return hash.digest();

    function* lines(): Generator<string, void> {
      let last = -1;
      for (const row of rows) {
        invariant(row.n > last, 'the rows of a plan are not in their order');
        last = row.n;
        yield rowLine(runId, row);
      }
    }
  }

  /** SHA-256 in hexadecimal over the rows and what was planned for them, a line each. */
  digest(runId: string): string {
    const hash = new LinesHash();
    for (const text of this.#rows.texts(runId)) hash.addText(text);
    this.#addActions(hash, runId);
    return hash.digest();
  }

  /** The numbers of the blocks of a run's rows, in their order. */
  blocks(runId: string): readonly number[] {
    return this.#rows.numbers(runId);
  }

  /** The rows of one of them. */
  rowsIn(runId: string, block: number): readonly LedgerRow[] {
    return linesOf(this.#rows.text(runId, block)).map((line) => decodeRow(decodeFields(line)));
  }

  #addActions(hash: LinesHash, runId: string): void {
    for (const action of this.#planned.iterate(runId)) hash.add(recordLine(decodeAnyRecord(action)));
  }
}

function rowLine(runId: string, row: LedgerRow): string {
  const { decided } = row;
  return fieldsLine([
    ['already', row.already],
    ['detail', decided?.detail],
    ['device_id', row.deviceId],
    ['expect', row.expect],
    ['file', row.file],
    ['line', row.line],
    ['n', row.n],
    ['next', decided?.next],
    ['reason', decided?.reason],
    ['run_id', runId],
    ['serial_number', row.serialNumber],
    ['user', row.user],
    ['user_id', row.userId],
    ['verdict', decided?.verdict],
  ]);
}

function* actionValues(
  runId: string,
  actions: Iterable<LedgerAction>,
): Generator<readonly (string | number)[], void> {
  for (const action of actions) {
    const { n, step, kind, state, attempts, throttled, deviceId, clientRequestId, requestId } = action;
    const { reason, detail, target } = action;
    const what = [runId, n, step, kind, state, attempts, throttled];
    const told = [deviceId, clientRequestId, requestId, reason, detail];
    yield [...what, ...told, target?.deviceId ?? '', target?.userId ?? ''];
  }
}
