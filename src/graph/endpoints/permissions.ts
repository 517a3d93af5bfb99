// Which permissions and roles operations need: graph-api.md, sections 3.1, 3.2, 3.3 and 4. The least comes first.
// https://learn.microsoft.com/graph/permissions-reference

import type { Permissions } from '../operation.js';

const INVENTORY_ADMINISTRATOR = 'Authentication Policy Administrator';

/** Administrators' own methods can be changed by the second alone. */
const METHODS_ADMINISTRATORS = ['Authentication Administrator', 'Privileged Authentication Administrator'];

const INVENTORY_WRITERS = ['Policy.ReadWrite.AuthenticationMethod'];
const INVENTORY_READERS = ['Policy.Read.All', ...INVENTORY_WRITERS];

export const READ_INVENTORY: Permissions = {
  application: INVENTORY_READERS,
  delegated: INVENTORY_READERS,
  roles: ['Global Reader', INVENTORY_ADMINISTRATOR],
};

export const WRITE_INVENTORY: Permissions = {
  application: INVENTORY_WRITERS,
  delegated: INVENTORY_WRITERS,
  roles: [INVENTORY_ADMINISTRATOR],
};

const METHOD_WRITERS = [
  'UserAuthMethod-HardwareOATH.ReadWrite.All',
  'UserAuthenticationMethod.ReadWrite.All',
];
const METHOD_READERS = [
  'UserAuthMethod-HardwareOATH.Read.All',
  'UserAuthenticationMethod.Read.All',
  ...METHOD_WRITERS,
];
const OWN_METHOD_WRITERS = ['UserAuthMethod-HardwareOATH.ReadWrite', 'UserAuthenticationMethod.ReadWrite'];
const OWN_METHOD_READERS = [
  'UserAuthMethod-HardwareOATH.Read',
  'UserAuthenticationMethod.Read',
  ...OWN_METHOD_WRITERS,
];

export const READ_METHODS: Permissions = {
  application: METHOD_READERS,
  delegated: METHOD_READERS,
  self: [...OWN_METHOD_READERS, ...METHOD_READERS],
  roles: ['Global Reader', ...METHODS_ADMINISTRATORS],
};

export const WRITE_METHODS: Permissions = {
  application: METHOD_WRITERS,
  delegated: METHOD_WRITERS,
  self: [...OWN_METHOD_WRITERS, ...METHOD_WRITERS],
  roles: METHODS_ADMINISTRATORS,
};

/** `User.ReadBasic.All` does not show whether an account is enabled or a guest's. */
const USER_READERS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];

export const READ_USERS: Permissions = {
  application: USER_READERS,
  delegated: USER_READERS,
  self: ['User.Read', 'User.ReadWrite', ...USER_READERS],
  roles: [],
};

const REPORT_READERS = ['AuditLog.Read.All'];

/** https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails */
export const READ_REGISTRATIONS: Permissions = {
  application: REPORT_READERS,
  delegated: REPORT_READERS,
  roles: ['Reports Reader', 'Security Reader', 'Security Administrator', 'Global Reader'],
};

const POLICY_READERS = ['Policy.Read.AuthenticationMethod', ...INVENTORY_READERS];

export const READ_POLICY: Permissions = {
  application: POLICY_READERS,
  delegated: POLICY_READERS,
  roles: ['Global Reader', INVENTORY_ADMINISTRATOR],
};
