// Where bearer tokens come from. The identity library is asked by one caller at a time, because it sends one token
// request per caller (packages.md, section 1c), and ahead of expiry, so that no request leaves with a stale token.

import type { TokenCredential } from '@azure/identity';
import { OperationError } from '../errors.js';
import { loadCredential } from './credential-library.js';
import type { GithubRequest } from './github-assertion.js';
import { isUnresolved, signInFailed } from './sign-in-failure.js';
import type { Transport } from './transport.js';

interface Application {
  readonly tenantId: string;
  readonly clientId: string;
}

/** How the job signs in, by the identity library. */
export type IdentityCredential =
  | { readonly kind: 'default' }
  | ({ readonly kind: 'client-secret'; readonly clientSecret: string } & Application)
  | ({
      readonly kind: 'client-certificate';
      readonly certificatePath: string;
      readonly certificatePassword?: string;
    } & Application)
  /** Kubernetes; what is left out comes from the environment that its webhook sets. */
  | ({ readonly kind: 'workload-identity'; readonly tokenFilePath?: string } & Partial<Application>)
  | ({ readonly kind: 'github-actions' } & Application & GithubRequest)
  /** Of the machine itself, or one of those assigned to it. */
  | {
      readonly kind: 'managed-identity';
      readonly clientId?: string;
      readonly objectId?: string;
      readonly resourceId?: string;
    }
  | { readonly kind: 'azure-cli'; readonly tenantId?: string }
  /** A person at a terminal, with a browser anywhere. */
  | ({ readonly kind: 'device-code' } & Application);

export type Credential =
  | { readonly kind: 'access-token'; readonly token: string | undefined }
  | IdentityCredential;

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

/** What signing in needs to know of the world. */
export interface SignInSurroundings {
  /** The sign-in service, as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** `<graph root>/.default` */
  readonly scope: string;
  /** The way to it; the identity library goes it as well. */
  readonly transport: Transport;
  /** Says something to the person at the terminal. */
  readonly tell: (text: string) => void;
  readonly nowWallMs: () => number;
}

/** A token is replaced this long before it expires, so that it outlives a long gate. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

/** While an old token is still good, a sign-in service that fails is left alone for so long. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

/** A source that has one token and cannot get another. */
export function fixedToken(token: string): TokenSource {
  return { token: async () => token, refreshed: async () => undefined };
}

/**
 * The token source of a credential.
 *
 * @throws {OperationError} `credential-missing` for `access-token` without a token.
 */
export function createTokenSource(credential: Credential, surroundings: SignInSurroundings): TokenSource {
  if (credential.kind !== 'access-token') {
    return new IdentityTokens(() => loadCredential(credential, surroundings), credential, surroundings);
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

interface HeldToken {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly renewAtMs: number;
}

class IdentityTokens implements TokenSource {
  readonly #load: () => Promise<TokenCredential>;
  readonly #credential: IdentityCredential;
  readonly #surroundings: SignInSurroundings;
  #loaded: Promise<TokenCredential> | undefined;
  #held: HeldToken | undefined;
  #fetching: Promise<string> | undefined;

  constructor(
    load: () => Promise<TokenCredential>,
    credential: IdentityCredential,
    surroundings: SignInSurroundings,
  ) {
    this.#load = load;
    this.#credential = credential;
    this.#surroundings = surroundings;
  }

  async token(): Promise<string> {
    const held = this.#held;
    const nowMs = this.#surroundings.nowWallMs();
    if (held !== undefined && nowMs < held.renewAtMs) return held.token;
    try {
      return await this.#single();
    } catch (error) {
      if (held === undefined || nowMs >= held.expiresAtMs) throw error;
      // Renewing ahead of time has failed; there is time to try again.
      this.#held = { ...held, renewAtMs: Math.min(held.expiresAtMs, nowMs + PAUSE_AFTER_FAILURE_MS) };
      return held.token;
    }
  }

  async refreshed(stale: string, claims?: string): Promise<string | undefined> {
    if (this.#held !== undefined && this.#held.token !== stale) return this.#held.token;
    this.#held = undefined;
    const token = await this.#single(claims);
    return token === stale ? undefined : token;
  }

  #single(claims?: string): Promise<string> {
    this.#fetching ??= this.#fetch(claims);
    return this.#fetching;
  }

  async #fetch(claims: string | undefined): Promise<string> {
    const { scope, nowWallMs } = this.#surroundings;
    try {
      this.#loaded ??= this.#load();
      // Without enableCae the service never challenges, and a token lives on for an hour after it was revoked:
      // https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation
      const answer = await (await this.#loaded).getToken(scope, {
        enableCae: true,
        ...(claims === undefined ? {} : { claims }),
      });
      if (answer === null) throw new Error('the identity library gave no token');
      const { token, expiresOnTimestamp: expiresAtMs } = answer;
      const nowMs = nowWallMs();
      // One that lives for less than twenty minutes is replaced in the last quarter of its life.
      const margin = Math.min(EXPIRY_MARGIN_MS, (expiresAtMs - nowMs) / 4);
      this.#held = { token, expiresAtMs, renewAtMs: expiresAtMs - margin };
      return token;
    } catch (error) {
      throw await this.#explain(error);
    } finally {
      this.#fetching = undefined;
    }
  }

  /** Asks the sign-in service itself when the library keeps the cause to itself. */
  async #explain(error: unknown): Promise<OperationError> {
    const { authority, transport } = this.#surroundings;
    if (!isUnresolved(error)) return signInFailed(error, authority);
    const tenant = 'tenantId' in this.#credential ? (this.#credential.tenantId ?? 'common') : 'common';
    const probed = await transport.send({
      method: 'GET',
      url: `${authority}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`,
      headers: { accept: 'application/json' },
    });
    return signInFailed(error, authority, probed);
  }
}
