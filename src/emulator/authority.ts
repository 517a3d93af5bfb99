// The rehearsal's sign-in service: the OpenID configuration, the token endpoint and the device-code endpoint, as
// far as credential libraries use them. Its tokens are accepted by the rehearsal Graph and by nobody else; it
// checks secrets, and takes any client assertion, whose signature is Microsoft's business.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow

import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import { base64url, type Caller, IssuedTokens, unsignedToken } from './issued-tokens.js';
import type { AnswerReply, EmulatorRequest } from './reply.js';
import type { SignInSettings } from './sign-in-settings.js';
import { refusalOf, type Trouble } from './sign-in-troubles.js';
import { quickUuid } from './streams.js';
import type { SeedUser } from './tenant.js';

type Body = Readonly<Record<string, unknown>>;

/** RFC 8628, section 3.4, and as Microsoft's libraries write it. */
const DEVICE_GRANTS: ReadonlySet<string> = new Set([
  'urn:ietf:params:oauth:grant-type:device_code',
  'device_code',
]);

export interface AuthorityParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly users: readonly SeedUser[];
}

/** How many requests for a token there were, and what the last one asked for. */
export interface SignInCounts {
  readonly tokenRequests: number;
  readonly lastClaims: string | undefined;
  readonly lastScope: string | undefined;
}

export class Authority {
  readonly #settings: SignInSettings;
  readonly #parts: AuthorityParts;
  readonly #tokens: IssuedTokens;
  /** By device code: how often it was asked about. */
  readonly #polls = new Map<string, number>();
  #counts: SignInCounts = { tokenRequests: 0, lastClaims: undefined, lastScope: undefined };

  constructor(settings: SignInSettings, parts: AuthorityParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#tokens = new IssuedTokens(parts.clock);
  }

  get counts(): SignInCounts {
    return this.#counts;
  }

  callerOf(authorization: string | undefined): Caller | undefined {
    return this.#tokens.callerOf(authorization);
  }

  /** Answers one request to the sign-in service. `origin` is its own address, as `https://localhost:1234`. */
  handle({ method, path, body }: EmulatorRequest, origin: string): AnswerReply {
    const [pathname = ''] = path.split('?');
    const [, tenant = '', ...rest] = pathname.split('/');
    if (!['common', 'organizations', this.#settings.tenantId].includes(tenant)) {
      return this.#refuse('unknownTenant', tenant);
    }
    const form = new URLSearchParams(body);
    switch (`${method} ${rest.join('/')}`) {
      case 'GET v2.0/.well-known/openid-configuration':
        return reply(200, configuration(origin, tenant));
      case 'POST oauth2/v2.0/devicecode':
        return this.#deviceCode(origin, form);
      case 'POST oauth2/v2.0/token':
        return this.#token(origin, form);
      default:
        return reply(404, { error: 'not_found' });
    }
  }

  #refuse(trouble: Trouble, name = ''): AnswerReply {
    const { clock, random } = this.#parts;
    const ids = { trace: quickUuid(random), correlation: quickUuid(random), wallMs: clock.wallMs() };
    const { status, body } = refusalOf(trouble, name, ids);
    return reply(status, body);
  }

  #deviceCode(origin: string, form: URLSearchParams): AnswerReply {
    const clientId = form.get('client_id') ?? '';
    if (clientId !== this.#settings.clientId) return this.#refuse('unknownApp', clientId);
    const code = quickUuid(this.#parts.random);
    const shown = code.slice(0, 8).toUpperCase();
    this.#polls.set(code, 0);
    return reply(200, {
      device_code: code,
      user_code: shown,
      verification_uri: `${origin}/device`,
      expires_in: 900,
      // A whole second is the least that clients wait.
      interval: 1,
      message: `To sign in, open ${origin}/device in a browser and enter the code ${shown}.`,
    });
  }

  #token(origin: string, form: URLSearchParams): AnswerReply {
    const { throttled, trouble } = this.#settings;
    this.#counts = {
      tokenRequests: this.#counts.tokenRequests + 1,
      lastClaims: form.get('claims') ?? undefined,
      lastScope: form.get('scope') ?? undefined,
    };
    if (this.#counts.tokenRequests <= throttled) {
      return reply(429, { error: 'temporarily_unavailable' }, { 'retry-after': '1' });
    }
    const clientId = form.get('client_id') ?? '';
    if (clientId !== this.#settings.clientId) return this.#refuse('unknownApp', clientId);
    if (trouble === 'blocked') return this.#refuse('blocked');
    const grant = form.get('grant_type') ?? '';
    if (DEVICE_GRANTS.has(grant)) return this.#forDeviceCode(origin, form);
    switch (grant) {
      case 'client_credentials':
        return this.#forApplication(origin, form);
      case 'refresh_token':
        return this.#forPerson(origin, form);
      default:
        return this.#refuse('unsupportedGrant');
    }
  }

  #forApplication(origin: string, form: URLSearchParams): AnswerReply {
    const { clientId, clientSecret, trouble, roles } = this.#settings;
    const isByAssertion = form.has('client_assertion');
    if (isByAssertion && trouble === 'assertion-refused') return this.#refuse('wrongAssertion');
    if (!isByAssertion && form.get('client_secret') !== clientSecret) return this.#refuse('wrongSecret');
    if (!isByAssertion && trouble === 'secret-expired') return this.#refuse('expiredSecret', clientId);
    // Without consent an application is given a token all the same; it allows nothing.
    const granted = trouble === 'no-consent' ? [] : roles;
    return reply(
      200,
      this.#issue(origin, undefined, granted, { idtyp: 'app', oid: clientId, roles: granted }),
    );
  }

  #forDeviceCode(origin: string, form: URLSearchParams): AnswerReply {
    const code = form.get('device_code') ?? '';
    const polls = this.#polls.get(code) ?? 0;
    this.#polls.set(code, polls + 1);
    return polls < this.#settings.pendingPolls ? this.#refuse('pending') : this.#forPerson(origin, form);
  }

  #forPerson(origin: string, form: URLSearchParams): AnswerReply {
    const { scopes, trouble, directoryRoles, tenantId, clientId, user: wanted } = this.#settings;
    const name = wanted?.toLowerCase();
    const user = this.#parts.users.find(
      ({ userPrincipalName }) => name === undefined || userPrincipalName.toLowerCase() === name,
    );
    if (trouble === 'no-consent' || user === undefined) return this.#refuse('noConsent');
    const person = { oid: user.id, upn: user.userPrincipalName, name: user.displayName };
    const delegated = { idtyp: 'user', scp: scopes.join(' '), wids: directoryRoles };
    return reply(200, {
      ...this.#issue(origin, user.id, scopes, { ...person, ...delegated }),
      id_token: unsignedToken({
        ...person,
        ...this.#times(),
        ...{ iss: `${origin}/${tenantId}/v2.0`, aud: clientId, sub: user.id, tid: tenantId },
        preferred_username: user.userPrincipalName,
      }),
      client_info: base64url({ uid: user.id, utid: tenantId }),
      refresh_token: quickUuid(this.#parts.random),
      scope: form.get('scope') ?? '',
    });
  }

  #issue(origin: string, me: string | undefined, granted: readonly string[], who: Body): Body {
    const { tenantId, clientId, lifetime } = this.#settings;
    const claims = {
      ...{
        aud: 'https://graph.microsoft.com',
        iss: `${origin}/${tenantId}/`,
        tid: tenantId,
        appid: clientId,
      },
      ...this.#times(),
      ...who,
      uti: quickUuid(this.#parts.random),
    };
    const token = this.#tokens.issue(claims, { me, permissions: new Set(granted) }, lifetime);
    const expiresIn = Math.floor(lifetime / 1_000);
    return { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token };
  }

  #times(): Body {
    const seconds = Math.floor(this.#parts.clock.wallMs() / 1_000);
    return { iat: seconds, nbf: seconds, exp: seconds + Math.floor(this.#settings.lifetime / 1_000) };
  }
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html, section 4.2 */
function configuration(origin: string, tenant: string): Body {
  const base = `${origin}/${tenant}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function reply(status: number, body: Body, headers: Readonly<Record<string, string>> = {}): AnswerReply {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
