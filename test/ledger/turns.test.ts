// Long readings of the ledger: what else is waiting has its turn in between.

import { expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run, sent } from './records.js';

/** Two pages of 500 that are full, and one that is not. */
const COUNT = 1_200;

async function longLedger(): Promise<Ledger> {
  const ledger = openLedger(temporaryDirectory());
  const numbers = [...Array(COUNT).keys()];
  await ledger.beginRun(
    run('r1'),
    numbers.map((n) => row(n)),
    numbers.map((n) => action(n)),
  );
  await Promise.all(numbers.map((n) => ledger.sent(sent(n))));
  return ledger;
}

/** How many records there were, and how often somebody else had his turn meanwhile. */
async function turnsDuring(
  records: AsyncIterable<unknown>,
): Promise<readonly [count: number, turns: number]> {
  let count = 0;
  let turns = 0;
  let waiting = setImmediate(function turn() {
    turns += 1;
    waiting = setImmediate(turn);
  });
  for await (const _ of records) count += 1;
  clearImmediate(waiting);
  return [count, turns];
}

it('let others have their turn after each page', async () => {
  const ledger = await longLedger();
  expect(await turnsDuring(ledger.eachRow('r1'))).toEqual([COUNT, 2]);
  // Before they are read they are brought up to date, in two steps.
  expect(await turnsDuring(ledger.eachAction('r1'))).toEqual([COUNT, 2 + 2]);
  expect(await turnsDuring(ledger.eachAction('r1'))).toEqual([COUNT, 2]);
  // With the line that the run began with.
  expect(await turnsDuring(ledger.events('r1'))).toEqual([COUNT + 1, 2]);
  await ledger.close();
});
