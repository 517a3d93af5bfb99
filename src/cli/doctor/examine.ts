// Gathers what the checks judge, by reading alone.

import { IdIndex } from '../../compact/id-index.js';
import { OperationError } from '../../errors.js';
import { WRITES } from '../../graph/endpoints/all.js';
import { GET_POLICY, policyShape } from '../../graph/endpoints/get-policy.js';
import { GET_USER } from '../../graph/endpoints/get-user.js';
import { LIST_DEVICES } from '../../graph/endpoints/list-devices.js';
import { LIST_METHODS } from '../../graph/endpoints/list-methods.js';
import type { Operation } from '../../graph/operation.js';
import type { TokenGrants } from '../../graph/token-grants.js';
import type { ActionKind } from '../../plan/action.js';
import { makePlan, type Plan } from '../../plan/plan.js';
import { notableRows } from '../../plan/planned-rows.js';
import { listInventory } from '../../tenant/inventory.js';
import { listUserMethods } from '../../tenant/methods.js';
import type { Observed } from '../../tenant/observed.js';
import type { Context } from '../common.js';
import { type Inputs, lookUpUsers, refuseMeOfApplication, rulesOf } from '../prepare.js';
import type { Session } from '../session.js';
import { attempt } from './attempt.js';
import { type Check, pass } from './check.js';
import { checkPermissions, checkRegistrations, checkRoles } from './check-permissions.js';
import { checkClock, checkManifest, checkPolicy, type Policy } from './check-tenant.js';
import { checkUsers } from './check-users.js';
import { checkReports, lookAtLedger } from './look-at-disk.js';

/** The operations that a plan needs; every job reads the inventory. */
function operationsOf(actions: Iterable<ActionKind>, namesUsers: boolean): readonly Operation[] {
  const writes = [...new Set(actions)].map((kind) => WRITES[kind]);
  return [LIST_DEVICES, ...(namesUsers ? [GET_USER, LIST_METHODS] : []), ...writes];
}

/** The actions that the files may ask for; what the tenant holds already is not known yet. */
function likelyActions({ job, desired }: Inputs): readonly ActionKind[] {
  if (job.kind === 'audit') return [];
  return [
    ...(desired.rows.some(({ token }) => token !== undefined) ? (['create'] as const) : []),
    ...(desired.rows.some(({ user }) => user !== undefined) ? (['assign'] as const) : []),
    ...(job.activation === 'user' ? [] : (['activate'] as const)),
  ];
}

/** Whether nobody is meant but the person who signed in. A user who was not found has no id, and is another. */
function isOnlySelf(userIds: readonly (string | undefined)[], grants: TokenGrants | undefined): boolean {
  return grants?.isDelegated === true && userIds.length > 0 && userIds.every((id) => id === grants.personId);
}

/** What of the policy can be read; nothing depends on it but this check. */
export async function readPolicy(
  session: Pick<Session, 'client'>,
): Promise<Policy | { readonly unreadable: string }> {
  try {
    const answer = await session.client.read(session.client.url(GET_POLICY.path));
    if (answer.kind === 'refused') return { unreadable: `HTTP ${answer.status} ${answer.code}` };
    const parsed = policyShape.safeParse(answer.body);
    return parsed.success ? parsed.data : { unreadable: 'its form is not known' };
  } catch (error) {
    if (error instanceof OperationError && error.code === 'permission-missing') {
      return { unreadable: 'it is forbidden' };
    }
    throw error;
  }
}

/** Whether the token, and the roles of whoever bears it, allow what a plan does. */
export function checkAllowed(plan: Pick<Plan, 'rows'>, grants: TokenGrants | undefined): readonly Check[] {
  const actions = new Set<ActionKind>();
  const userIds = new Set<string>();
  // Two are others already, and there may be a million.
  const meet = (id: string): unknown => userIds.size < 2 && userIds.add(id);
  for (const row of notableRows(plan.rows)) {
    const { user, userId, targets = [] } = row;
    if (row.actions.length === 0) continue;
    for (const kind of row.actions) actions.add(kind);
    if (user !== '') meet(userId);
    for (const target of targets) if (target !== null) meet(target.userId);
  }
  // When all is so already, whom the files name is as good as whom they change.
  if (actions.size === 0) {
    for (const { user, userId } of plan.rows) {
      if (userIds.size > 1) break;
      if (user !== '') meet(userId);
    }
  }
  const operations = operationsOf(
    actions,
    plan.rows.some(({ user }) => user !== ''),
  );
  const onlySelf = isOnlySelf([...userIds], grants);
  return [checkPermissions(operations, grants, onlySelf), ...checkRoles(operations, grants, onlySelf)];
}

/**
 * So many users are asked for their methods, fifty requests of twenty. Of a larger job the tokens are counted by the
 * inventory, which was listed anyway.
 */
const ASKED_THEMSELVES_MAX = 1_000;

/** What the tenant shows of a job. What could not be read is not there. */
interface Examined {
  readonly people: Check;
  readonly plan: Plan | undefined;
}

async function examinePeople(
  { job, desired }: Inputs,
  session: Session,
  devices: Observed['devices'] | undefined,
  recreated: ReadonlySet<string>,
): Promise<Examined> {
  let plan: Plan | undefined;
  const people = await attempt('users', async () => {
    await refuseMeOfApplication(desired, session);
    const users = await lookUpUsers(desired, session, devices?.people);
    const asked = users.size > ASKED_THEMSELVES_MAX ? [] : [...users.values()];
    const ids = asked.flatMap((user) => (user === undefined ? [] : [user.id]));
    const methods = await listUserMethods(session.client, ids);
    const observed = { devices: devices ?? new Map(), users, methods };
    const made = makePlan(desired.rows, observed, rulesOf(job, recreated));
    if (devices !== undefined) plan = made;
    return checkUsers(made, observed);
  });
  return { people, plan };
}

/** Every check of the doctor, in the order in which they depend on each other. */
export async function examine(inputs: Inputs, session: Session, context: Context): Promise<readonly Check[]> {
  const { job, desired } = inputs;
  const ledger = await lookAtLedger(session.label, context);
  const before = [checkManifest(desired), await checkReports(context.options.reports), ledger.check];
  const signIn = await attempt('sign-in', async () => {
    const { credential, user, appId, tenantId } = await session.signedIn();
    const who = user === '' ? appId : user;
    return pass('sign-in', who === '' ? credential : `${credential}: ${who} in ${tenantId}`);
  });
  if (signIn.state === 'fail') return [...before, signIn];
  const grants = await session.grants();
  let devices: Observed['devices'] | undefined;
  const inventory = await attempt('inventory', async () => {
    const expected = desired.rows.length;
    const people = new IdIndex(desired.names.length);
    devices = await listInventory(session.client, { people, expected });
    return pass('inventory', `${devices.size} ${devices.size === 1 ? 'token is' : 'tokens are'} listed`);
  });
  // Where nobody answers, the other checks would say the same again, each after a while.
  if (session.clockOffsetMs() === undefined && inventory.state === 'fail')
    return [...before, signIn, inventory];
  const namesUsers = desired.rows.some(({ user }) => user !== undefined);
  const { people, plan } = await examinePeople(inputs, session, devices, ledger.recreated);
  const likely = operationsOf(likelyActions(inputs), namesUsers);
  return [
    ...before,
    signIn,
    ...(plan !== undefined && job.kind !== 'audit'
      ? checkAllowed(plan, grants)
      : [checkPermissions(likely, grants, false), ...checkRoles(likely, grants, false)]),
    ...(job.findings.oldMethods ? [checkRegistrations(grants)] : []),
    inventory,
    await attempt('policy', async () => checkPolicy(await readPolicy(session))),
    checkClock(session.clockOffsetMs()),
    ...(namesUsers ? [people] : []),
  ];
}
