// Gathers what the checks judge, by reading alone.

import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperationError } from '../../errors.js';
import { WRITES } from '../../graph/endpoints/all.js';
import { GET_POLICY, policyShape } from '../../graph/endpoints/get-policy.js';
import { GET_USER } from '../../graph/endpoints/get-user.js';
import { LIST_DEVICES } from '../../graph/endpoints/list-devices.js';
import { LIST_METHODS } from '../../graph/endpoints/list-methods.js';
import type { Operation } from '../../graph/operation.js';
import type { TokenGrants } from '../../graph/token-grants.js';
import { openLedger } from '../../ledger/sqlite.js';
import type { ActionKind } from '../../plan/action.js';
import { listInventory } from '../../tenant/inventory.js';
import { listUserMethods } from '../../tenant/methods.js';
import type { Observed } from '../../tenant/observed.js';
import type { Context } from '../common.js';
import { type Inputs, lookUpUsers } from '../prepare.js';
import type { Session } from '../session.js';
import { type Check, fail, pass } from './check.js';
import { checkPermissions, checkRoles } from './check-permissions.js';
import { checkClock, checkManifest, checkPolicy, checkUsers, type Policy } from './check-tenant.js';

/** The operations that a plan needs; every job reads the inventory. */
export function operationsOf(actions: Iterable<ActionKind>, namesUsers: boolean): readonly Operation[] {
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
export function isOnlySelf(
  userIds: readonly (string | undefined)[],
  grants: TokenGrants | undefined,
): boolean {
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

/** Every check of the doctor, in the order in which they depend on each other. */
export async function examine(inputs: Inputs, session: Session, context: Context): Promise<readonly Check[]> {
  const { desired } = inputs;
  const before = [
    checkManifest(
      desired.rows.length,
      desired.rows.filter(({ invalid }) => invalid !== undefined).length,
      desired.warnings.length,
    ),
    ...(await checkDisk(context)),
  ];
  const signIn = await attempt('sign-in', async () => {
    const { credential, user, appId, tenantId } = await session.signedIn();
    const who = user === '' ? appId : user;
    return pass('sign-in', who === '' ? credential : `${credential}: ${who} in ${tenantId}`);
  });
  if (signIn.state === 'fail') return [...before, signIn];
  const grants = await session.grants();
  const namesUsers = desired.rows.some(({ user }) => user !== undefined);
  const inventory = await attempt('inventory', async () => {
    const devices = await listInventory(session.client);
    return pass('inventory', `${devices.size} tokens are listed`);
  });
  let users: Observed['users'] = new Map();
  const people = await attempt('users', async () => {
    users = await lookUpUsers(desired, session);
    const ids = [...users.values()].flatMap((user) => (user === undefined ? [] : [user.id]));
    const methods = await listUserMethods(session.client, ids);
    return checkUsers(users, new Map([...methods].map(([id, held]) => [id, held.length])));
  });
  const operations = operationsOf(likelyActions(inputs), namesUsers);
  const onlySelf = isOnlySelf(
    [...users.values()].map((user) => user?.id),
    grants,
  );
  return [
    ...before,
    signIn,
    checkPermissions(operations, grants, onlySelf),
    ...checkRoles(operations, grants, onlySelf),
    inventory,
    checkPolicy(await readPolicy(session)),
    checkClock(session.clockOffsetMs()),
    ...(namesUsers ? [people] : []),
  ];
}

/** A check that fails when what it needs cannot be had. */
async function attempt(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof OperationError) return fail(name, error.message, error.next);
    throw error;
  }
}

async function checkDisk({ options }: Context): Promise<readonly Check[]> {
  const reports = await attempt('reports', async () => {
    const directory = resolve(options.reports);
    try {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.W_OK);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return fail(
        'reports',
        `nothing can be written below ${options.reports} (${why})`,
        'Give another folder with --reports.',
      );
    }
    return pass('reports', `can be written below ${options.reports}`);
  });
  const ledger = await attempt('ledger', async () => {
    const open = openLedger(options.state);
    const runs = await open.runs();
    await open.close();
    return pass('ledger', `in ${options.state}, with ${runs.length} runs`);
  });
  return [reports, ledger];
}
