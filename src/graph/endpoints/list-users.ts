// Lists the tenant's users, which costs less than reading thousands of them one by one.

import { z } from 'zod';
import type { Operation } from '../operation.js';
import { userShape } from './get-user.js';
import { READ_USERS } from './permissions.js';

export const LIST_USERS = {
  name: 'list users',
  method: 'GET',
  path: '/users',
  documentation: 'https://learn.microsoft.com/graph/api/user-list',
  permissions: READ_USERS,
  options: ['$select', '$filter', '$top'],
  success: [200],
  response: z.object({ value: z.array(userShape), '@odata.nextLink': z.string().nullish() }),
} as const satisfies Operation;
