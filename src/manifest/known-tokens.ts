// Of manifests that were processed before, the tokens that assignments name now: their keys may be needed, and who
// they went to then does not count any more. Pure.

import { serialKey } from '../lookup-key.js';
import { isInvalidRow } from './formats/table-format.js';
import type { AssignmentRow, InvalidRow, TokenRow } from './row.js';

/**
 * The known tokens that assignments ask for and that no new manifest has, each once and without its former user.
 */
export function neededTokens(
  known: readonly (TokenRow | InvalidRow)[],
  tokens: Iterable<TokenRow | InvalidRow>,
  assignments: Iterable<AssignmentRow | InvalidRow>,
): readonly TokenRow[] {
  if (known.length === 0) return [];
  const wanted = new Set<string>();
  for (const { serialNumber } of assignments) wanted.add(serialKey(serialNumber ?? ''));
  for (const { serialNumber } of tokens) wanted.delete(serialKey(serialNumber ?? ''));
  const needed: TokenRow[] = [];
  // What was said last counts: a vendor who sends a file again has corrected it.
  for (const row of known.toReversed()) {
    if (isInvalidRow(row) || !wanted.delete(serialKey(row.serialNumber))) continue;
    const { user: _former, ...token } = row;
    needed.push(token);
  }
  return needed.reverse();
}
