// Users of a page in its bytes, as almost every answer has them: id and name go into the columns as they stand there. What
// is anything else is told by JSON.parse (user-shape.ts).

import { UUID_LENGTH } from '../compact/uuid.js';
import type { ListedPage } from '../graph/listed-page.js';
import { isOwnUserKey } from '../lookup-key.js';

const FIELDS = { id: 0, userPrincipalName: 1, accountEnabled: 2, userType: 3 } as const;

/** The members of a user that are wanted. */
export const USER_FIELDS: readonly string[] = Object.keys(FIELDS);

/** A user in the bytes of his page. */
export interface PlainUser {
  readonly bytes: Buffer;
  /** Of 36 bytes. */
  readonly idStart: number;
  /** A name that is its own `userKey`. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly accountEnabled: boolean;
  readonly isGuest: boolean;
}

/** A user of a page; `undefined` when he is for JSON.parse. */
export function plainUser(page: ListedPage, n: number): PlainUser | undefined {
  const { bytes } = page;
  const idStart = page.startOf(n, FIELDS.id);
  const nameStart = page.startOf(n, FIELDS.userPrincipalName);
  const nameEnd = page.endOf(n, FIELDS.userPrincipalName);
  const enabled = page.kind(n, FIELDS.accountEnabled);
  const isPlain =
    page.kind(n, FIELDS.id) === 'text' &&
    page.endOf(n, FIELDS.id) === idStart + UUID_LENGTH &&
    page.kind(n, FIELDS.userPrincipalName) === 'text' &&
    isOwnUserKey(bytes, nameStart, nameEnd) &&
    (enabled === 'true' || enabled === 'false') &&
    page.kind(n, FIELDS.userType) === 'text';
  if (!isPlain) return undefined;
  const isGuest = page.recurring(n, FIELDS.userType).toLowerCase() === 'guest';
  return { bytes, idStart, nameStart, nameEnd, accountEnabled: enabled === 'true', isGuest };
}
