// Makes a key and a certificate that signs itself, for a server on this computer: Node.js can read X.509 and not
// write it, so that the few structures needed are written here in DER (RFC 5280, section 4.1; X.690). The key is
// made at start and kept in memory; nothing on this computer trusts it unless it is told to.

import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

export interface SelfSigned {
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** PEM. It is its own authority: whoever shall trust the server trusts this. */
  readonly certificate: string;
}

export interface CertificateOptions {
  /** Names of the server. */
  readonly hosts?: readonly string[];
  /** RSA for a client that signs in with it, because Microsoft Entra asks for that. */
  readonly keyType?: 'ec' | 'rsa';
  readonly notBeforeMs: number;
  readonly days?: number;
}

const DAY_MS = 86_400_000;

/** Tags of X.690. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  ipAddress: 0x87,
  version: 0xa0,
  extensions: 0xa3,
} as const;

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(TAG.oid, Buffer.from(bytes));
}

/** `YYMMDDHHMMSSZ`, which holds until 2049 (RFC 5280, section 4.1.2.5.1). */
function utcTime(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return der(TAG.utcTime, Buffer.from(`${text}Z`));
}

function commonName(name: string): Buffer {
  const attribute = der(TAG.sequence, oid('2.5.4.3'), der(TAG.utf8, Buffer.from(name)));
  return der(TAG.sequence, der(TAG.set, attribute));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return der(TAG.sequence, oid(id), ...flag, der(TAG.octets, value));
}

function hostName(host: string): Buffer {
  return /^\d+(\.\d+){3}$/.test(host)
    ? der(TAG.ipAddress, Buffer.from(host.split('.').map(Number)))
    : der(TAG.dnsName, Buffer.from(host));
}

/** ecdsa-with-SHA256 (RFC 5758, section 3.2) or sha256WithRSAEncryption (RFC 4055, section 5). */
function algorithmOf(keyType: 'ec' | 'rsa'): Buffer {
  return keyType === 'ec'
    ? der(TAG.sequence, oid('1.2.840.10045.4.3.2'))
    : der(TAG.sequence, oid('1.2.840.113549.1.1.11'), Buffer.from([0x05, 0x00]));
}

/**
 * A new key with its certificate.
 *
 * @example
 * const { privateKey, certificate } = selfSigned({ notBeforeMs: clock.wallMs() });
 * createServer({ key: privateKey, cert: certificate });
 */
export function selfSigned(options: CertificateOptions): SelfSigned {
  const { hosts = ['localhost', '127.0.0.1'], keyType = 'ec', notBeforeMs, days = 30 } = options;
  const { publicKey, privateKey } = newKeys(keyType);
  const name = commonName(hosts[0] ?? 'localhost');
  // Unlike that of any other certificate of this name: it is a part of the key.
  const serial = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 16);
  const algorithm = algorithmOf(keyType);
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    // Positive, whatever was drawn.
    der(TAG.integer, Buffer.from([1]), serial),
    algorithm,
    name,
    // An hour earlier, for a client whose clock is behind.
    der(TAG.sequence, utcTime(notBeforeMs - DAY_MS / 24), utcTime(notBeforeMs + days * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      TAG.extensions,
      der(
        TAG.sequence,
        extension('2.5.29.19', true, der(TAG.sequence, der(TAG.boolean, Buffer.from([0xff])))),
        extension('2.5.29.17', false, der(TAG.sequence, ...hosts.map(hostName))),
      ),
    ),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(TAG.sequence, body, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: new X509Certificate(certificate).toString(),
  };
}

function newKeys(keyType: 'ec' | 'rsa'): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return keyType === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}
