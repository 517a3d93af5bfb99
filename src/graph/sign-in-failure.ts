// Why signing in failed, in a sentence with its mend: the errors that people really meet. Nothing is sent here.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes

import { OperationError } from '../errors.js';
import { parseGraphError } from './error-body.js';
import type { HttpResult } from './transport.js';

interface Explanation {
  readonly what: string;
  readonly next: string;
}

/** By the number after AADSTS. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  '7000215': {
    what: 'the client secret is wrong',
    next: "Give the secret's value, not its id; it is shown once, when it is made (App registration > Certificates & secrets).",
  },
  '7000222': {
    what: 'the client secret has expired',
    next: 'Make a new one (App registration > Certificates & secrets) and set it in the variable that the job names.',
  },
  '700027': {
    what: 'the certificate is not that of the application',
    next: 'Upload its public part (App registration > Certificates & secrets > Certificates), and name the PEM file with both parts in the job.',
  },
  '700016': {
    what: 'the tenant does not know the application',
    next: 'Check credential.clientId, and that it was registered in, or consented to by, the tenant of credential.tenantId.',
  },
  '90002': {
    what: 'there is no such tenant in this cloud',
    next: 'Check credential.tenantId, and that graph names the cloud that the tenant is in.',
  },
  '900023': {
    what: 'the tenant id is neither an id nor a domain',
    next: 'Check credential.tenantId.',
  },
  '65001': {
    what: 'nobody has consented to what the application asks for',
    next: 'Let an administrator grant consent (App registration > API permissions > Grant admin consent); docs/permissions.md lists what is needed.',
  },
  '500011': {
    what: 'the tenant does not know the Microsoft Graph of this address',
    next: 'Check that graph names the cloud that the tenant is in, and connection.scope for an endpoint of your own.',
  },
  '53003': {
    what: 'a Conditional Access policy blocks it',
    next: 'Let the policy pass this application or this network, or sign in from one that it passes.',
  },
  '50076': {
    what: 'multifactor authentication is asked for',
    next: 'Sign in as a person with credential: { kind: device-code }, or use an application.',
  },
  '70021': {
    what: 'no federated credential of the application fits this workload',
    next: 'Compare issuer, subject and audience with those under App registration > Certificates & secrets > Federated credentials.',
  },
  '700213': {
    what: 'no federated credential of the application fits this workload',
    next: 'Compare issuer, subject and audience with those under App registration > Certificates & secrets > Federated credentials.',
  },
  '7000112': {
    what: 'the application is disabled',
    next: 'Enable it under Enterprise applications > Properties.',
  },
};

/** Of a device code the library tells no number, but the word of RFC 6749, section 5.2, and RFC 8628, section 3.5. */
const NOT_GRANTED = /invalid_grant|authorization_declined|code_expired|expired_token|device_code_expired/;

const NOT_GRANTED_EXPLANATION: Explanation = {
  what: 'it was not granted: nobody has consented to what the application asks for, or the code was declined or has expired',
  next: 'Enter the code within fifteen minutes; let an administrator grant consent (App registration > API permissions), and allow public client flows under Authentication.',
};

const DATA = 'No request was sent to Microsoft Graph after that.';

/** The number of an error of Entra, if the text names one. */
function numberIn(text: string): string | undefined {
  return /AADSTS(\d+)/.exec(text)?.[1];
}

/**
 * What a failure of the identity library means.
 *
 * @param probed - what the sign-in service itself says, when the library did not.
 */
export function signInFailed(error: unknown, authority: string, probed?: HttpResult): OperationError {
  const message = error instanceof Error ? error.message : String(error);
  const number = numberIn(message) ?? (probed?.kind === 'answer' ? numberIn(probed.body) : undefined);
  const known = number === undefined ? undefined : EXPLANATIONS[number];
  if (known !== undefined) {
    return failure({ ...known, what: `${known.what} (AADSTS${number})` }, error);
  }
  if (NOT_GRANTED.test(message)) return failure(NOT_GRANTED_EXPLANATION, error);
  if (isUnresolved(error)) return failure(unreachable(authority, probed), error);
  // The library lists what it tried in further lines, which stay in the cause.
  const first = (message.split('\n')[0] ?? '').trim();
  const name = error instanceof Error ? error.name : 'Error';
  if (name === 'CredentialUnavailableError' || name === 'AggregateAuthenticationError') {
    return new OperationError({
      code: 'credential-missing',
      what: `No credential was found on this machine: ${first}`,
      data: DATA,
      next: 'Name a credential in the job file, or sign in with the Azure CLI (az login); see docs/job-file.md.',
      cause: error,
    });
  }
  return failure(
    {
      what: first,
      next: 'Check tenant id, client id and the secret or certificate; see docs/job-file.md.',
    },
    error,
  );
}

function failure({ what, next }: Explanation, cause: unknown): OperationError {
  return new OperationError({
    code: 'sign-in-failed',
    what: `Signing in to Microsoft Entra failed: ${what}${/[.!?]$/.test(what) ? '' : '.'}`,
    data: DATA,
    next,
    cause,
  });
}

/**
 * Whether the library could not even find its endpoints. It says so for an unknown tenant, a name that cannot be
 * resolved and a certificate that is not trusted alike, and keeps the cause to itself (packages.md, section 1c).
 */
export function isUnresolved(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return /endpoints_resolution_error|openid_config_error|network_error/.test(message);
}

const TLS_WORDS = /CERT|SELF_SIGNED|UNABLE_TO|self-signed|certificate/;

function unreachable(authority: string, probed: HttpResult | undefined): Explanation {
  if (probed?.kind === 'answer') {
    const { code, message } = parseGraphError(probed.status, probed.body);
    return {
      what: `${authority} does not describe the tenant (HTTP ${probed.status}, ${message === '' ? code : message})`,
      next: 'Check credential.tenantId and the cloud that graph names.',
    };
  }
  const reason = probed?.reason ?? 'the reason is not known';
  if (TLS_WORDS.test(reason)) {
    return {
      what: `the certificate of ${authority} is not trusted (${reason})`,
      next: 'Something between here and there opens the connection, or the service is your own: name its CA in connection.ca, or in NODE_EXTRA_CA_CERTS.',
    };
  }
  return {
    what: `${authority} cannot be reached (${reason})`,
    next: 'Check the network, the name, and the proxy (HTTPS_PROXY, NO_PROXY).',
  };
}
