// Whether a one-time code belongs to a token (RFC 6238), within the tolerance of an activation. Sign-ins,
// and learning how far a token's clock has drifted, are not rehearsed.

import { Secret as OtpSecret, TOTP } from 'otpauth';
import type { Device } from './device.js';

/** At activation, a token may be off by a day with a step of 30 s and by two with 60 s: graph-api.md, section 2.4. */
const TOLERANCE_MS = { 30: 86_400_000, 60: 2 * 86_400_000 } as const;

const ALGORITHM = { hmacsha1: 'SHA1', hmacsha256: 'SHA256' } as const;

/** Six digits: graph-api.md, section 2.1. */
export function isSixDigits(code: string): boolean {
  return /^[0-9]{6}$/.test(code);
}

/**
 * Whether the code is one of the token's, near this time. The search goes outwards from now, so that a right
 * code costs one or two hashes and only a wrong one the whole window (5,761 of them, some 30 ms).
 *
 * A token whose secret is unknown, because it was restored from a snapshot and is in no seed, accepts any
 * six digits: a snapshot holds no secrets.
 */
export function isCodeOf(
  device: Device,
  code: string,
  wallMs: number,
  toleranceMs: number | undefined,
): boolean {
  if (!isSixDigits(code)) return false;
  if (device.secret === undefined) return true;
  const period = device.timeIntervalInSeconds;
  const delta = TOTP.validate({
    token: code,
    secret: OtpSecret.fromBase32(device.secret.reveal()),
    algorithm: ALGORITHM[device.hashFunction],
    digits: 6,
    period,
    timestamp: wallMs,
    window: Math.floor((toleranceMs ?? TOLERANCE_MS[period]) / (period * 1_000)),
  });
  return delta !== null;
}
