// A line of a run's chain as it is kept: its hash, what the hash covers as JSON, and behind a tab what else the
// actions are brought up to date with. Whoever opens the ledger's file can read it. Pure.

import { invariant } from '../errors.js';
import { ACTION_STATES, type ActionState, type LedgerEvent, type SettledRecord } from './ledger.js';

/** What a settled request has made of its action, beside what the chain says of it. */
export type Effect = Pick<SettledRecord, 'state' | 'counts' | 'deviceId' | 'reason'>;

/** Hexadecimal digits of SHA-256. */
const HASH_LENGTH = 64;

/** JSON holds none: control characters are escaped (RFC 8259, section 7). */
const TAB = '\t';

/** @param fields - {@link chainFields} as JSON, without the run's id. */
export function eventLine(hash: string, fields: string, effect?: Effect): string {
  invariant(hash.length === HASH_LENGTH, 'a line of the chain without a hash');
  if (effect === undefined) return `${hash}${fields}`;
  const { state, counts, deviceId, reason } = effect;
  return `${hash}${fields}${TAB}${JSON.stringify([state, counts ? 1 : 0, deviceId, reason])}`;
}

/**
 * Throws when it is damaged.
 *
 * @param seq - its position in the run's chain, from 1.
 */
export function decodeEventLine(line: string, seq: number): LedgerEvent {
  const [n, step, event, at, clientRequestId, requestId, status, outcome, detail, ...more] = listIn(
    line.slice(HASH_LENGTH, endOfFields(line)),
  );
  if (
    typeof n !== 'number' ||
    typeof step !== 'number' ||
    typeof event !== 'string' ||
    typeof at !== 'string' ||
    typeof clientRequestId !== 'string' ||
    typeof requestId !== 'string' ||
    typeof status !== 'number' ||
    typeof outcome !== 'string' ||
    typeof detail !== 'string' ||
    more.length > 0
  ) {
    throw new Error(`line ${seq} of the chain is damaged`);
  }
  const hash = line.slice(0, HASH_LENGTH);
  return { seq, n, step, event, at, clientRequestId, requestId, status, outcome, detail, hash };
}

/** What a line says beside the chain; `undefined` when it says nothing. Throws when it is damaged. */
export function decodeEffect(line: string): Effect | undefined {
  const end = endOfFields(line);
  if (end === line.length) return undefined;
  const [state, counts, deviceId, reason, ...more] = listIn(line.slice(end + 1));
  // By hand, as the line itself: there are two of them for each assignment.
  if (
    !isActionState(state) ||
    typeof counts !== 'number' ||
    typeof deviceId !== 'string' ||
    typeof reason !== 'string' ||
    more.length > 0
  ) {
    throw new Error('what a line of the chain says of its action is damaged');
  }
  return { state, counts: counts !== 0, deviceId, reason };
}

function endOfFields(line: string): number {
  const at = line.indexOf(TAB);
  return at < 0 ? line.length : at;
}

/** Nothing when it is no list, so that whoever looks for its parts finds none. */
function listIn(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function isActionState(value: unknown): value is ActionState {
  return ACTION_STATES.some((state) => state === value);
}
