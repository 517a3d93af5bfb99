// What an access token allows, as far as it says so. It is read to warn ahead of time; what is truly allowed, the
// service decides. Pure.

import { z } from 'zod';
import { tokenPayload } from './token-claims.js';

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const claims = z.object({
  scp: z.string().optional(),
  roles: z.array(z.string()).optional(),
  wids: z.array(z.string()).optional(),
  oid: z.string().optional(),
});

export interface TokenGrants {
  /** A person signed in, or an application by itself. */
  readonly isDelegated: boolean;
  /** App roles of an application, scopes of a person. */
  readonly permissions: readonly string[];
  /** Role template ids of the person; the token may leave them out. */
  readonly directoryRoles: readonly string[];
  /** The person's object id; empty for an application. */
  readonly personId: string;
}

/** What a token allows; `undefined` when it is none that can be read. */
export function grantsOf(token: string): TokenGrants | undefined {
  const parsed = claims.safeParse(tokenPayload(token));
  if (!parsed.success) return undefined;
  const { scp, roles, wids, oid } = parsed.data;
  const isDelegated = scp !== undefined;
  return {
    isDelegated,
    permissions: isDelegated ? scp.split(' ').filter((name) => name !== '') : (roles ?? []),
    directoryRoles: wids ?? [],
    personId: isDelegated ? (oid ?? '') : '',
  };
}
