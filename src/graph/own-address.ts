// Acting on oneself: what a person has of authentication methods is addressed through `/me`, where the self
// permissions are enough (graph-api.md, sections 3.2 and 4.2). Pure.

import { grantsOf } from './token-grants.js';

/** The object id of the person whose token this is; `undefined` for an application. */
export function personOf(token: string): string | undefined {
  const grants = grantsOf(token);
  return grants === undefined || grants.personId === '' ? undefined : grants.personId;
}

/**
 * An address, or a batch with addresses in it, with the person's own methods behind `/me`.
 *
 * @example
 * throughMe('/users/u1/authentication/hardwareOathMethods', 'u1'); // '/me/authentication/hardwareOathMethods'
 */
export function throughMe(addresses: string, personId: string | undefined): string {
  if (personId === undefined) return addresses;
  return addresses.replaceAll(
    `/users/${encodeURIComponent(personId)}/authentication/`,
    '/me/authentication/',
  );
}
