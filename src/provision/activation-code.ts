// One-time codes for activation (TOTP, RFC 6238), and the moments at which one is best computed. Pure: the time
// is handed in.

import { Secret as OtpSecret, TOTP } from 'otpauth';
import type { TokenDetails } from '../manifest/row.js';

/** What Microsoft Graph calls the hash functions, and what the library does. */
const ALGORITHM = { hmacsha1: 'SHA1', hmacsha256: 'SHA256' } as const;

/** Microsoft Entra takes codes of six digits (graph-api.md, section 2.1). */
const DIGITS = 6;

/**
 * A code that leaves so close to the end of its step arrives in the next one; and one from the first moment of
 * a step is from the future for a service whose clock is behind. The service tolerates a day (graph-api.md,
 * section 2.4), which one need not rely on.
 */
const BEFORE_END_MS = 1_500;
const AFTER_BEGIN_MS = 500;

/**
 * The code that a token shows at a moment.
 *
 * @example
 * codeAt({ secretKey, timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', … }, 59_000); // '287082' for RFC 6238's key
 */
export function codeAt(token: TokenDetails, wallMs: number): string {
  return TOTP.generate({
    secret: OtpSecret.fromBase32(token.secretKey.reveal()),
    algorithm: ALGORITHM[token.hashFunction],
    digits: DIGITS,
    period: token.timeIntervalInSeconds,
    timestamp: wallMs,
  });
}

/** Milliseconds to wait until the moment is away from both edges of a step; 0 when it is. */
export function awayFromEdgeMs({ timeIntervalInSeconds }: TokenDetails, wallMs: number): number {
  const stepMs = timeIntervalInSeconds * 1_000;
  const intoStepMs = wallMs % stepMs;
  if (intoStepMs < AFTER_BEGIN_MS) return AFTER_BEGIN_MS - intoStepMs;
  const leftMs = stepMs - intoStepMs;
  return leftMs < BEFORE_END_MS ? leftMs + AFTER_BEGIN_MS : 0;
}

/** Milliseconds until another code than the one of this moment can be computed. */
export function untilNextCodeMs({ timeIntervalInSeconds }: TokenDetails, wallMs: number): number {
  const stepMs = timeIntervalInSeconds * 1_000;
  return stepMs - (wallMs % stepMs) + AFTER_BEGIN_MS;
}
