// Decides once for a whole column how its keys are written, by looking at some of them. Never row by row: a key of
// 40 hexadecimal digits may be Base32 by chance, a column of them is not (formats.md, section 14, rule 4). When
// the keys do not tell, the answer is a question to the operator.

import { ENCODING_NAMES, type SecretEncoding } from './secret-encoding.js';

export type EncodingDecision =
  | { readonly encoding: SecretEncoding; readonly why: string }
  | { readonly question: string };

/** The encodings that are recognised by looking; base32hex is taken only when the operator says so. */
type Shape = 'base32' | 'hex' | 'base64';

/** Keys of 16, 20, 24, 32, 48 and 64 bytes in hexadecimal. */
const HEX_LENGTHS: ReadonlySet<number> = new Set([32, 40, 48, 64, 96, 128]);

/** Base32 turns 5 bytes into 8 characters; the last group can only have these lengths (RFC 4648, section 6). */
const BASE32_LAST_GROUP: ReadonlySet<number> = new Set([0, 2, 4, 5, 7]);

const SHORTEST_KEY_CHARACTERS = 16;

/**
 * The encoding of a column.
 *
 * @param keys - the cells of the column, as they stand in the first rows of the file.
 * @param usual - what the layout has when the keys contradict each other or tell nothing.
 *
 * @example
 * decideEncoding(['7a4a3b44ad8622a102ac8f163d4f1f33dcdaffcd']); // { encoding: 'hex', why: '1 of 1 keys …' }
 */
export function decideEncoding(keys: readonly string[], usual?: SecretEncoding): EncodingDecision {
  const certain = { base32: 0, hex: 0, base64: 0 };
  let alike = 0;
  let onlyBase32Hex = 0;
  const filled = keys.filter((key) => key.trim() !== '');
  for (const key of filled) {
    const shapes = shapesOf(key);
    const [first] = shapes;
    if (first === undefined) {
      if (isBase32Hex(key)) onlyBase32Hex += 1;
    } else if (shapes.length === 1) certain[first] += 1;
    else alike += 1;
  }

  const found = (['base32', 'hex', 'base64'] as const).filter((shape) => certain[shape] > 0);
  const [only] = found;
  if (only !== undefined && found.length === 1) {
    return { encoding: only, why: `${certain[only]} of the first ${filled.length} keys can be nothing else` };
  }
  if (usual !== undefined && (found.length > 1 || (alike === 0 && onlyBase32Hex === 0))) {
    return { encoding: usual, why: 'this is what the layout has' };
  }
  return { question: questionFor(found, certain, alike, onlyBase32Hex) };
}

function questionFor(
  found: readonly Shape[],
  certain: Readonly<Record<Shape, number>>,
  alike: number,
  onlyBase32Hex: number,
): string {
  if (found.length > 1) {
    const counts = found.map((shape) => `${certain[shape]} in ${ENCODING_NAMES[shape]}`).join(' and ');
    return `the secret keys are written in different ways (${counts}); which one is right? Set secretEncoding for this manifest; the other rows are then refused`;
  }
  if (alike > 0) {
    return 'the secret keys fit more than one encoding; which is it? Set secretEncoding: base32, hex or base64 for this manifest';
  }
  if (onlyBase32Hex > 0) {
    return 'the secret keys have characters that Base32 does not have and are too long for hexadecimal; are they base32hex? If the vendor says so, set secretEncoding: base32hex for this manifest';
  }
  return 'the secret keys are shaped like no known encoding; ask the vendor which it is, and set secretEncoding: base32, hex, base64 or base32hex for this manifest';
}

function shapesOf(key: string): readonly Shape[] {
  const shapes: Shape[] = [];
  const text = key.trim();
  const bare = text.replace(/[\s-]/g, '').replace(/=+$/, '');
  if (isBase32(bare)) shapes.push('base32');
  if (HEX_LENGTHS.has(bare.length) && /^[0-9A-Fa-f]+$/.test(bare) && !text.endsWith('=')) shapes.push('hex');
  if (isBase64(text)) shapes.push('base64');
  return shapes;
}

function isBase32(bare: string): boolean {
  return (
    bare.length >= SHORTEST_KEY_CHARACTERS &&
    BASE32_LAST_GROUP.has(bare.length % 8) &&
    /^[A-Za-z2-7]+$/.test(bare)
  );
}

function isBase32Hex(key: string): boolean {
  const bare = key.replace(/[\s-]/g, '').replace(/=+$/, '');
  return (
    bare.length >= SHORTEST_KEY_CHARACTERS &&
    BASE32_LAST_GROUP.has(bare.length % 8) &&
    /^[0-9A-Va-v]+$/.test(bare)
  );
}

/** Without a sign that only Base64 has, a text of letters and digits is not taken for it. */
function isBase64(text: string): boolean {
  const bare = text.replace(/\s/g, '');
  return (
    bare.length >= SHORTEST_KEY_CHARACTERS &&
    bare.length % 4 === 0 &&
    /^[0-9A-Za-z+/]+={0,2}$/.test(bare) &&
    /[+/=]/.test(bare)
  );
}
