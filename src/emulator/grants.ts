// Whether a token allows an operation: the permissions of graph-api.md, sections 3 and 4.1. The documents of the
// service are the source, and not the client's table, so that the two can disagree in a test.

import type { Caller } from './issued-tokens.js';
import type { Match } from './router.js';
import type { Permission } from './settings.js';

const METHODS_WRITE = ['UserAuthMethod-HardwareOATH.ReadWrite.All', 'UserAuthenticationMethod.ReadWrite.All'];
const METHODS_READ = [
  ...METHODS_WRITE,
  'UserAuthMethod-HardwareOATH.Read.All',
  'UserAuthenticationMethod.Read.All',
];
const INVENTORY_READ = ['Policy.Read.All', 'Policy.ReadWrite.AuthenticationMethod'];

const GRANTING: Readonly<Record<Permission, readonly string[]>> = {
  inventoryRead: INVENTORY_READ,
  inventoryWrite: ['Policy.ReadWrite.AuthenticationMethod'],
  methodsRead: METHODS_READ,
  methodsWrite: METHODS_WRITE,
  usersRead: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  registrationsRead: ['AuditLog.Read.All'],
  policyRead: [...INVENTORY_READ, 'Policy.Read.AuthenticationMethod'],
};

const OWN_METHODS_WRITE = ['UserAuthMethod-HardwareOATH.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];

/** Beside those above, for a person's own things through `/me`. */
const GRANTING_SELF: Partial<Readonly<Record<Permission, readonly string[]>>> = {
  methodsRead: [...OWN_METHODS_WRITE, 'UserAuthMethod-HardwareOATH.Read', 'UserAuthenticationMethod.Read'],
  methodsWrite: OWN_METHODS_WRITE,
  usersRead: ['User.Read', 'User.ReadWrite'],
};

export function isAllowed(needs: Permission, { isMe }: Match, { permissions }: Caller): boolean {
  const granting = isMe ? [...GRANTING[needs], ...(GRANTING_SELF[needs] ?? [])] : GRANTING[needs];
  return granting.some((name) => permissions.has(name));
}
