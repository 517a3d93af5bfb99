// How a job signs in, ready to use: paths resolved, secrets in their type.

import { assertNever } from '../errors.js';
import { Secret } from '../secret.js';
import type { CredentialSettings } from './credential-schema.js';
import { given } from './inputs.js';

interface Application {
  readonly tenantId: string;
  readonly clientId: string;
}

export type JobCredential =
  | { readonly kind: 'default' }
  /** The token comes from the environment, at the time of the run. */
  | { readonly kind: 'access-token' }
  | ({ readonly kind: 'client-secret'; readonly clientSecret: Secret } & Application)
  | ({
      readonly kind: 'client-certificate';
      /** As it is shown. */
      readonly certificate: string;
      readonly certificateAbsolutePath: string;
      readonly certificatePassword?: Secret;
    } & Application)
  | ({ readonly kind: 'workload-identity'; readonly tokenFileAbsolutePath?: string } & Partial<Application>)
  | {
      readonly kind: 'managed-identity';
      readonly clientId?: string;
      readonly objectId?: string;
      readonly resourceId?: string;
    }
  | { readonly kind: 'azure-cli'; readonly tenantId?: string }
  | ({ readonly kind: 'device-code' } & Application);

/** The credential that a job file says. */
export function toCredential(
  written: CredentialSettings,
  located: (path: string) => { readonly path: string; readonly absolutePath: string },
): JobCredential {
  if (typeof written === 'string') return { kind: written };
  switch (written.kind) {
    case 'client-secret':
      return { ...written, clientSecret: new Secret(written.clientSecret) };
    case 'client-certificate': {
      const { certificatePassword, certificate, ...rest } = written;
      const { path, absolutePath } = located(certificate);
      return {
        ...rest,
        ...{ certificate: path, certificateAbsolutePath: absolutePath },
        ...(certificatePassword === undefined
          ? {}
          : { certificatePassword: new Secret(certificatePassword) }),
      };
    }
    case 'workload-identity': {
      const { kind, tokenFile, ...application } = written;
      return {
        ...{ kind, ...given(application) },
        ...(tokenFile === undefined ? {} : { tokenFileAbsolutePath: located(tokenFile).absolutePath }),
      };
    }
    case 'managed-identity':
    case 'azure-cli': {
      const { kind, ...said } = written;
      return { kind, ...given(said) };
    }
    case 'device-code':
      return written;
    default:
      return assertNever(written);
  }
}
