// The job file's key `credential`: how to sign in. A secret is given by the name of an environment variable, and
// never in the file.

import { z } from 'zod';
import { ENVIRONMENT_REFERENCE } from './environment.js';

const tenantId = z.string().min(1).describe('The tenant: its id or one of its domains.');
const clientId = z.string().min(1).describe('The application (client) id.');

const secret = (example: string) =>
  z
    .string()
    .min(1)
    .meta({ pattern: ENVIRONMENT_REFERENCE.source })
    .describe(`A reference to an environment variable, as $${example}. The secret itself is refused here.`);

/** Those that need nothing but their name. */
const BARE = ['default', 'access-token', 'azure-cli', 'managed-identity', 'workload-identity'] as const;

export const credentialSchema = z.union([
  z.enum(BARE, {
    error: `must be ${BARE.join(', ')}, or a group of keys that starts with a kind`,
  }),
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('client-secret'),
      tenantId,
      clientId,
      clientSecret: secret('{ENTRA_CLIENT_SECRET}'),
    }),
    z.strictObject({
      kind: z.literal('client-certificate'),
      tenantId,
      clientId,
      certificate: z
        .string()
        .min(1)
        .describe('A PEM file with the certificate and its private key, relative to the job file.'),
      certificatePassword: secret('{ENTRA_CERTIFICATE_PASSWORD}').optional(),
    }),
    z.strictObject({
      kind: z.literal('workload-identity'),
      tenantId: tenantId.optional(),
      clientId: clientId.optional(),
      tokenFile: z
        .string()
        .min(1)
        .optional()
        .describe(
          "The file with the workload's token, relative to the job file. Left out: AZURE_FEDERATED_TOKEN_FILE, as Kubernetes sets it, or the id token of GitHub Actions.",
        ),
    }),
    z.strictObject({
      kind: z.literal('managed-identity'),
      clientId: clientId.optional(),
      objectId: z.string().min(1).optional().describe('The object id of a user-assigned identity.'),
      resourceId: z.string().min(1).optional().describe('The resource id of a user-assigned identity.'),
    }),
    z.strictObject({ kind: z.literal('azure-cli'), tenantId: tenantId.optional() }),
    z.strictObject({ kind: z.literal('device-code'), tenantId, clientId }),
  ]),
]);

export type CredentialSettings = z.output<typeof credentialSchema>;
