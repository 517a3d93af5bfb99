// Signs the evidence with an operator's Ed25519 key, and checks such a signature. The signature is the bare 64
// bytes of RFC 8032 over the bytes of evidence.json, so that OpenSSL can check it without this program:
//   openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in evidence.json -sigfile evidence.json.sig
// Pure: Ed25519 draws no lots, so the same text and key give the same signature.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** An operator's key, ready to sign with. */
export interface SigningKey {
  /** SubjectPublicKeyInfo (RFC 8410) in base64. */
  readonly publicKey: string;
  sign(text: string): Uint8Array;
}

/** The key in a PEM file's text (PKCS #8, RFC 5958), or what is wrong with it. */
export function readSigningKey(pem: string): SigningKey | { readonly wrong: string } {
  if (pem.includes('ENCRYPTED')) return { wrong: 'it is protected by a passphrase' };
  const key = attempt(() => createPrivateKey(pem));
  if (key === undefined) return { wrong: 'it holds no private key in PEM' };
  if (key.asymmetricKeyType !== 'ed25519')
    return { wrong: `it is a key for ${key.asymmetricKeyType ?? '?'}` };
  return {
    publicKey: spki(createPublicKey(key)),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key),
  };
}

/** The public key in a PEM file's text, in base64, or what is wrong with it. A private key has it as well. */
export function readPublicKey(pem: string): string | { readonly wrong: string } {
  const key = attempt(() => createPublicKey(pem));
  if (key === undefined) return { wrong: 'it holds no key in PEM' };
  return key.asymmetricKeyType === 'ed25519'
    ? spki(key)
    : { wrong: `it is a key for ${key.asymmetricKeyType ?? '?'}` };
}

/** Whether a signature of these bytes was made with the private half of a public key. */
export function isSignedBy(bytes: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  const key = attempt(() =>
    createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }),
  );
  return key?.asymmetricKeyType === 'ed25519' && verify(null, bytes, key, signature);
}

function spki(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    // Text that is no key is an expected outcome, told by the caller.
    return undefined;
  }
}
