// `oathbatch runs`: what the ledger remembers. `--unlock` gives a lock back whose holder is gone for good.

import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import { openLedger } from '../../ledger/sqlite.js';
import type { Context } from '../common.js';

export async function runsCommand(unlock: string | undefined, context: Context): Promise<ExitCode> {
  const ledger = openLedger(context.options.state);
  const { screen, options } = context;
  try {
    if (unlock !== undefined) {
      if (!(await ledger.dropLock(unlock))) throw unknownLock(unlock);
      screen.say('The lock was dropped.');
      return EXIT.ok;
    }
    const runs = await ledger.runs();
    if (options.json) {
      screen.print(JSON.stringify(runs));
    } else if (runs.length === 0) {
      screen.print(`The ledger in ${options.state} remembers no run.`);
    } else {
      const width = Math.max(...runs.map((run) => run.id.length));
      for (const run of runs) {
        const exit = run.exitCode === undefined ? '' : `exit ${run.exitCode}`;
        screen.print(
          `${run.id.padEnd(width)}  ${run.state.padEnd(11)}  ${run.startedAt}  ${run.graph}  ${exit}`.trimEnd(),
        );
      }
    }
    return EXIT.ok;
  } finally {
    await ledger.close();
  }
}

function unknownLock(lockId: string): OperationError {
  return new OperationError({
    code: 'run-unknown',
    what: `No job is locked with the id ${lockId}.`,
    data: 'Nothing was changed.',
    next: 'The message of the refused run names the id.',
  });
}
