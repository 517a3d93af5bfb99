// What one operation of the API is, as data: endpoints/ has a file for each. Pure; nothing is sent here.

import type { z } from 'zod';
import type { Device } from './device.js';
import type { HttpMethod } from './transport.js';

/** What a caller must be allowed to do. Any one of a list is enough; the least comes first. */
export interface Permissions {
  /** App roles, for an application that signs in by itself. */
  readonly application: readonly string[];
  /** Scopes, for a person who acts on others. */
  readonly delegated: readonly string[];
  /** Scopes, for a person who acts on himself through `/me`; absent when there is no such way. */
  readonly self?: readonly string[];
  /** The Entra roles of which such a person needs one, beside the scope. */
  readonly roles: readonly string[];
}

/** What a write is to bring about. */
export interface Wanted {
  /** The token that it is about; empty for a creation. */
  readonly deviceId: string;
  /** Whom it is about; empty where there is nobody. */
  readonly userId: string;
  /** A token with the same serial number that a new one takes the place of: it proves nothing of a creation. */
  readonly replacedId: string;
}

/** How things stand, as a read shows them. */
export type Standing =
  /** It is so: with this token. */
  | { readonly kind: 'so'; readonly deviceId: string }
  /** It is not so, or is not shown yet. */
  | { readonly kind: 'not-so' }
  /** The token is with somebody else. */
  | { readonly kind: 'held-by-other'; readonly holderId: string };

export const NOT_SO: Standing = { kind: 'not-so' };

/**
 * What can be asked: the inventory for a token by its id, or for all with its serial number; and a user for the
 * tokens among his methods.
 */
export type Witness = 'device' | 'serial-number' | 'methods';

/** The rule by which a write need not be sent, or sent again. */
export interface AlreadySo {
  /** Who is asked, one after the other. It is so when all of them say so. */
  readonly witnesses: readonly Witness[];
  /** What the tokens that a witness shows mean. There may be none of them. */
  readonly judge: (shown: readonly Device[], wanted: Wanted) => Standing;
}

export interface Operation {
  /** As people say it: `assign a token`. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Below the version; parts in braces are left open. */
  readonly path: string;
  readonly documentation: string;
  readonly permissions: Permissions;
  /** Query options that the documents name. The service may ignore or refuse them (graph-api.md, section 7). */
  readonly options?: readonly ('$select' | '$filter' | '$top')[];
  /** The statuses of success that are documented, or were observed. */
  readonly success: readonly number[];
  /** What is sent; absent when there is no body. */
  readonly request?: z.ZodType;
  /** What is answered; absent when there is no body. */
  readonly response?: z.ZodType;
  /** How to see that it is so already; absent for reads. */
  readonly alreadySo?: AlreadySo;
}

/**
 * An operation's address, with its open parts filled in; nothing that stands in them can change it.
 *
 * @example
 * addressOf(GET_DEVICE, { device: 'a/b' }); // '/directory/…/hardwareOathDevices/a%2Fb'
 */
export function addressOf(
  { path }: Pick<Operation, 'path'>,
  parts: Readonly<Record<string, string>>,
): string {
  return path.replaceAll(/\/?\{(\w+)\}/g, (open, name: string) => {
    const value = parts[name] ?? '';
    // A key that begins with $ would be read as an option; the documents ask for this form then:
    // https://learn.microsoft.com/graph/api/user-get
    if (value.startsWith('$')) return `('${encodeURIComponent(value)}')`;
    return `${open.startsWith('/') ? '/' : ''}${encodeURIComponent(value)}`;
  });
}
