// Every operation that is described, for what looks at all of them.

import type { Operation } from '../operation.js';
import { ACTIVATE_DEVICE } from './activate-device.js';
import { ASSIGN_DEVICE } from './assign-device.js';
import { CREATE_DEVICE } from './create-device.js';
import { CREATE_DEVICES } from './create-devices.js';
import { DELETE_DEVICE } from './delete-device.js';
import { GET_DEVICE } from './get-device.js';
import { GET_POLICY } from './get-policy.js';
import { GET_USER } from './get-user.js';
import { LIST_DEVICES } from './list-devices.js';
import { LIST_METHODS } from './list-methods.js';
import { LIST_REGISTRATIONS } from './list-registrations.js';
import { LIST_USERS } from './list-users.js';
import { UNASSIGN_DEVICE } from './unassign-device.js';

export const OPERATIONS: readonly Operation[] = [
  LIST_DEVICES,
  GET_DEVICE,
  CREATE_DEVICE,
  CREATE_DEVICES,
  DELETE_DEVICE,
  LIST_METHODS,
  ASSIGN_DEVICE,
  ACTIVATE_DEVICE,
  UNASSIGN_DEVICE,
  GET_USER,
  LIST_USERS,
  LIST_REGISTRATIONS,
  GET_POLICY,
];

/** The writes, by what a plan calls them. */
export const WRITES = {
  create: CREATE_DEVICE,
  assign: ASSIGN_DEVICE,
  activate: ACTIVATE_DEVICE,
  unassign: UNASSIGN_DEVICE,
  delete: DELETE_DEVICE,
} as const;
