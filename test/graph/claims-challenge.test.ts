// A claims challenge: what a new token has to answer.

import { describe, expect, it } from 'vitest';
import { claimsChallenge } from '../../src/graph/claims-challenge.js';

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const encoded = btoa(CLAIMS);

describe('a claims challenge', () => {
  it.each([
    [
      'as the documents show it',
      `Bearer realm="", authorization_uri="https://login.test/common/oauth2/authorize", client_id="c", error="insufficient_claims", claims="${encoded}"`,
    ],
    ['in another order, without blanks', `Bearer claims="${encoded}",error="insufficient_claims"`],
    ['with names in capitals', `Bearer Error="insufficient_claims", Claims="${encoded}"`],
    [
      'in the alphabet of URLs',
      `Bearer error="insufficient_claims", claims="${encoded.replaceAll('+', '-').replaceAll('/', '_')}"`,
    ],
    ['beside another scheme', `Basic realm="x", Bearer error="insufficient_claims", claims="${encoded}"`],
  ])('is read %s', (_what, header) => {
    expect(claimsChallenge(header)).toBe(CLAIMS);
  });

  it.each([
    ['there is no header', undefined],
    ['the token is merely not valid', 'Bearer error="invalid_token"'],
    ['it names no claims', 'Bearer error="insufficient_claims"'],
    ['its claims are not base64', 'Bearer error="insufficient_claims", claims="%%%"'],
    ['its claims are not JSON', `Bearer error="insufficient_claims", claims="${btoa('no')}"`],
    ['another error has claims', `Bearer error="invalid_token", claims="${encoded}"`],
  ])('is none when %s', (_what, header) => {
    expect(claimsChallenge(header)).toBeUndefined();
  });
});
