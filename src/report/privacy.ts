// Leaves out of a report who the users are, as far as the job asks for it: every user principal name, and with
// `hashed` the object ids as well. It works on the whole report at once, so that no format can forget it. Pure.

import { MappedRows } from '../compact/rows.js';
import type { Finding, RowVerdict } from '../reconcile/verdict.js';
import { countVerdicts, type ReportInput } from './model.js';

/** `full`: as they are. `id-only`: object ids, no names. `hashed`: neither; a user is a hash of the name. */
export type UserPrivacy = 'full' | 'id-only' | 'hashed';

/** A user principal name inside a sentence. */
const PRINCIPAL_NAME = /[^\s"'()<>,;:]+@[^\s"'()<>,;:]*[^\s"'()<>,;:.]/gu;
/** An object id inside a sentence. */
const OBJECT_ID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/giu;

/**
 * The report as it may be written.
 *
 * @param hash - a user's name or id as a hash that cannot be guessed back, the same for the same user.
 */
export function withPrivacy(
  input: ReportInput,
  users: UserPrivacy,
  hash: (user: string) => string,
): ReportInput {
  if (users === 'full') return input;
  const hashed = (user: string): string => (user === '' ? '' : `user-${hash(user)}`);
  const name = (user: string): string => (users === 'hashed' ? hashed(user) : '');
  const id = (userId: string): string => (users === 'hashed' ? hashed(userId) : userId);
  const sentence = (text: string, user: string): string => {
    if (text === '') return '';
    const told = users === 'hashed' ? hashed : () => '(name left out)';
    const named = user === '' ? text : text.replaceAll(user, told(user));
    const without = named.replace(PRINCIPAL_NAME, told);
    return users === 'hashed' ? without.replace(OBJECT_ID, hashed) : without;
  };
  const row = (given: RowVerdict): RowVerdict => ({
    ...given,
    user: name(given.user),
    userId: id(given.userId),
    detail: sentence(given.detail, given.user),
    next: sentence(given.next, given.user),
  });
  const finding = (given: Finding): Finding => ({
    ...given,
    ...(given.userId === undefined ? {} : { userId: id(given.userId) }),
    detail: sentence(given.detail, ''),
    next: sentence(given.next, ''),
  });
  const rows = Object.assign(new MappedRows(input.rows, row), { counts: () => countVerdicts(input.rows) });
  return { ...input, rows, findings: input.findings.map(finding) };
}
