// Lists who has registered which methods: a report of the tenant that lags behind by hours, and that no other
// permission opens. It knows no serial numbers.

import { z } from 'zod';
import type { Operation } from '../operation.js';
import { READ_REGISTRATIONS } from './permissions.js';

export const registrationShape = z.object({
  id: z.string(),
  methodsRegistered: z.array(z.string()).nullish(),
});

export const LIST_REGISTRATIONS = {
  name: 'list the methods that users have registered',
  method: 'GET',
  path: '/reports/authenticationMethods/userRegistrationDetails',
  documentation:
    'https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails',
  permissions: READ_REGISTRATIONS,
  options: ['$filter'],
  success: [200],
  response: z.object({ value: z.array(registrationShape), '@odata.nextLink': z.string().nullish() }),
} as const satisfies Operation;
