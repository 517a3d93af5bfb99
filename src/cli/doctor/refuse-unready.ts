// The doctor's round before a run writes: the whole check list, by what the run has read already. The policy is the
// one thing that is asked for. A fail stops the run before anything is sent.

import { OperationError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { notableRows } from '../../plan/planned-rows.js';
import type { Observed } from '../../tenant/observed.js';
import type { Context } from '../common.js';
import type { Session } from '../session.js';
import type { Check } from './check.js';
import { checkClock, checkPolicy } from './check-tenant.js';
import { checkUsers } from './check-users.js';
import { checkAllowed, readPolicy } from './examine.js';
import { checkReports } from './look-at-disk.js';

export interface Intent {
  /** What is still to be done. */
  readonly plan: Plan;
  /** The folder below which the run reports. */
  readonly reports: string;
  /** What the run has listed, or lists now and keeps. It is not called for a run that may not begin anyway. */
  readonly observe: () => Promise<Observed>;
}

/**
 * Goes through the checks. A warning is said; a plan that writes nothing is not looked at. Of the ledger nothing is
 * asked: whoever calls has opened it and written his lock into it; the inventory is in the plan; and what the files
 * have to be told of was said when they were read.
 *
 * @returns what was observed; `undefined` when there was nothing to look at.
 * @throws {OperationError} `not-ready`, with the mend of each fail.
 */
export async function refuseUnready(
  { plan, reports, observe }: Intent,
  session: Pick<Session, 'grants' | 'client' | 'clockOffsetMs'>,
  context: Pick<Context, 'screen'>,
): Promise<Observed | undefined> {
  if (!changesSomething(plan)) return undefined;
  const grants = await session.grants();
  const ahead = [
    await checkReports(reports),
    ...checkAllowed(plan, grants),
    checkClock(session.clockOffsetMs()),
  ];
  conclude(ahead, context);
  const observed = await observe();
  conclude([checkPolicy(await readPolicy(session)), checkUsers(plan, observed)], context);
  return observed;
}

function changesSomething({ rows }: Plan): boolean {
  for (const { actions } of notableRows(rows)) if (actions.length > 0) return true;
  return false;
}

function conclude(checks: readonly Check[], { screen }: Pick<Context, 'screen'>): void {
  for (const { state, name, found, mend } of checks) {
    if (state === 'warn') screen.say(`warning: ${name}: ${found}. ${mend}`);
  }
  const fails = checks.filter(({ state }) => state === 'fail');
  if (fails.length === 0) return;
  throw new OperationError({
    code: 'not-ready',
    what: `Not everything is in place: ${fails.map(({ found }) => found.replace(/\.$/, '')).join('; ')}.`,
    data: 'Nothing was sent.',
    next: `${fails.map(({ mend }) => mend).join(' ')} "oathbatch doctor" looks at everything.`,
  });
}
