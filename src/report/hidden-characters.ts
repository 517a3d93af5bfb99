// Makes characters visible that cannot be seen, or that steer what shows them: a zero-width space in a
// serial number, a direction override in a name, an escape sequence. For people only: rows.csv keeps
// every text as it is.

/**
 * Controls, format characters (direction marks, zero-width spaces, tags), line separators and lone
 * surrogates. The joiners U+200C and U+200D are left alone: emoji and several scripts need them.
 */
export const HIDDEN_CHARACTER = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The text with each hidden character spelled out.
 *
 * @example
 * visible('2308\u200B374621'); // '2308⟨U+200B⟩374621'
 */
export function visible(text: string): string {
  return text.replace(HIDDEN_CHARACTER, spelledOut);
}

/** A character by its number in Unicode. */
export function spelledOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
