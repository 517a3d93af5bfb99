// How wide a text is on a terminal, and how to cut it to a width. It knows characters of one and two
// columns and marks of none; it does not lay text out.

/** Two columns wide: emoji, and the wide and full-width ranges of Unicode's EastAsianWidth.txt, roughly. */
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function widthOfGrapheme(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Columns that the text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment);
  return width;
}

/** The text in at most `width` columns; where it was cut, it ends in `…`. */
export function truncateEnd(text: string, width: number): string {
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOfGrapheme(segment);
    // The text is walked only as far as it is shown: a cell may be very long.
    if (used > width) return `${keepWidth(cut, width - 1)}…`;
    cut += segment;
  }
  return cut;
}

function keepWidth(text: string, width: number): string {
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOfGrapheme(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept;
}

/** As `truncateEnd`, but it is the beginning that goes: the end of a path and its line number matter most. */
export function truncateStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const reversed = [...graphemes.segment(text)].map(({ segment }) => segment).reverse();
  let kept = '';
  let used = 0;
  for (const segment of reversed) {
    used += widthOfGrapheme(segment);
    if (used > width - 1) break;
    kept = segment + kept;
  }
  return `…${kept}`;
}

/** The text with spaces after it, up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
