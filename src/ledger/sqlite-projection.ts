// Brings the actions up to date with the chains. A request writes lines of the chain and nothing else; what they come
// to for its action is written when somebody wants to know, once for each action instead of once for each line.

import type Database from 'libsql';
import { invariant } from '../errors.js';
import { decodeEventBlock, decodeSeq } from './decode-records.js';
import { decodeEffect, decodeEventLine } from './event-line.js';
import type { ActionState } from './ledger.js';

/** Blocks that are brought in by one transaction at most. */
const BLOCKS_PER_STEP = 64;

/** No further block is, once there are so many lines. */
const LINES_PER_STEP = 1_000;

/** What some lines come to for one action. */
interface Change {
  readonly runId: string;
  readonly n: number;
  readonly step: number;
  state: ActionState;
  attempts: number;
  throttled: number;
  /** Empty: as it was. */
  clientRequestId: string;
  requestId: string;
  /** Empty: as it was. */
  deviceId: string;
  reason: string;
  detail: string;
}

function prepareStatements(db: Database.Database) {
  return {
    reached: db.prepare('SELECT seq FROM projection'),
    reach: db.prepare('INSERT OR REPLACE INTO projection (id, seq) VALUES (1, ?)'),
    blocks: db.prepare('SELECT * FROM event_block WHERE seq > ? ORDER BY seq LIMIT ?'),
    change: db.prepare(
      `UPDATE action SET state = ?, attempts = attempts + ?, throttled = throttled + ?,
         client_request_id = CASE ? WHEN '' THEN client_request_id ELSE ? END, request_id = ?,
         device_id = CASE ? WHEN '' THEN device_id ELSE ? END, reason = ?, detail = ?
         WHERE run_id = ? AND n = ? AND step = ?`,
    ),
  };
}

export class Projection {
  readonly #db: Database.Database;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#sql = prepareStatements(db);
  }

  /**
   * Brings in some of what is not in yet, whichever runs it is of, and all of it or nothing. What a crash loses of this
   * is brought in again.
   *
   * @returns false when there was nothing.
   */
  step(): boolean {
    return this.#db.transaction(() => this.#stepInside()).immediate();
  }

  #stepInside(): boolean {
    const [reached] = this.#sql.reached.all().map(decodeSeq);
    const blocks = this.#sql.blocks.all(reached ?? 0, BLOCKS_PER_STEP).map(decodeEventBlock);
    const changes = new Map<string, Change>();
    let count = 0;
    let last: number | undefined;
    for (const { runId, lines, seq } of blocks) {
      if (count >= LINES_PER_STEP) break;
      for (const line of lines) addLine(changes, runId, line);
      count += lines.length;
      last = seq;
    }
    if (last === undefined) return false;
    for (const change of changes.values()) this.#write(change);
    this.#sql.reach.run(last);
    return true;
  }

  #write(change: Change): void {
    const { runId, n, step, state, attempts, throttled, clientRequestId, requestId, deviceId } = change;
    this.#sql.change.run(
      ...[state, attempts, throttled, clientRequestId, clientRequestId, requestId, deviceId, deviceId],
      ...[change.reason, change.detail, runId, n, step],
    );
  }
}

function addLine(changes: Map<string, Change>, runId: string, line: string): void {
  const { n, step, event, clientRequestId, requestId, outcome, detail } = decodeEventLine(line, 0);
  if (event !== 'sent' && event !== 'settled') return;
  const key = `${n} ${step} ${runId}`;
  const before = changes.get(key);
  const change: Change = before ?? {
    runId,
    n,
    step,
    state: 'sent',
    attempts: 0,
    throttled: 0,
    clientRequestId: '',
    requestId: '',
    deviceId: '',
    reason: '',
    detail: '',
  };
  if (before === undefined) changes.set(key, change);
  change.requestId = requestId;
  change.detail = detail;
  if (event === 'sent') {
    change.state = 'sent';
    change.clientRequestId = clientRequestId;
    change.reason = '';
    return;
  }
  const effect = decodeEffect(line);
  invariant(effect !== undefined, 'the ledger holds a settled request without its effect');
  change.state = effect.state;
  change.reason = effect.reason;
  if (effect.counts) change.attempts += 1;
  if (outcome === 'throttled') change.throttled += 1;
  if (effect.deviceId !== '') change.deviceId = effect.deviceId;
}
