// The switch that lets hardware OATH tokens work at all: graph-api.md, section 3.3. That a change takes up to
// an hour to reach sign-ins is not rehearsed, nor that tokens cannot be used while it is off.

import { z } from 'zod';
import { type Answer, type Call, decodeBody, NO_CONTENT } from './call.js';
import { isFault } from './graph-error.js';
import { DEFAULT_POLICY } from './tenant.js';

const CONTEXT = 'policies/authenticationMethodsPolicy/authenticationMethodConfigurations/$entity';

const policySchema = z.looseObject({
  state: z.enum(['enabled', 'disabled']).optional(),
  includeTargets: z.array(z.unknown()).optional(),
  excludeTargets: z.array(z.unknown()).optional(),
});

export function getPolicy(call: Call): Answer {
  const { state, excludeTargets, includeTargets } = call.store.policy;
  const body = {
    '@odata.context': `${call.root}/$metadata#${CONTEXT}`,
    '@odata.type': '#microsoft.graph.hardwareOathAuthenticationMethodConfiguration',
    ...{ id: 'HardwareOath', state, excludeTargets, includeTargets },
  };
  return { kind: 'success', status: 200, body };
}

export function updatePolicy(call: Call): Answer {
  const decoded = decodeBody(policySchema, call.body);
  if (isFault(decoded)) return decoded;
  const { policy } = call.store;
  call.store.setPolicy({
    state: decoded.value.state ?? policy.state,
    includeTargets: decoded.value.includeTargets ?? policy.includeTargets,
    excludeTargets: decoded.value.excludeTargets ?? policy.excludeTargets,
  });
  return NO_CONTENT;
}

export function resetPolicy(call: Call): Answer {
  call.store.setPolicy(DEFAULT_POLICY);
  return NO_CONTENT;
}
