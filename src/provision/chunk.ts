// A chunk: rows whose tokens are created, and assigned, by one bulk PATCH (graph-api.md, section 3.1.3). Which rows
// may go into one, which of their steps it carries out, and what it says. Nothing is sent here.

import type { CreateDevices } from '../graph/endpoints.js';
import type { LedgerAction } from '../ledger/ledger.js';
import { createBody, type RowFacts } from './request.js';

export interface ChunkRow extends RowFacts {
  readonly actions: readonly LedgerAction[];
}

/** Whether a row may go into a chunk: nothing of it was sent yet, and its token replaces no other. */
export function isForChunk({ token, replacedId, actions: [first] }: ChunkRow): boolean {
  const isNew = first?.kind === 'create' && first.state === 'pending' && first.clientRequestId === '';
  return isNew && token !== undefined && replacedId === undefined;
}

/** The steps that a chunk carries out: the creation, and the assignment of the row's own token to its own user. */
export function stepsOf({ actions: [create, next] }: ChunkRow): readonly LedgerAction[] {
  if (create === undefined) return [];
  const isOwn = next?.kind === 'assign' && next.state === 'pending' && next.target === undefined;
  return isOwn ? [create, next] : [create];
}

/** The row as after a lost answer: what was sent of it has to be looked for before it is sent again. */
export function doubted<Row extends ChunkRow>(row: Row, requestId: string, detail: string): Row {
  const steps = stepsOf(row);
  const actions = row.actions.map(
    (action): LedgerAction =>
      steps.includes(action) ? { ...action, state: 'sent', reason: '', detail, requestId } : action,
  );
  return { ...row, actions };
}

/** The row with its token seen in the list, and its assignment where the list shows its user as the holder. */
export function seen<Row extends ChunkRow>(
  row: Row,
  { deviceId, isAssigned }: { readonly deviceId: string; readonly isAssigned: boolean },
): { readonly row: Row; readonly done: readonly LedgerAction[] } {
  const done = stepsOf(row).filter(({ kind }) => kind === 'create' || isAssigned);
  const actions = doubted(row, '', '').actions.map(
    (action): LedgerAction =>
      done.some(({ step }) => step === action.step) ? { ...action, state: 'done', deviceId } : action,
  );
  return { row: { ...row, actions }, done };
}

/** The body of the request. It holds the rows' secrets, and is made when the request leaves. */
export function chunkBody(chunk: readonly ChunkRow[]): CreateDevices {
  const value = chunk.map((row, index) => ({
    '@contentId': contentId(index),
    ...createBody(row),
    ...(stepsOf(row).length > 1 ? { assignTo: { id: row.userId } } : {}),
  }));
  return { '@context': '#$delta', value };
}

/** The name of a row in its request, by which the answer may speak of it. */
export function contentId(index: number): string {
  return String(index + 1);
}
