// What an access token says of who signed in. It is read for the record only: nothing is decided by it, and its
// signature is the service's business. Pure.

import { z } from 'zod';

/** Of the payload of an access token: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const payload = z.object({
  tid: z.string().optional(),
  appid: z.string().optional(),
  azp: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  oid: z.string().optional(),
});

/** Who a token was given to; what it does not say is empty. */
export interface TokenClaims {
  readonly tenantId: string;
  readonly appId: string;
  /** The user of a delegated sign-in; empty for an app that signed in by itself. */
  readonly user: string;
  /** Object id of the user or of the app's service principal. */
  readonly objectId: string;
}

/** The claims of a token; all are empty when it is none that can be read. */
export function claimsOf(token: string): TokenClaims {
  const parsed = payload.safeParse(tokenPayload(token));
  const said = parsed.success ? parsed.data : {};
  return {
    tenantId: said.tid ?? '',
    appId: said.appid ?? said.azp ?? '',
    user: said.upn ?? said.unique_name ?? '',
    objectId: said.oid ?? '',
  };
}

/** The second part of a JSON Web Token (RFC 7519, section 3): base64url, as UTF-8. */
export function tokenPayload(token: string): unknown {
  try {
    const binary = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // A token of another form is an expected outcome: it says nothing.
    return undefined;
  }
}
