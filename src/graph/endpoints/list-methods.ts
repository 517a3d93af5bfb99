// Lists the tokens that a user holds: graph-api.md, section 3.2. Without $select, which might leave out the token
// inside a method; and without $top, because nobody holds more than five.

import { z } from 'zod';
import { deviceItem } from '../device.js';
import type { Operation } from '../operation.js';
import { READ_METHODS } from './permissions.js';

export const LIST_METHODS = {
  name: 'list the tokens of a user',
  method: 'GET',
  path: '/users/{user}/authentication/hardwareOathMethods',
  documentation:
    'https://learn.microsoft.com/graph/api/authentication-list-hardwareoathmethods?view=graph-rest-beta',
  permissions: READ_METHODS,
  options: ['$select', '$filter', '$top'],
  success: [200],
  response: z.object({ value: z.array(deviceItem) }),
} as const satisfies Operation;
