// The rows of a job on their way from the thread that has read them. The memory of the columns goes with them, and is not
// copied; keys and codes stay behind.

import { TextIndex, type TextIndexMessage } from '../compact/text-index.js';
import { invariant, OperationError, type OperationErrorParts } from '../errors.js';
import { JoinedRows, type JoinedRowsMessage } from './joined-rows.js';
import type { Desired } from './row.js';

interface DesiredMessage extends Pick<Desired, 'inputs' | 'joinedAssignments' | 'warnings'> {
  readonly kind: 'desired';
  readonly rows: JoinedRowsMessage;
  readonly names: TextIndexMessage;
}

/** The rows, or why there are none. */
export type DesiredOrRefusal =
  | DesiredMessage
  | { readonly kind: 'refused'; readonly error: Omit<OperationErrorParts, 'cause'> };

interface HandedOver {
  readonly message: DesiredMessage;
  readonly memory: readonly ArrayBuffer[];
}

/** What files ask for, for another thread: it is of no use here afterwards, and its keys are overwritten. */
export function handOver(desired: Desired): HandedOver {
  const { rows, inputs, joinedAssignments, warnings } = desired;
  invariant(rows instanceof JoinedRows, 'the rows of files are joined');
  desired.forgetSecrets();
  const columns = { rows: rows.toMessage(), names: desired.names.toMessage() };
  const { tokens, assignments, sources } = columns.rows;
  return {
    message: { kind: 'desired', ...columns, inputs, joinedAssignments, warnings },
    memory: [...memoryIn([tokens, assignments, sources, columns.names])],
  };
}

/** What an operator's mistake is told as. @throws anything else, which is a bug. */
export function refusalOf(error: unknown): DesiredOrRefusal {
  if (!(error instanceof OperationError)) throw error;
  const { code, message: what, data, next, problems } = error;
  return { kind: 'refused', error: { code, what, data, next, problems } };
}

/**
 * What the files ask for, in the thread that was told.
 *
 * @throws {OperationError} when the other one has thrown it.
 */
export function taken(message: DesiredOrRefusal): Desired {
  if (message.kind === 'refused') throw new OperationError(message.error);
  const { inputs, joinedAssignments, warnings } = message;
  const names = TextIndex.fromMessage(message.names);
  const rows = JoinedRows.fromMessage(message.rows, names);
  return { rows, inputs, joinedAssignments, warnings, names, forgetSecrets: () => undefined };
}

/** The memory of all columns. Each has its own. */
function* memoryIn(value: unknown): Generator<ArrayBuffer, void> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) yield value.buffer;
  } else if (typeof value === 'object' && value !== null && !(value instanceof Map)) {
    for (const part of Object.values(value)) yield* memoryIn(part);
  }
}
