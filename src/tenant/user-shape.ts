// A user as Graph describes one, alone, in a batch or in a list.

import { userShape } from '../graph/endpoints/get-user.js';
import type { User } from './observed.js';

/** The user in an answer, or `undefined` when there is none in it. */
export function decodeUser(body: unknown): User | undefined {
  const parsed = userShape.safeParse(body);
  if (!parsed.success) return undefined;
  const { id, userPrincipalName, displayName, accountEnabled, userType } = parsed.data;
  return {
    id,
    userPrincipalName: userPrincipalName ?? '',
    displayName: displayName ?? '',
    accountEnabled: accountEnabled ?? undefined,
    isGuest: userType?.toLowerCase() === 'guest',
  };
}
