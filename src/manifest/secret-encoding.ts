// Checks a secret key in one of the encodings that vendors use and puts it into a Secret. No message repeats any
// part of the key: it says where the trouble is and of what kind. Which encoding a column has is decided in
// decide-encoding.ts.

import { base32hexnopad, base32nopad, base64, hex } from '@scure/base';
import { assertNever } from '../errors.js';
import { Secret } from '../secret.js';
import type { Invalidity } from './row.js';

/** The longest key that Entra takes (graph-api.md, section 2.1). */
const MAX_CHARACTERS = 128;

/** Shorter keys can be guessed; no vendor delivers them (formats.md, section 14, rule 5). */
const MIN_BYTES = 10;

/** Base32 turns 5 bytes into 8 characters; the last group can only have these lengths (RFC 4648, section 6). */
const LAST_GROUP_LENGTHS: ReadonlySet<number> = new Set([0, 2, 4, 5, 7]);

/** 128 characters of Base32 hold this many bytes. */
const MAX_BYTES = (MAX_CHARACTERS * 5) / 8;

const PLAIN_BASE32 = /^[A-Z2-7]+$/;

/** How a text stands for the bytes of a key (RFC 4648). */
export type SecretEncoding = 'base32' | 'hex' | 'base64' | 'base32hex';

/** The encodings as sentences name them. */
export const ENCODING_NAMES: Readonly<Record<SecretEncoding, string>> = {
  base32: 'Base32',
  hex: 'hexadecimal',
  base64: 'Base64',
  base32hex: 'base32hex',
};

export interface Key {
  readonly secretKey: Secret;
  readonly bytes: number;
}

/**
 * Reads a key as vendors write it: in any case, with spaces or dashes between groups, padded or not.
 *
 * A key whose last character has bits that do not belong to any byte is refused: a strict reader (as
 * @scure/base is) refuses it, a lenient one drops the bits, and nobody knows which of the two the service is.
 *
 * @example
 * readBase32Key('gezd gnbv gy3t qojq gezd gnbv gy3t qojq'); // { secretKey: [secret], bytes: 20 }
 * readBase32Key('GEZ1');  // { reason: 'secret-not-base32', detail: '… character 4 is a digit …' }
 */
export function readBase32Key(cell: string): Key | Invalidity {
  // A quick look first: most keys are written without groups and padding.
  const isPlain = PLAIN_BASE32.test(cell);
  const typed = isPlain ? cell : cell.replace(/[\s-]/g, '').replace(/=+$/, '');
  if (typed === '') return MISSING;
  // Before the case is folded: `ß` would become `SS`, and `ı` would become `I`.
  if (!isPlain && /[^A-Za-z2-7]/.test(typed)) return notBase32(cell, typed);
  const bare = isPlain ? cell : typed.toUpperCase();
  if (bare.length > MAX_CHARACTERS) {
    return tooOdd(`the secret key has ${bare.length} characters; Entra takes at most ${MAX_CHARACTERS}`);
  }
  if (!LAST_GROUP_LENGTHS.has(bare.length % 8)) {
    return tooOdd(
      `the secret key has ${bare.length} characters, which no Base32 text can have; it was cut or joined`,
    );
  }
  const bytes = Math.floor((bare.length * 5) / 8);
  if (bytes < MIN_BYTES) {
    return tooOdd(`the secret key has ${bytes} bytes; fewer than ${MIN_BYTES} are not a key`);
  }
  if (!endsOnByte(bare)) {
    return {
      reason: 'secret-not-base32',
      detail: 'the last character of the secret key has bits that belong to no byte; it was cut or mistyped',
    };
  }
  return { secretKey: new Secret(bare), bytes };
}

/**
 * Reads a key in the encoding of its column; spaces and dashes between groups do not count.
 *
 * @example
 * readKey('3132 3334 3536 3738 3930', 'hex'); // { secretKey: [secret], bytes: 10 }
 */
export function readKey(cell: string, encoding: SecretEncoding): Key | Invalidity {
  if (encoding === 'base32') return readBase32Key(cell);
  const bare = encoding === 'base64' ? cell.replace(/\s/g, '') : cell.replace(/[\s:-]/g, '');
  if (bare.replace(/=+$/, '') === '') return MISSING;
  const bytes = decode(bare, encoding);
  return bytes === undefined ? malformed(bare, encoding) : keyOfBytes(bytes);
}

/** A key whose bytes are known: they become Base32, which is what Microsoft Graph takes. */
export function keyOfBytes(bytes: Uint8Array): Key | Invalidity {
  if (bytes.byteLength === 0) return MISSING;
  if (bytes.byteLength < MIN_BYTES) {
    return tooOdd(`the secret key has ${bytes.byteLength} bytes; fewer than ${MIN_BYTES} are not a key`);
  }
  if (bytes.byteLength > MAX_BYTES) {
    return tooOdd(`the secret key has ${bytes.byteLength} bytes; Entra takes at most ${MAX_BYTES}`);
  }
  return { secretKey: new Secret(base32nopad.encode(bytes)), bytes: bytes.byteLength };
}

const MISSING: Invalidity = { reason: 'secret-missing', detail: 'the secret key is empty' };

function decode(bare: string, encoding: Exclude<SecretEncoding, 'base32'>): Uint8Array | undefined {
  try {
    switch (encoding) {
      case 'hex':
        return hex.decode(bare.toLowerCase());
      case 'base64':
        return base64.decode(padded(bare));
      case 'base32hex':
        return /^[0-9A-Va-v]+=*$/.test(bare)
          ? base32hexnopad.decode(bare.replace(/=+$/, '').toUpperCase())
          : undefined;
      default:
        return assertNever(encoding);
    }
  } catch {
    // The library's message is dropped: it may hold the key.
    return undefined;
  }
}

function padded(text: string): string {
  const bare = text.replace(/=+$/, '');
  return `${bare}${'='.repeat((4 - (bare.length % 4)) % 4)}`;
}

const ALPHABETS: Readonly<Record<SecretEncoding, RegExp>> = {
  base32: /[A-Za-z2-7]/,
  hex: /[0-9A-Fa-f]/,
  base64: /[0-9A-Za-z+/]/,
  base32hex: /[0-9A-Va-v]/,
};

function malformed(bare: string, encoding: Exclude<SecretEncoding, 'base32'>): Invalidity {
  const characters = [...bare.replace(/=+$/, '')];
  const index = characters.findIndex((character) => !ALPHABETS[encoding].test(character));
  const name = ENCODING_NAMES[encoding];
  const detail =
    index === -1
      ? `the secret key has ${characters.length} characters, which no ${name} text of whole bytes has; it was cut or joined`
      : `character ${index + 1} of the secret key is ${kindOf(characters[index] ?? '')}, which ${name} does not have`;
  return { reason: 'secret-malformed', detail };
}

/**
 * Whether a cell is shaped like a key in Base32, hexadecimal or Base64. Cells of other columns are asked this
 * before they are repeated in a message or a report, because columns do get swapped.
 */
export function resemblesKey(cell: string, minCharacters = 26): boolean {
  if (cell.length < Math.min(minCharacters, LONG_RUN)) return false;
  if (holdsKey(cell)) return true;
  // A character that damage put there hides no key.
  const bare = cell.replace(/[\s-]|[^ -~]/g, '').replace(/=+$/, '');
  if (bare.length < minCharacters) return false;
  if (/^[A-Za-z2-7]+$/.test(bare) && /[A-Za-z]/.test(bare)) return true;
  // 16 bytes in hexadecimal are an object id; keys have 20 or 32.
  if (/^[0-9A-Fa-f]+$/.test(bare)) return bare.length >= 40;
  return /^[0-9A-Za-z+/]+$/.test(bare) && cell.trim().endsWith('=');
}

/**
 * A key beside something else, as when a separator was lost: a long run of letters and digits in one. No serial
 * number has one, and the runs of names and domains have no digits.
 */
function holdsKey(cell: string): boolean {
  if (cell.length < LONG_RUN) return false;
  const runs = cell.match(/[A-Za-z0-9+/]{24,}/g) ?? [];
  return runs.some((run) => /[0-9]/.test(run));
}

/** Shorter than any key that vendors make: 20 bytes are 28 characters of Base64, 32 of Base32. */
const LONG_RUN = 24;

function tooOdd(detail: string): Invalidity {
  return { reason: 'secret-length', detail };
}

/** What the last character holds beyond the last byte, as a mask, by the length of the last group. */
const LEFT_OVER: ReadonlyMap<number, number> = new Map([
  [2, 0b00011],
  [4, 0b01111],
  [5, 0b00001],
  [7, 0b00111],
]);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Whether the bits behind the last byte are nought, as RFC 4648, section 3.5, has it. The alphabet was checked. */
function endsOnByte(bare: string): boolean {
  const mask = LEFT_OVER.get(bare.length % 8) ?? 0;
  return (ALPHABET.indexOf(bare.charAt(bare.length - 1)) & mask) === 0;
}

function notBase32(cell: string, bare: string): Invalidity {
  if (/^[0-9A-Fa-f]+$/.test(bare) && (bare.length === 40 || bare.length === 64)) {
    return {
      reason: 'secret-not-base32',
      detail: 'the secret key is shaped like hexadecimal; this column has Base32',
    };
  }
  const characters = [...cell];
  const index = characters.findIndex((character) => !/[A-Za-z2-7\s-]/.test(character));
  const kind = kindOf(characters[index] ?? '');
  return {
    reason: 'secret-not-base32',
    detail: `character ${index + 1} of the secret key is ${kind}, which Base32 does not have`,
  };
}

function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return 'a digit';
  if (/[A-Za-z]/.test(character)) return 'a letter';
  if (/\p{L}/u.test(character)) return 'a letter outside A to Z';
  if (/\p{Cc}/u.test(character)) return 'a control character';
  return 'a sign';
}
