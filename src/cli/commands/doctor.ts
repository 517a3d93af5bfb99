// `oathbatch doctor JOB`: is everything in place to run it? It reads, and writes nothing to the tenant.

import { EXIT, type ExitCode } from '../../errors.js';
import type { Context } from '../common.js';
import type { Check } from '../doctor/check.js';
import { examine } from '../doctor/examine.js';
import { readInputs } from '../prepare.js';
import { openSession } from '../session.js';

const MARK = { pass: '✓', warn: '!', fail: '✗' } as const satisfies Record<Check['state'], string>;

export async function doctorCommand(jobPath: string, context: Context): Promise<ExitCode> {
  const { screen, options } = context;
  const inputs = await readInputs(jobPath, context);
  const session = await openSession(inputs.job, inputs.desired, context);
  try {
    // No key is sent, and a rehearsal looks at keys only when a token is activated.
    inputs.files.forgetSecrets();
    const checks = await examine(inputs, session, context);
    const fails = checks.filter(({ state }) => state === 'fail').length;
    if (options.json) {
      screen.print(
        JSON.stringify({ job: inputs.job.name, graph: session.label, ready: fails === 0, checks }),
      );
    } else {
      screen.print(`${inputs.job.name} on ${session.label}`);
      for (const check of checks) screen.print(lineOf(check));
      screen.print(fails === 0 ? '\nReady to run.' : `\n${fails} of ${checks.length} checks failed.`);
    }
    return fails === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    await session.close();
  }
}

function lineOf({ state, name, found, mend }: Check): string {
  const line = `  ${MARK[state]} ${name.padEnd(12)} ${found}`;
  return mend === '' ? line : `${line}\n      → ${mend}`;
}
