// The doctor's round before a run writes: the checks that cost next to nothing, on what was read already. A fail
// stops the run before anything is sent.

import { OperationError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import type { Context } from '../common.js';
import type { Session } from '../session.js';
import type { Check } from './check.js';
import { checkPermissions } from './check-permissions.js';
import { checkClock, checkPolicy } from './check-tenant.js';
import { isOnlySelf, operationsOf, readPolicy } from './examine.js';

/**
 * Goes through the checks. A warning is said; a plan that writes nothing is not looked at. The folder of the
 * reports and the ledger need no look: whoever calls has opened the one and makes the other.
 *
 * @throws {OperationError} `not-ready`, with the mend of each fail.
 */
export async function refuseUnready(
  plan: Plan,
  session: Pick<Session, 'grants' | 'client' | 'clockOffsetMs'>,
  context: Pick<Context, 'screen'>,
): Promise<void> {
  const changed = plan.rows.filter((row) => row.actions.length > 0);
  if (changed.length === 0) return;
  const actions = changed.flatMap((row) => row.actions);
  const grants = await session.grants();
  const userIds = changed.flatMap(({ user, userId, targets = [] }) => [
    ...(user === '' ? [] : [userId]),
    ...targets.flatMap((target) => (target === null ? [] : [target.userId])),
  ]);
  const namesUsers = plan.rows.some(({ user }) => user !== '');
  const checks: readonly Check[] = [
    checkPermissions(operationsOf(actions, namesUsers), grants, isOnlySelf(userIds, grants)),
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
