// `oathbatch compare RUN RUN`: what changed between two runs that the ledger remembers.

import { EXIT, type ExitCode } from '../../errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { openLedger } from '../../ledger/sqlite.js';
import { compareRuns, comparisonText } from '../../report/compare.js';
import type { ReportInput } from '../../report/model.js';
import type { Context } from '../common.js';
import { concludedReport, unknownRun } from './report.js';

export async function compareCommand(beforeId: string, afterId: string, context: Context): Promise<ExitCode> {
  const ledger = openLedger(context.options.state);
  try {
    const before = await load(beforeId, ledger, context);
    const after = await load(afterId, ledger, context);
    const comparison = compareRuns(before, after);
    if (context.options.json) {
      const runs = { before: before.summary.runId, after: after.summary.runId };
      context.screen.print(JSON.stringify({ ...runs, ...comparison }));
    } else {
      context.screen.print(comparisonText(before, after, comparison));
    }
    return EXIT.ok;
  } finally {
    await ledger.close();
  }
}

async function load(runId: string, ledger: Ledger, context: Context): Promise<ReportInput> {
  const run = await ledger.run(runId);
  if (run === undefined) throw unknownRun(runId, context);
  return (await concludedReport(run, ledger)).input;
}
