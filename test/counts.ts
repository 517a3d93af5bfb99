// Counts for docs/reliability.md, written down by the tests that count: a line for each, into the file that OATHBATCH_COUNTS
// names, which `node scripts/reliability.mjs counts` adds up. Without that name nothing is written.

import { appendFileSync } from 'node:fs';

/** What is counted; the words for it stand in scripts/reliability.mjs. */
export type Counted =
  | 'crashPoints'
  | 'kills'
  | 'ledgerDamages'
  | 'secretsSearched'
  | 'spellings'
  | 'filesSearched'
  | 'bytesSearched';

export function noteCount(what: Counted, count: number): void {
  const file = process.env['OATHBATCH_COUNTS'];
  if (file !== undefined && file !== '') appendFileSync(file, `${JSON.stringify({ what, count })}\n`);
}
