// The hash chain over a run's events: each hash covers the one before, so that a line that was changed or
// taken out of the middle shows. It is evidence, not protection: whoever can write the whole file can make a
// new chain.

import { hash } from 'node:crypto';
import type { LedgerEvent } from './ledger.js';

/** The hash of an event's fields behind the event whose hash is `previous` (empty for the first): hexadecimal SHA-256. */
export function chainHash(previous: string, fields: readonly (string | number)[]): string {
  return chainHashOf(previous, JSON.stringify(fields));
}

/** The same, of fields that are JSON already. */
export function chainHashOf(previous: string, fields: string): string {
  return hash('sha256', `${previous}\n${fields}`, 'hex');
}

/** What of an event is hashed, in its order. It never changes: chains of every released version must hold. */
export function chainFields(
  runId: string,
  event: Omit<LedgerEvent, 'seq' | 'hash'>,
): readonly (string | number)[] {
  const { n, step, at, clientRequestId, requestId, status, outcome, detail } = event;
  return [runId, n, step, event.event, at, clientRequestId, requestId, status, outcome, detail];
}

/** How far a chain holds. */
export interface ChainWalk {
  readonly events: number;
  /** The hash of the last line that holds; empty for no line. */
  readonly head: string;
  /** The hash of the line that was asked for by its position; empty when the chain does not come so far. */
  readonly marked: string;
  /** What happened to the run as a whole: no more than a few lines for each session. */
  readonly notes: readonly LedgerEvent[];
  /** The first line that does not follow from the lines before it. */
  readonly broken: LedgerEvent | undefined;
}

/**
 * Walks a run's chain from its first line to its end, or to the first line that does not hold.
 *
 * @param mark - position in the chain, from 1, of a line whose hash is wanted.
 */
export async function walkChain(
  runId: string,
  events: AsyncIterable<LedgerEvent>,
  mark = 0,
): Promise<ChainWalk> {
  let head = '';
  let marked = '';
  let count = 0;
  const notes: LedgerEvent[] = [];
  for await (const event of events) {
    if (chainHash(head, chainFields(runId, event)) !== event.hash) {
      return { events: count, head, marked, notes, broken: event };
    }
    head = event.hash;
    count += 1;
    if (count === mark) marked = head;
    if (event.n === -1) notes.push(event);
  }
  return { events: count, head, marked, notes, broken: undefined };
}
