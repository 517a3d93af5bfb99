// Takes a token out of the inventory, with its secret: graph-api.md, section 3.1.4. It must be unassigned first.

import { NOT_SO, type Operation } from '../operation.js';
import { GET_DEVICE } from './get-device.js';
import { WRITE_INVENTORY } from './permissions.js';

export const DELETE_DEVICE = {
  name: 'delete a token',
  method: 'DELETE',
  path: GET_DEVICE.path,
  documentation:
    'https://learn.microsoft.com/graph/api/authenticationmethoddevice-delete-hardwareoathdevices?view=graph-rest-beta',
  permissions: WRITE_INVENTORY,
  success: [204],
  /** Two witnesses: one 404 may pass although the token is there (graph-api.md, section 7). */
  alreadySo: {
    witnesses: ['device', 'serial-number'],
    judge: (shown, { deviceId }) =>
      shown.some(({ id }) => id === deviceId) ? NOT_SO : { kind: 'so', deviceId },
  },
} as const satisfies Operation;
