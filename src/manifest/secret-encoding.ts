// Checks a secret key in Base32 and puts it into a Secret. No message repeats any part of the key: it says
// where the trouble is and of what kind. Other encodings (hexadecimal, Base64) belong to other layouts.

import { base32nopad } from '@scure/base';
import { Secret } from '../secret.js';
import type { Invalidity } from './row.js';

/** The longest key that Entra takes (graph-api.md, section 2.1). */
const MAX_CHARACTERS = 128;

/** Shorter keys can be guessed; no vendor delivers them (formats.md, section 14, rule 5). */
const MIN_BYTES = 10;

/** Base32 turns 5 bytes into 8 characters; the last group can only have these lengths (RFC 4648, section 6). */
const LAST_GROUP_LENGTHS: ReadonlySet<number> = new Set([0, 2, 4, 5, 7]);

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
  const typed = cell.replace(/[\s-]/g, '').replace(/=+$/, '');
  if (typed === '') return { reason: 'secret-missing', detail: 'the secret key is empty' };
  // Before the case is folded: `ß` would become `SS`, and `ı` would become `I`.
  if (/[^A-Za-z2-7]/.test(typed)) return notBase32(cell, typed);
  const bare = typed.toUpperCase();
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
 * Whether a cell is shaped like a key in Base32, hexadecimal or Base64. Cells of other columns are asked this
 * before they are repeated in a message or a report, because columns do get swapped.
 */
export function resemblesKey(cell: string, minCharacters = 26): boolean {
  const bare = cell.replace(/[\s-]/g, '').replace(/=+$/, '');
  if (bare.length < minCharacters) return false;
  if (/^[A-Za-z2-7]+$/.test(bare) && /[A-Za-z]/.test(bare)) return true;
  // 16 bytes in hexadecimal are an object id; keys have 20 or 32.
  if (/^[0-9A-Fa-f]+$/.test(bare)) return bare.length >= 40;
  return /^[0-9A-Za-z+/]+$/.test(bare) && cell.trim().endsWith('=');
}

function tooOdd(detail: string): Invalidity {
  return { reason: 'secret-length', detail };
}

function endsOnByte(bare: string): boolean {
  try {
    base32nopad.decode(bare);
    return true;
  } catch {
    // Alphabet and length were checked before, so that only the last bits can be wrong. The library's own
    // message is dropped: it may hold the key.
    return false;
  }
}

function notBase32(cell: string, bare: string): Invalidity {
  if (/^[0-9A-Fa-f]+$/.test(bare) && (bare.length === 40 || bare.length === 64)) {
    return {
      reason: 'secret-not-base32',
      detail: 'the secret key is shaped like hexadecimal; this layout has it in Base32',
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
  if (/\p{L}/u.test(character)) return 'a letter outside A to Z';
  if (/\p{Cc}/u.test(character)) return 'a control character';
  return 'a sign';
}
