// Which class of the identity library stands for which credential. The library is imported only here, and only
// when a token is needed, because it takes a quarter of a second to load (packages.md, section 0).

import type { TokenCredential } from '@azure/identity';
import { CLOUDS } from '../clouds.js';
import { assertNever } from '../errors.js';
import type { IdentityCredential, SignInSurroundings } from './credential.js';
import { throughOurConnection } from './credential-connection.js';
import { githubAssertion } from './github-assertion.js';

/** The sign-in services that Microsoft knows. */
const CLOUD_AUTHORITIES: ReadonlySet<string> = new Set(
  Object.values(CLOUDS).map(({ authority }) => authority),
);

/** The credential, made but not asked yet. */
export async function loadCredential(
  credential: IdentityCredential,
  surroundings: SignInSurroundings,
): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const { authority, transport } = surroundings;
  const options = {
    authorityHost: authority,
    // A sign-in service of one's own is unknown to Microsoft, who would be asked about it first.
    ...(CLOUD_AUTHORITIES.has(authority) ? {} : { disableInstanceDiscovery: true }),
    ...throughOurConnection(transport),
  };
  switch (credential.kind) {
    case 'default':
      return new identity.DefaultAzureCredential(options);
    case 'client-secret': {
      const { tenantId, clientId, clientSecret } = credential;
      return new identity.ClientSecretCredential(tenantId, clientId, clientSecret, options);
    }
    case 'client-certificate': {
      const { tenantId, clientId, certificatePath, certificatePassword } = credential;
      const certificate = {
        certificatePath,
        ...(certificatePassword === undefined ? {} : { certificatePassword }),
      };
      return new identity.ClientCertificateCredential(tenantId, clientId, certificate, options);
    }
    case 'workload-identity': {
      const { tenantId, clientId, tokenFilePath } = credential;
      return new identity.WorkloadIdentityCredential({
        ...options,
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(tokenFilePath === undefined ? {} : { tokenFilePath }),
      });
    }
    case 'github-actions': {
      const { tenantId, clientId, ...request } = credential;
      const assertion = () => githubAssertion(surroundings.transport, request);
      return new identity.ClientAssertionCredential(tenantId, clientId, assertion, options);
    }
    case 'managed-identity': {
      const { clientId, objectId, resourceId } = credential;
      if (clientId !== undefined) return new identity.ManagedIdentityCredential({ clientId });
      if (objectId !== undefined) return new identity.ManagedIdentityCredential({ objectId });
      if (resourceId !== undefined) return new identity.ManagedIdentityCredential({ resourceId });
      return new identity.ManagedIdentityCredential();
    }
    case 'azure-cli': {
      const { tenantId } = credential;
      return new identity.AzureCliCredential(tenantId === undefined ? {} : { tenantId });
    }
    case 'device-code': {
      const { tenantId, clientId } = credential;
      return new identity.DeviceCodeCredential({
        ...options,
        ...{ tenantId, clientId },
        userPromptCallback: ({ message }) => surroundings.tell(message),
      });
    }
    default:
      return assertNever(credential);
  }
}
