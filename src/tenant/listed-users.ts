// Users of a page in its bytes, as almost every answer has them: id and name go into the columns as they stand there. What
// is anything else is told by JSON.parse (user-shape.ts).

import type { ListedPage } from '../graph/listed-page.js';

const FIELDS = { id: 0, userPrincipalName: 1, accountEnabled: 2, userType: 3 } as const;

/** The members of a user that are wanted. */
export const USER_FIELDS: readonly string[] = Object.keys(FIELDS);

const UUID_LENGTH = 36;

/** So long may a name be here. */
const NAME_BYTES_MAX = 120;

/** 1 for what stands in a name that is its own `userKey`. */
const OWN_KEY = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789@._-') OWN_KEY[character.charCodeAt(0)] = 1;

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
    isOwnKey(bytes, nameStart, nameEnd) &&
    (enabled === 'true' || enabled === 'false') &&
    page.kind(n, FIELDS.userType) === 'text';
  if (!isPlain) return undefined;
  const isGuest = page.recurring(n, FIELDS.userType).toLowerCase() === 'guest';
  return { bytes, idStart, nameStart, nameEnd, accountEnabled: enabled === 'true', isGuest };
}

function isOwnKey(bytes: Buffer, start: number, end: number): boolean {
  if (end === start || end - start > NAME_BYTES_MAX) return false;
  for (let i = start; i < end; i += 1) if (OWN_KEY[bytes[i] ?? 0] !== 1) return false;
  return true;
}
