// A user as Graph describes one, alone, in a batch or in a list.

import { userShape } from '../graph/endpoints/get-user.js';
import type { User } from './observed.js';

/** A user as almost every answer has one. A million of them pass here. */
interface UsualUser {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly accountEnabled: boolean;
  readonly userType: string;
}

function isUsual(body: unknown): body is UsualUser {
  return (
    typeof body === 'object' &&
    body !== null &&
    'id' in body &&
    typeof body.id === 'string' &&
    'userPrincipalName' in body &&
    typeof body.userPrincipalName === 'string' &&
    'accountEnabled' in body &&
    typeof body.accountEnabled === 'boolean' &&
    'userType' in body &&
    typeof body.userType === 'string'
  );
}

/** The user in an answer, or `undefined` when there is none in it. */
export function decodeUser(body: unknown): User | undefined {
  if (isUsual(body)) {
    const { id, userPrincipalName, accountEnabled, userType } = body;
    return {
      id,
      userPrincipalName,
      accountEnabled,
      isGuest: userType !== 'Member' && userType.toLowerCase() === 'guest',
    };
  }
  const parsed = userShape.safeParse(body);
  if (!parsed.success) return undefined;
  const { id, userPrincipalName, accountEnabled, userType } = parsed.data;
  return {
    id,
    userPrincipalName: userPrincipalName ?? '',
    accountEnabled: accountEnabled ?? undefined,
    isGuest: userType?.toLowerCase() === 'guest',
  };
}
