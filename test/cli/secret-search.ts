// Looks for secrets in everything that a command has written, in every form in which somebody who did not mean
// to could have written one down.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { base32nopad } from '@scure/base';
import { noteCount } from '../counts.js';
import { packedTexts } from '../packed-ledger.js';
import { type Place, serialOf } from './command.js';

/** Base64 of bytes that stand somewhere in other bytes: what is the same whatever stands around them. */
function insideBase64(bytes: Buffer): readonly string[] {
  return [1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    // The first four characters hold what stands before, and the last one bits of what follows.
    return text.slice(4, -1);
  });
}

function formsOf(secret: Buffer): readonly string[] {
  const base32 = base32nopad.encode(secret);
  const hex = secret.toString('hex');
  return [
    base32,
    base32.toLowerCase(),
    hex,
    hex.toUpperCase(),
    secret.toString('base64').replaceAll('=', ''),
    secret.toString('base64url'),
    secret.toString('latin1'),
    [...secret].join(','),
    Buffer.from(base32).toString('base64').replaceAll('=', ''),
    ...insideBase64(secret),
    ...insideBase64(Buffer.from(base32)),
  ];
}

/** Every file of a place apart from its manifests, by its path, with its bytes as Latin-1; and what ledgers keep packed. */
export function written(place: Place): ReadonlyMap<string, string> {
  const names = readdirSync(place.directory, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(place.path(name)).isFile() && !name.endsWith('tokens.csv'));
  const packed = files.filter((name) => name.endsWith('ledger.db'));
  return new Map([
    ...files.map((name) => [name, readFileSync(place.path(name), 'latin1')] as const),
    ...packed.map((name) => [`${name}, unpacked`, packedTexts(place.path(name))] as const),
  ]);
}

/** Where a text stands. */
export function placesOf(text: string, files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].filter(([, content]) => content.includes(text)).map(([name]) => name);
}

/** Where the secrets of tokens 0, 1, … stand, in a sentence each. */
export function tracesOf(secrets: readonly Buffer[], files: ReadonlyMap<string, string>): readonly string[] {
  noteCount('secretsSearched', secrets.length);
  noteCount('spellings', secrets.flatMap(formsOf).length);
  noteCount('filesSearched', files.size);
  noteCount(
    'bytesSearched',
    [...files.values()].reduce((sum, content) => sum + content.length, 0),
  );
  return secrets.flatMap((secret, index) =>
    formsOf(secret).flatMap((form) =>
      placesOf(form, files).map((where) => `secret of ${serialOf(index)} in ${where}`),
    ),
  );
}
