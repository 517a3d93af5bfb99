// What the rehearsal's sign-in service says when it refuses: error, number and sentence of each.

/** Errors of the sign-in service: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const TROUBLES = {
  unknownTenant: { code: 90002, error: 'invalid_tenant', text: "Tenant '{tenant}' not found." },
  unknownApp: {
    code: 700016,
    error: 'unauthorized_client',
    text: "Application with identifier '{app}' was not found in the directory.",
  },
  wrongSecret: { code: 7000215, error: 'invalid_client', text: 'Invalid client secret provided.' },
  expiredSecret: {
    code: 7000222,
    error: 'invalid_client',
    text: "The provided client secret keys for app '{app}' are expired.",
  },
  wrongAssertion: {
    code: 700027,
    error: 'invalid_client',
    text: 'The certificate with identifier used to sign the client assertion is not registered on application.',
  },
  noConsent: {
    code: 65001,
    error: 'invalid_grant',
    text: 'The user or administrator has not consented to use the application.',
  },
  blocked: {
    code: 53003,
    error: 'access_denied',
    text: 'Access has been blocked by Conditional Access policies.',
  },
  unknownAudience: {
    code: 500011,
    error: 'invalid_resource',
    text: 'The resource principal named in the scope was not found in the tenant.',
  },
  pending: { code: 70016, error: 'authorization_pending', text: 'The device code was not entered yet.' },
  unsupportedGrant: {
    code: 70003,
    error: 'unsupported_grant_type',
    text: 'The grant type is not supported.',
  },
} as const;

export type Trouble = keyof typeof TROUBLES;

/** Those of an application that cannot prove itself: RFC 6749, section 5.2. */
const UNAUTHORIZED: ReadonlySet<Trouble> = new Set(['wrongSecret', 'expiredSecret', 'wrongAssertion']);

/** The status and the body of a refusal. The ids are those that a support case would name. */
export function refusalOf(
  trouble: Trouble,
  name: string,
  ids: { readonly trace: string; readonly correlation: string; readonly wallMs: number },
): { readonly status: number; readonly body: Readonly<Record<string, unknown>> } {
  const { code, error, text } = TROUBLES[trouble];
  return {
    status: UNAUTHORIZED.has(trouble) ? 401 : 400,
    body: {
      error,
      error_description: `AADSTS${code}: ${text.replace(/\{\w+\}/, name)} Trace ID: ${ids.trace}`,
      error_codes: [code],
      timestamp: new Date(ids.wallMs).toISOString(),
      trace_id: ids.trace,
      correlation_id: ids.correlation,
    },
  };
}
