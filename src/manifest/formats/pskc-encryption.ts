// How an encrypted PSKC file is opened (RFC 6030, section 6): with a key that was agreed upon, or with a password.
// A MAC is checked before a value is used, and a MAC that the file declares must be there.

import { base64, hex } from '@scure/base';
import { contentRefusal } from '../file-refusal.js';
import type { ManifestOptions } from '../manifest-options.js';
import { decryptAesCbc, deriveKey, type MacHash, macFits } from '../pskc-crypto.js';
import type { Invalidity } from '../row.js';
import { childOf, textAt, type XmlElement } from '../xml-records.js';

/** Enough for today's advice many times over; more would be a way to stop the program. */
const MAX_ROUNDS = 2_000_000;

const AES_CBC = /#aes(128|192|256)-cbc$/i;

/** The keys of one file, from its container's elements and what the job brings. */
export class PskcEncryption {
  readonly #options: Pick<ManifestOptions, 'key' | 'password'>;
  #key: Uint8Array | undefined;
  #mac: { readonly hash: MacHash; readonly key: Uint8Array | undefined } | undefined;
  #unauthenticated = 0;

  constructor(options: Pick<ManifestOptions, 'key' | 'password'>) {
    this.#options = options;
    if (options.key !== undefined) this.#key = readGivenKey(options.key.reveal());
  }

  /** `EncryptionKey`, which stands before every value. */
  encryptionKey(element: XmlElement): void {
    const derived = childOf(element, 'DerivedKey');
    if (childOf(element, 'X509Data') !== undefined) {
      throw contentRefusal(
        'the keys are encrypted for a certificate; ask the vendor for a password or a pre-shared key',
        element.line,
      );
    }
    if (derived === undefined) return;
    const { password } = this.#options;
    if (password === undefined) {
      if (this.#key === undefined) throw locked('password', element.line);
      return;
    }
    this.#key = deriveFrom(derived, password.reveal());
  }

  /** `MACMethod`, which stands before every value too. */
  macMethod(element: XmlElement): void {
    const hash = hashOf(element.attributes.get('Algorithm') ?? '');
    if (hash === undefined) {
      throw contentRefusal('the MAC of the keys uses an algorithm that is not known', element.line);
    }
    const macKey = childOf(element, 'MACKey');
    // Without a key of its own the MAC is made with the key of the values.
    this.#mac = { hash, key: macKey === undefined ? undefined : this.#macKey(macKey) };
  }

  #macKey(element: XmlElement): Uint8Array {
    const key = this.#needKey(element.line);
    const data = cipherOf(element);
    const opened = data === undefined ? undefined : decryptAesCbc(key, data);
    if (opened === undefined) {
      throw contentRefusal(
        'the password or key does not open this file; ask the vendor for the right one',
        element.line,
      );
    }
    return opened;
  }

  /**
   * The bytes of a `PlainValue` or `EncryptedValue` below an element.
   *
   * @throws {FileRefusal} when a value is encrypted and the job has no key for it.
   */
  value(element: XmlElement): Uint8Array | Invalidity {
    const plain = childOf(element, 'PlainValue');
    if (plain !== undefined) return base64Of(plain.text) ?? NOT_BASE64;
    const encrypted = childOf(element, 'EncryptedValue');
    if (encrypted === undefined)
      return { reason: 'secret-missing', detail: 'the secret key is not in the file' };
    const algorithm = childOf(encrypted, 'EncryptionMethod')?.attributes.get('Algorithm') ?? '';
    const [, bits] = AES_CBC.exec(algorithm) ?? [];
    if (bits === undefined) {
      throw contentRefusal(
        'the keys are encrypted with another algorithm than AES in CBC mode; ask the vendor for AES-128-CBC',
        encrypted.line,
      );
    }
    const key = this.#needKey(encrypted.line);
    if (key.byteLength * 8 !== Number(bits)) {
      throw contentRefusal(
        `the keys are encrypted with AES-${bits}, and the key at hand has ${key.byteLength * 8} bits`,
        encrypted.line,
      );
    }
    const data = cipherOf(encrypted);
    if (data === undefined) return NOT_BASE64;
    return this.#checked(element, key, data) ?? decryptAesCbc(key, data) ?? DOES_NOT_OPEN;
  }

  /** What is wrong with the MAC of a value; `undefined` when it fits or none was promised. */
  #checked(element: XmlElement, key: Uint8Array, data: Uint8Array): Invalidity | undefined {
    const written = childOf(element, 'ValueMAC');
    if (this.#mac === undefined) {
      this.#unauthenticated += 1;
      return undefined;
    }
    if (written === undefined) {
      return {
        reason: 'secret-locked',
        detail: 'the file promises a MAC for every key, and this one has none',
      };
    }
    const mac = base64Of(written.text);
    const fits = mac !== undefined && macFits(this.#mac.hash, this.#mac.key ?? key, data, mac);
    return fits
      ? undefined
      : {
          reason: 'secret-locked',
          detail:
            'the MAC of the secret key does not fit: it was changed, or the password or key is not the right one',
        };
  }

  #needKey(line: number): Uint8Array {
    if (this.#key === undefined) throw locked('key', line);
    return this.#key;
  }

  remarks(): readonly string[] {
    return this.#unauthenticated === 0
      ? []
      : [
          `keys that are encrypted without a MAC, so that a change would not be seen: ${this.#unauthenticated}`,
        ];
  }
}

const NOT_BASE64: Invalidity = { reason: 'secret-malformed', detail: 'the secret key is not Base64' };

const DOES_NOT_OPEN: Invalidity = {
  reason: 'secret-locked',
  detail: 'the secret key cannot be decrypted with the password or key of this manifest',
};

function locked(by: 'key' | 'password', line: number): Error {
  const name = by === 'key' ? 'a key that was agreed upon' : 'a password';
  return contentRefusal(
    `the keys in this file are encrypted with ${name}; ask the vendor for it, and set ${by} for this manifest in the job file, from a file or an environment variable`,
    line,
  );
}

/** Hexadecimal, or Base64. */
function readGivenKey(text: string): Uint8Array {
  const bare = text.trim();
  const bytes = /^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/i.test(bare)
    ? hex.decode(bare.toLowerCase())
    : base64Of(bare);
  if (bytes === undefined || ![16, 24, 32].includes(bytes.byteLength)) {
    throw contentRefusal(
      'the key of this manifest in the job file is not a key for AES: it must be 16, 24 or 32 bytes in hexadecimal or Base64',
    );
  }
  return bytes;
}

function deriveFrom(derived: XmlElement, password: string): Uint8Array {
  const method = childOf(derived, 'KeyDerivationMethod');
  const parameters = childOf(method, 'PBKDF2-params') ?? childOf(method, 'Parameters') ?? method;
  const salt = base64Of(textAt(parameters, 'Salt', 'Specified') || textAt(parameters, 'Salt'));
  const rounds = Number(textAt(parameters, 'IterationCount'));
  const keyBytes = Number(textAt(parameters, 'KeyLength') || '16');
  const prf = childOf(parameters, 'PRF')?.attributes.get('Algorithm') ?? 'hmac-sha1';
  const hash = hashOf(prf);
  const algorithm = method?.attributes.get('Algorithm') ?? '';
  if (!/pbkdf2$/i.test(algorithm) || salt === undefined || hash === undefined) {
    throw contentRefusal('the password is used in a way that is not known; only PBKDF2 is', derived.line);
  }
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MAX_ROUNDS) {
    throw contentRefusal(`the number of PBKDF2 rounds is not between 1 and ${MAX_ROUNDS}`, derived.line);
  }
  if (![16, 24, 32].includes(keyBytes)) {
    throw contentRefusal('the length of the derived key is not 16, 24 or 32 bytes', derived.line);
  }
  return deriveKey(password, salt, rounds, keyBytes, hash);
}

function hashOf(algorithm: string): MacHash | undefined {
  const [, bits = ''] = /hmac-?sha-?(1|224|256|384|512)$/i.exec(algorithm) ?? [];
  return (['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const).find((hash) => hash === `sha${bits}`);
}

function cipherOf(element: XmlElement): Uint8Array | undefined {
  return base64Of(textAt(element, 'CipherData', 'CipherValue'));
}

/** The bytes of a Base64 text, line breaks in it aside; `undefined` when it is none or empty. */
export function base64Of(text: string): Uint8Array | undefined {
  const bare = text.replace(/\s/g, '');
  if (bare === '') return undefined;
  try {
    return base64.decode(bare);
  } catch {
    return undefined;
  }
}
