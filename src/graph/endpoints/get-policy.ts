// Reads whether the tenant accepts hardware OATH tokens at all, and for whom: graph-api.md, section 3.3.

import { z } from 'zod';
import type { Operation } from '../operation.js';
import { READ_POLICY } from './permissions.js';

const target = z.object({ id: z.string().nullish(), targetType: z.string().nullish() });

export const policyShape = z.object({
  id: z.string().nullish(),
  state: z.string().nullish(),
  includeTargets: z.array(target).nullish(),
  excludeTargets: z.array(target).nullish(),
});

export const GET_POLICY = {
  name: 'read the authentication methods policy',
  method: 'GET',
  path: '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath',
  documentation:
    'https://learn.microsoft.com/graph/api/hardwareoathauthenticationmethodconfiguration-get?view=graph-rest-beta',
  permissions: READ_POLICY,
  success: [200],
  response: policyShape,
} as const satisfies Operation;
