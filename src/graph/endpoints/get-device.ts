// Reads one token of the inventory: graph-api.md, section 3.1.4.

import { deviceItem } from '../device.js';
import type { Operation } from '../operation.js';
import { LIST_DEVICES } from './list-devices.js';
import { READ_INVENTORY } from './permissions.js';

export const GET_DEVICE = {
  name: 'read a token',
  method: 'GET',
  path: `${LIST_DEVICES.path}/{device}`,
  documentation:
    'https://learn.microsoft.com/graph/api/hardwareoathtokenauthenticationmethoddevice-get?view=graph-rest-beta',
  permissions: READ_INVENTORY,
  success: [200],
  response: deviceItem,
} as const satisfies Operation;
