// Takes a token from its holder; it goes back to the inventory: graph-api.md, section 3.2.

import { NOT_SO, type Operation } from '../operation.js';
import { LIST_METHODS } from './list-methods.js';
import { WRITE_METHODS } from './permissions.js';

export const UNASSIGN_DEVICE = {
  name: 'unassign a token',
  method: 'DELETE',
  /** In every example the id of a method is that of its device (graph-api.md, section 2.2). */
  path: `${LIST_METHODS.path}/{device}`,
  documentation:
    'https://learn.microsoft.com/graph/api/authentication-delete-hardwareoathmethods?view=graph-rest-beta',
  permissions: WRITE_METHODS,
  success: [204],
  /** By the user's own methods: the inventory does not list what older uploads have left (section 10.4). */
  alreadySo: {
    witnesses: ['methods'],
    judge: (shown, { deviceId }) =>
      shown.some(({ id }) => id === deviceId) ? NOT_SO : { kind: 'so', deviceId },
  },
} as const satisfies Operation;
