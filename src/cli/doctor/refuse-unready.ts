// The doctor's round before a run writes: the checks that cost next to nothing, on what was read already. A fail
// stops the run before anything is sent.

import { OperationError } from '../../errors.js';
import type { Context } from '../common.js';
import type { Prepared } from '../prepare.js';
import type { Session } from '../session.js';
import type { Check } from './check.js';
import { checkPermissions } from './check-permissions.js';
import { checkClock, checkPolicy } from './check-tenant.js';
import { isOnlySelf, operationsOf, readPolicy } from './examine.js';

/**
 * Goes through the checks. A warning is said; a plan that writes nothing is not looked at.
 *
 * @throws {OperationError} `not-ready`, with the mend of each fail.
 */
export async function refuseUnready(
  { plan, observed, counts }: Prepared,
  session: Session,
  context: Context,
): Promise<void> {
  if (counts.changed === 0) return;
  const grants = await session.grants();
  const actions = new Set(plan.rows.flatMap((row) => row.actions));
  const checks: readonly Check[] = [
    checkPermissions(operationsOf(actions, observed.users.size > 0), grants, isOnlySelf(observed, grants)),
    checkPolicy(await readPolicy(session)),
    checkClock(session.clockOffsetMs()),
  ];
  for (const { state, name, found, mend } of checks) {
    if (state === 'warn') context.screen.say(`warning: ${name}: ${found}. ${mend}`);
  }
  const fails = checks.filter(({ state }) => state === 'fail');
  const [first] = fails;
  if (first === undefined) return;
  throw new OperationError({
    code: 'not-ready',
    what: `Not everything is in place: ${fails.map(({ found }) => found).join('; ')}.`,
    data: 'Nothing was sent.',
    next: `${fails.map(({ mend }) => mend).join(' ')} "oathbatch doctor" looks at everything.`,
  });
}
