// Whether this computer can keep what a run writes: its reports, and the ledger.

import { resolve } from 'node:path';
import { openLedger } from '../../ledger/sqlite.js';
import type { Context } from '../common.js';
import { proveWritable } from '../job-lock.js';
import { makeReportsFolder } from '../run-reports.js';
import { attempt } from './attempt.js';
import { type Check, pass } from './check.js';

/** Makes the folder when it is not there, as a run would. */
export function checkReports(directory: string): Promise<Check> {
  return attempt('reports', async () => {
    await makeReportsFolder(resolve(directory));
    return pass('reports', `can be written below ${directory}`);
  });
}

/** The ledger, and the tokens that its runs on an endpoint have created anew. */
export interface LookedAtLedger {
  readonly check: Check;
  readonly recreated: ReadonlySet<string>;
}

/** Opens the ledger, writes into it and takes that back: a disk that is full or read-only shows then alone. */
export async function lookAtLedger(graph: string, context: Context): Promise<LookedAtLedger> {
  const { state } = context.options;
  let recreated: ReadonlySet<string> = new Set();
  const check = await attempt('ledger', async () => {
    const ledger = openLedger(state);
    try {
      await proveWritable(ledger, context);
      recreated = await ledger.recreated(graph);
      const { length } = await ledger.runs();
      return pass(
        'ledger',
        `can be written in ${state}, and remembers ${length} ${length === 1 ? 'run' : 'runs'}`,
      );
    } finally {
      await ledger.close();
    }
  });
  return { check, recreated };
}
