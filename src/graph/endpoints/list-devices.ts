// Lists the tenant's inventory of tokens: graph-api.md, section 3.1.1.

import { z } from 'zod';
import { deviceItem } from '../device.js';
import type { Operation } from '../operation.js';
import { READ_INVENTORY } from './permissions.js';

export const LIST_DEVICES = {
  name: 'list the inventory of tokens',
  method: 'GET',
  path: '/directory/authenticationMethodDevices/hardwareOathDevices',
  documentation:
    'https://learn.microsoft.com/graph/api/authenticationmethoddevice-list-hardwareoathdevices?view=graph-rest-beta',
  permissions: READ_INVENTORY,
  options: ['$select', '$filter', '$top'],
  success: [200],
  response: z.object({ value: z.array(deviceItem), '@odata.nextLink': z.string().nullish() }),
} as const satisfies Operation;
