// Writes the plan that a run begins with: its rows and their actions, on SQLite, many at a time.

import type Database from 'libsql';
import type { LedgerAction, LedgerRow } from './ledger.js';
import { ManyInserts } from './sqlite-inserts.js';

const ROW_COLUMNS =
  'run_id, n, file, line, serial_number, user, user_id, device_id, expect, already, verdict, reason, detail, next';
const ACTION_COLUMNS =
  'run_id, n, step, kind, state, attempts, throttled, device_id, client_request_id, request_id, reason, detail, target_device_id, target_user_id';
const COLUMNS = 14;

export class PlanWriter {
  readonly #rows: ManyInserts;
  readonly #actions: ManyInserts;

  constructor(db: Database.Database) {
    this.#rows = new ManyInserts(db, `planned_row (${ROW_COLUMNS})`, COLUMNS);
    this.#actions = new ManyInserts(db, `action (${ACTION_COLUMNS})`, COLUMNS);
  }

  /** Inside a transaction of the caller's. */
  insert(runId: string, rows: Iterable<LedgerRow>, actions: Iterable<LedgerAction>): void {
    this.#rows.insert(rowValues(runId, rows));
    this.#actions.insert(actionValues(runId, actions));
  }
}

function* rowValues(
  runId: string,
  rows: Iterable<LedgerRow>,
): Generator<readonly (string | number | null)[], void> {
  for (const row of rows) {
    const { n, file, line, serialNumber, user, userId, deviceId, expect, already, decided } = row;
    const early = [
      decided?.verdict ?? null,
      decided?.reason ?? null,
      decided?.detail ?? null,
      decided?.next ?? null,
    ];
    yield [runId, n, file, line, serialNumber, user, userId, deviceId, expect, already, ...early];
  }
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
