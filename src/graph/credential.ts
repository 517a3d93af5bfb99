// Where bearer tokens come from. The identity library is imported only when a token is needed, because it
// takes a quarter of a second to load (packages.md, section 0), and asked by one caller at a time, because it
// sends one token request per caller (packages.md, section 1c).

import type { TokenCredential } from '@azure/identity';
import { OperationError } from '../errors.js';

/** How the job signs in. */
export type Credential =
  | { readonly kind: 'access-token'; readonly token: string | undefined }
  | { readonly kind: 'default' }
  | {
      readonly kind: 'client-secret';
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | {
      readonly kind: 'client-certificate';
      readonly tenantId: string;
      readonly clientId: string;
      readonly certificatePath: string;
    };

export interface TokenSource {
  /** A bearer token that is still good for some minutes. */
  token(): Promise<string>;
  /**
   * Called after a token was refused: one other than `stale`, or `undefined` when there is no other to be had.
   *
   * @param claims - what the new one has to answer (claims-challenge.ts), as JSON.
   */
  refreshed(stale: string, claims?: string): Promise<string | undefined>;
}

/** A token is replaced this long before it expires, so that it outlives a long gate. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

/** A source that has one token and cannot get another. */
export function fixedToken(token: string): TokenSource {
  return { token: async () => token, refreshed: async () => undefined };
}

/**
 * The token source of a credential.
 *
 * @param scope - `<graph root>/.default`.
 * @throws {OperationError} `credential-missing` for `access-token` without a token.
 */
export function createTokenSource(
  credential: Credential,
  scope: string,
  authority: string,
  nowWallMs: () => number,
): TokenSource {
  if (credential.kind !== 'access-token') {
    return identityTokens(() => loadCredential(credential, authority), scope, nowWallMs);
  }
  if (credential.token === undefined || credential.token.trim() === '') {
    throw new OperationError({
      code: 'credential-missing',
      what: 'The job signs in with an access token, and the variable OATHBATCH_ACCESS_TOKEN is empty.',
      data: 'Nothing was sent.',
      next: 'Set OATHBATCH_ACCESS_TOKEN, or choose another credential in the job file.',
    });
  }
  return fixedToken(credential.token.trim());
}

type IdentityCredential = Exclude<Credential, { kind: 'access-token' }>;

async function loadCredential(credential: IdentityCredential, authority: string): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const options = { authorityHost: authority };
  switch (credential.kind) {
    case 'default':
      return new identity.DefaultAzureCredential(options);
    case 'client-secret':
      return new identity.ClientSecretCredential(
        credential.tenantId,
        credential.clientId,
        credential.clientSecret,
        options,
      );
    case 'client-certificate':
      return new identity.ClientCertificateCredential(
        credential.tenantId,
        credential.clientId,
        { certificatePath: credential.certificatePath },
        options,
      );
  }
}

function identityTokens(
  load: () => Promise<TokenCredential>,
  scope: string,
  nowWallMs: () => number,
): TokenSource {
  let credential: Promise<TokenCredential> | undefined;
  let held: { readonly token: string; readonly expiresAtMs: number } | undefined;
  let fetching: Promise<string> | undefined;

  const fetchToken = async (claims: string | undefined): Promise<string> => {
    try {
      credential ??= load();
      // Without enableCae the service never challenges, and a token lives on for an hour after it was revoked:
      // https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation
      const answer = await (await credential).getToken(scope, {
        enableCae: true,
        ...(claims === undefined ? {} : { claims }),
      });
      if (answer === null) throw new Error('the identity library gave no token');
      held = { token: answer.token, expiresAtMs: answer.expiresOnTimestamp };
      return answer.token;
    } catch (error) {
      throw signInFailed(error);
    } finally {
      fetching = undefined;
    }
  };
  const single = (claims?: string): Promise<string> => {
    fetching ??= fetchToken(claims);
    return fetching;
  };

  return {
    token: async () =>
      held !== undefined && nowWallMs() < held.expiresAtMs - EXPIRY_MARGIN_MS ? held.token : single(),
    refreshed: async (stale, claims) => {
      if (held !== undefined && held.token !== stale) return held.token;
      held = undefined;
      const token = await single(claims);
      return token === stale ? undefined : token;
    },
  };
}

/** The first line of the library's message: the rest is a list of what it tried, kept as the cause. */
function signInFailed(error: unknown): OperationError {
  const message = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : 'Error';
  const first = message.split('\n')[0] ?? '';
  const unavailable = name === 'CredentialUnavailableError' || name === 'AggregateAuthenticationError';
  return new OperationError({
    code: unavailable ? 'credential-missing' : 'sign-in-failed',
    what: unavailable
      ? `No credential was found on this machine: ${first}`
      : `Signing in to Microsoft Entra failed: ${first}`,
    data: 'No request was sent to Microsoft Graph after that.',
    next: unavailable
      ? 'Name a credential in the job file, or sign in with the Azure CLI (az login); see docs/job-file.md.'
      : 'Check tenant id, client id and the secret or certificate; see docs/job-file.md.',
    cause: error,
  });
}
