// Compares what the token allows with the least that a job needs.

import { LIST_REGISTRATIONS } from '../../graph/endpoints/list-registrations.js';
import type { Operation, Permissions } from '../../graph/operation.js';
import type { TokenGrants } from '../../graph/token-grants.js';
import { type Check, fail, pass, warn } from './check.js';

/** Role template ids: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const ROLE_NAMES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  '0526716b-113d-4c15-b2c8-68e3c22b9f80': 'Authentication Policy Administrator',
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': 'Authentication Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': 'Global Reader',
};

/** It may do all that the others may. */
const ABOVE_ALL = 'Global Administrator';

function sufficient(permissions: Permissions, grants: TokenGrants, onlySelf: boolean): readonly string[] {
  if (!grants.isDelegated) return permissions.application;
  return onlySelf ? (permissions.self ?? permissions.delegated) : permissions.delegated;
}

/**
 * Whether the token allows the operations.
 *
 * @param onlySelf - whether the job touches nobody but the person who signed in.
 */
export function checkPermissions(
  operations: readonly Operation[],
  grants: TokenGrants | undefined,
  onlySelf: boolean,
): Check {
  const name = 'permissions';
  if (grants === undefined) return pass(name, 'the token does not say what it allows (a rehearsal)');
  const held = new Set(grants.permissions);
  const missing = operations.flatMap((operation) => {
    const any = sufficient(operation.permissions, grants, onlySelf);
    return any.some((permission) => held.has(permission)) ? [] : [{ operation, least: any[0] ?? '' }];
  });
  const kind = grants.isDelegated ? 'delegated' : 'application';
  if (missing.length === 0) {
    const used = grants.permissions.length === 0 ? 'none' : grants.permissions.join(', ');
    return pass(name, `the token carries what the job needs (${kind}: ${used})`);
  }
  const least = [...new Set(missing.map((one) => one.least))].join(', ');
  return fail(
    name,
    `the token does not allow to ${missing.map(({ operation }) => operation.name).join(', to ')} (${kind})`,
    `Add ${least} as ${kind} permission of Microsoft Graph, and grant admin consent; docs/permissions.md says which are enough.`,
  );
}

/** Whether users on the old method can be listed. A job does its work without it, so it only warns. */
export function checkRegistrations(grants: TokenGrants | undefined): Check {
  const { state, found, mend } = checkPermissions([LIST_REGISTRATIONS], grants, false);
  const name = 'old methods';
  if (state !== 'fail') return pass(name, 'who is still on the old method can be listed');
  return warn(name, `${found}: users on the old method are not listed`, mend);
}

/** Whether a person has the roles that go with the scopes; an application needs none. */
export function checkRoles(
  operations: readonly Operation[],
  grants: TokenGrants | undefined,
  onlySelf: boolean,
): readonly Check[] {
  if (grants?.isDelegated !== true) return [];
  // Nobody needs a role to act on himself.
  const onOthers = operations.filter(({ permissions: { self } }) => !onlySelf || self === undefined);
  if (onOthers.every(({ permissions: { roles } }) => roles.length === 0)) return [];
  const name = 'roles';
  const held = grants.directoryRoles.flatMap((id) => ROLE_NAMES[id] ?? []);
  const missing = held.includes(ABOVE_ALL)
    ? []
    : onOthers.filter(
        ({ permissions: { roles } }) => roles.length > 0 && !roles.some((role) => held.includes(role)),
      );
  if (missing.length === 0) return [pass(name, held.join(', '))];
  const [first] = missing;
  const mend = `Give the person one of: ${first?.permissions.roles.join(', ') ?? ''}.`;
  const found = `the token names no role that may ${missing.map((one) => one.name).join(' or ')}`;
  // Roles by way of a group or of an administrative unit are not in every token.
  return [warn(name, found, mend)];
}
