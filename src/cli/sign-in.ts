// How a command gets its tokens, and over which connection: what the job and the environment say, put together.

import { readFile } from 'node:fs/promises';
import { CLOUDS } from '../clouds.js';
import { OperationError } from '../errors.js';
import {
  type Credential,
  createTokenSource,
  fixedToken,
  type IdentityCredential,
  type TokenSource,
} from '../graph/credential.js';
import { createHttpTransport, type HttpOptions, type ProxySettings } from '../graph/http.js';
import type { Transport } from '../graph/transport.js';
import type { JobCredential } from '../job/credential.js';
import type { GraphTarget } from '../job/graph-target.js';
import { given } from '../job/inputs.js';
import type { Job } from '../job/job.js';
import type { Context } from './common.js';

/** How a connection leaves this network. */
export type WayOut = Pick<HttpOptions, 'ca' | 'proxy'>;

export interface SignIn {
  readonly transport: Transport;
  /** For other connections to the same endpoint. */
  readonly way: WayOut;
  readonly tokens: TokenSource;
  /** `rehearsal` when nobody signs in. */
  readonly kind: string;
}

/** What a rehearsal is given in place of a token. */
const REHEARSAL_TOKEN = 'rehearsal';

/**
 * The connection, and the tokens for it. A rehearsal on this computer is never given a real token, which would
 * travel to it in the clear.
 *
 * @throws {OperationError} `credential-missing`, `key-unusable`.
 */
export async function openSignIn(job: Job, target: GraphTarget, context: Context): Promise<SignIn> {
  const { environment, clock, screen } = context;
  const way = await wayOut(job, environment);
  const transport = createHttpTransport(way);
  const plainHttp = target.kind === 'url' && target.url.startsWith('http:');
  if (target.kind === 'emulator' || (plainHttp && job.credential.kind !== 'access-token')) {
    return { transport, way, tokens: fixedToken(REHEARSAL_TOKEN), kind: 'rehearsal' };
  }
  const cloud = target.kind === 'cloud' ? CLOUDS[target.cloud] : undefined;
  const root = target.kind === 'cloud' ? CLOUDS[target.cloud].graphRoot : new URL(target.url).origin;
  const own = target.kind === 'url' ? job.connection : {};
  const tokens = createTokenSource(credentialOf(job.credential, environment), {
    authority: cloud?.authority ?? own.authority ?? CLOUDS.global.authority,
    scope: own.scope ?? `${root}/.default`,
    transport,
    tell: (text) => screen.say(text),
    nowWallMs: () => clock.wallMs(),
  });
  return { transport, way, tokens, kind: job.credential.kind };
}

/**
 * The way out of this network, as the job and the environment say.
 *
 * @throws {OperationError} `key-unusable`.
 */
export async function wayOut(job: Job, environment: Context['environment']): Promise<WayOut> {
  const ca = await readCertificates(job);
  const proxy = proxyOf(environment);
  return { ...(ca === undefined ? {} : { ca }), ...(proxy === undefined ? {} : { proxy }) };
}

/** https://curl.se/docs/manpage.html, section ENVIRONMENT: small letters go before capitals. */
function proxyOf(environment: Context['environment']): ProxySettings | undefined {
  const https = environment['https_proxy'] ?? environment['HTTPS_PROXY'] ?? '';
  const except = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
  if (https === '') return undefined;
  return { https, ...(except === '' ? {} : { except }) };
}

async function readCertificates({ connection: { ca } }: Job): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  const unusable = (why: string): OperationError =>
    new OperationError({
      code: 'key-unusable',
      what: `The certificates in ${ca.path} cannot be used: ${why}.`,
      data: 'Nothing was sent.',
      next: 'Name a PEM file in connection.ca, or leave it out.',
    });
  const text = await readFile(ca.absolutePath, 'utf8').catch((error: unknown) => {
    throw unusable(error instanceof Error ? error.message : String(error));
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw unusable('there is no certificate in it');
  return text;
}

function credentialOf(credential: JobCredential, environment: Context['environment']): Credential {
  switch (credential.kind) {
    case 'access-token':
      return { kind: 'access-token', token: environment['OATHBATCH_ACCESS_TOKEN'] };
    case 'client-secret':
      return { ...credential, clientSecret: credential.clientSecret.reveal() };
    case 'client-certificate': {
      const { kind, tenantId, clientId, certificateAbsolutePath, certificatePassword } = credential;
      return {
        ...{ kind, tenantId, clientId, certificatePath: certificateAbsolutePath },
        ...given({ certificatePassword: certificatePassword?.reveal() }),
      };
    }
    case 'workload-identity':
      return workloadIdentity(credential, environment);
    case 'default':
    case 'managed-identity':
    case 'azure-cli':
    case 'device-code':
      return credential;
  }
}

/** Of Kubernetes when there is a file with a token; of GitHub Actions when the workflow may ask for one. */
function workloadIdentity(
  credential: Extract<JobCredential, { kind: 'workload-identity' }>,
  environment: Context['environment'],
): IdentityCredential {
  const { kind, tokenFileAbsolutePath: tokenFilePath } = credential;
  const tenantId = credential.tenantId ?? environment['AZURE_TENANT_ID'];
  const clientId = credential.clientId ?? environment['AZURE_CLIENT_ID'];
  const requestUrl = environment['ACTIONS_ID_TOKEN_REQUEST_URL'];
  const requestToken = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  const hasFile = tokenFilePath !== undefined || environment['AZURE_FEDERATED_TOKEN_FILE'] !== undefined;
  if (!hasFile && requestUrl !== undefined && requestToken !== undefined) {
    if (tenantId !== undefined && clientId !== undefined) {
      return { kind: 'github-actions', tenantId, clientId, requestUrl, requestToken };
    }
    throw new OperationError({
      code: 'credential-missing',
      what: 'This workflow of GitHub Actions has an id token, and the job does not say for which application.',
      data: 'Nothing was sent.',
      next: 'Give credential: { kind: workload-identity, tenantId: …, clientId: … }, or set AZURE_TENANT_ID and AZURE_CLIENT_ID.',
    });
  }
  return { kind, ...given({ tenantId, clientId, tokenFilePath }) };
}
