// The decoded keys show the codes that RFC 6238 publishes (appendix B), whichever file they came from.

import { join } from 'node:path';
import { base32nopad } from '@scure/base';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { loadDesired, type ManifestSource } from '../../src/manifest/load.js';
import { Secret as Hidden } from '../../src/secret.js';

const CASES = join(import.meta.dirname, '../cases/manifest');

/** Time in seconds → the last six of the eight digits that the RFC shows, for SHA-1 and 30 seconds. */
const SHA1 = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
] as const;

/** For SHA-256. */
const SHA256 = [
  [59, '119246'],
  [1_111_111_109, '084774'],
] as const;

const figure = (name: string): string => `pskc-rfc6030-as-totp/${name}`;

const FILES: readonly (readonly [string, Omit<ManifestSource, 'path'>, number])[] = [
  ['graph-csv/tokens.csv', {}, 0],
  ['safeid-hex/tokens.csv', { timeInterval: 60 }, 0],
  ['encoding-base64/tokens.csv', {}, 0],
  ['linotp/tokens.csv', { defaults: { manufacturer: 'M', model: 'm' } }, 0],
  ['linotp/tokens.csv', { defaults: { manufacturer: 'M', model: 'm' } }, 1],
  ['pskc/tokens.xml', {}, 0],
  ['pskc/tokens.xml', {}, 1],
  ['dualshield/base64.xml', {}, 0],
  [
    figure('figure-6.xml'),
    { key: new Hidden('12345678901234567890123456789012'), hashFunction: 'hmacsha1' },
    0,
  ],
  [figure('figure-7.xml'), { password: new Hidden('qwerty'), hashFunction: 'hmacsha1' }, 0],
];

describe('a decoded key', () => {
  it.each(FILES)('of %s shows the codes of RFC 6238 (%o, row %i)', async (file, options, row) => {
    const { rows } = await loadDesired({
      manifests: [{ path: file, absolutePath: join(CASES, file), ...options }],
      assignments: [],
    });
    const token = rows.at(row)?.token;
    if (token === undefined) throw new Error('the row has no token');
    const sha256 = token.hashFunction === 'hmacsha256';
    const bytes = base32nopad.decode(token.secretKey.reveal());
    const totp = new TOTP({
      secret: new Secret({ buffer: Uint8Array.from(bytes).buffer }),
      algorithm: sha256 ? 'SHA256' : 'SHA1',
      digits: 6,
      // The RFC's codes are for 30 seconds: the key is what is tested here.
      period: 30,
    });
    for (const [seconds, code] of sha256 ? SHA256 : SHA1) {
      expect(totp.generate({ timestamp: seconds * 1_000 })).toBe(code);
    }
  });
});
