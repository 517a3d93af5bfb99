// Reads a user by principal name or object id. Only what is asked for is answered.

import { z } from 'zod';
import type { Operation } from '../operation.js';
import { READ_USERS } from './permissions.js';

export const userShape = z.object({
  id: z.string(),
  userPrincipalName: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
});

export const GET_USER = {
  name: 'find a user',
  method: 'GET',
  path: '/users/{user}',
  documentation: 'https://learn.microsoft.com/graph/api/user-get',
  permissions: READ_USERS,
  options: ['$select'],
  success: [200],
  response: userShape,
} as const satisfies Operation;
