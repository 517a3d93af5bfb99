// What the ledger gives bit by bit, as a whole.

import type { KeptConclusion, Ledger } from '../src/ledger/ledger.js';

/** What is given one after the other, as a list. */
export async function gathered<One>(each: AsyncIterable<One>): Promise<readonly One[]> {
  const all: One[] = [];
  for await (const one of each) all.push(one);
  return all;
}

/** What a run came to, with its verdicts, which are there when the ledger is closed as well. */
export async function wholeConclusion(
  ledger: Pick<Ledger, 'conclusion'>,
  runId: string,
): Promise<KeptConclusion | undefined> {
  const conclusion = await ledger.conclusion(runId);
  return conclusion === undefined ? undefined : { ...conclusion, records: [...conclusion.records] };
}
