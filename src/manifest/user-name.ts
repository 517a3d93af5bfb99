// What names a user: a user principal name or an object id. Anything else is refused, so that a display name
// or a mailbox alias is never guessed into a person.

import { isMe } from '../lookup-key.js';

const OBJECT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One `@` with something on both sides, without spaces or control characters. */
const USER_PRINCIPAL_NAME = /^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u;

/** The same for those that almost all are, which is found out in a tenth of the time. */
const ORDINARY = /^[\w.+-]+@[\w.-]+$/;

/**
 * @example
 * namesUser('Helga@contoso.com'); // true
 * namesUser('Helga Braun');       // false
 * namesUser('me');                // true: the person who signs in
 */
export function namesUser(cell: string): boolean {
  return ORDINARY.test(cell) || USER_PRINCIPAL_NAME.test(cell) || OBJECT_ID.test(cell) || isMe(cell);
}

/** The sentence for a cell that names nobody. It does not repeat the cell, which may be a misplaced secret. */
export const USER_MALFORMED = 'the user is neither a user principal name (name@domain) nor an object id';
