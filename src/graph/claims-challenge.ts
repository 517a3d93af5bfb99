// Reads a claims challenge: the service takes the token no longer, and says what a new one must answer
// (Continuous Access Evaluation, Conditional Access step-up). Pure.
// https://learn.microsoft.com/entra/identity-platform/claims-challenge

/** One parameter of a challenge: RFC 9110, section 11.2; the value may be quoted. */
const PARAMETER = /([a-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/**
 * The claims that a new token has to answer, as JSON; `undefined` when the header asks for none.
 *
 * @param header - the value of `WWW-Authenticate`.
 * @example
 * claimsChallenge('Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="');
 * // '{"access_token":{}}'
 */
export function claimsChallenge(header: string | undefined): string | undefined {
  const parameters = new Map(
    [...(header ?? '').matchAll(PARAMETER)].map(([, name, quoted, bare]) => [
      (name ?? '').toLowerCase(),
      quoted ?? bare ?? '',
    ]),
  );
  const claims = parameters.get('claims');
  if (parameters.get('error') !== 'insufficient_claims' || claims === undefined) return undefined;
  return decode(claims);
}

/** Base64 in either alphabet, as the page above shows it. */
function decode(claims: string): string | undefined {
  try {
    const binary = atob(claims.replaceAll('-', '+').replaceAll('_', '/'));
    const json = new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    JSON.parse(json);
    return json;
  } catch {
    // A challenge that cannot be read cannot be answered: the refusal stands as it is.
    return undefined;
  }
}
