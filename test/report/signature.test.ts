// Signing the evidence: with OpenSSL's own key files, and checked by OpenSSL itself.

import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isSignedBy, readPublicKey, readSigningKey } from '../../src/report/signature.js';

const folder = mkdtempSync(join(tmpdir(), 'oathbatch-signature-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PRIVATE = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const PUBLIC = publicKey.export({ format: 'pem', type: 'spki' }).toString();
const TEXT = '{"who": "Ámélie"}\n';

function signed() {
  const key = readSigningKey(PRIVATE);
  if ('wrong' in key) throw new Error(key.wrong);
  return { publicKey: key.publicKey, signature: key.sign(TEXT) };
}

describe('a signature', () => {
  it('fits the bytes it was made of and no others', () => {
    const { publicKey: key, signature } = signed();
    const bytes = Buffer.from(TEXT);
    expect(signature).toHaveLength(64);
    expect(isSignedBy(bytes, signature, key)).toBe(true);
    expect(isSignedBy(Buffer.from(`${TEXT} `), signature, key)).toBe(false);
    expect(
      isSignedBy(
        bytes,
        signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
        key,
      ),
    ).toBe(false);
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
    expect(isSignedBy(bytes, signature, other.toString('base64'))).toBe(false);
    expect(isSignedBy(bytes, signature, 'no key')).toBe(false);
  });

  it('can be checked with OpenSSL alone', () => {
    const { signature } = signed();
    const path = (name: string) => join(folder, name);
    writeFileSync(path('public.pem'), PUBLIC);
    writeFileSync(path('evidence.json'), TEXT);
    writeFileSync(path('evidence.json.sig'), signature);
    const words = ['pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', '-rawin', '-in', 'evidence.json'];
    const said = execFileSync('openssl', [...words, '-sigfile', 'evidence.json.sig'], { cwd: folder });
    expect(said.toString()).toContain('Signature Verified Successfully');
  });
});

describe('a key file', () => {
  it('gives the same public key from either half', () => {
    expect(readPublicKey(PRIVATE)).toBe(signed().publicKey);
    expect(readPublicKey(PUBLIC)).toBe(signed().publicKey);
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  it.each([
    ['text', 'hello', 'it holds no private key in PEM'],
    ['a public key', PUBLIC, 'it holds no private key in PEM'],
    ['an RSA key', rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'it is a key for rsa'],
    [
      'a key with a passphrase',
      privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      'it is protected by a passphrase',
    ],
  ])('that is %s is refused', (_what, pem, wrong) => {
    expect(readSigningKey(pem)).toEqual({ wrong });
  });

  it('of another kind is refused as a public key as well', () => {
    expect(readPublicKey('hello')).toEqual({ wrong: 'it holds no key in PEM' });
    expect(readPublicKey(rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString())).toEqual({
      wrong: 'it is a key for rsa',
    });
  });
});
