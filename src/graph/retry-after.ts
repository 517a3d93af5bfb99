// Reads a Retry-After header. It may hold seconds, decimals among them, or an HTTP date; it may be absent
// or nonsense (RFC 9110, section 10.2.3; graph-api.md, section 5.3).

/**
 * Seconds to wait from now, never negative, or `undefined` when the header says nothing usable.
 *
 * Decimals are met in the field, so the number is never read with `parseInt`: it would turn `0.249` into a
 * loop without a pause (throttling.md, section 1).
 *
 * @param header - the header's value.
 * @param nowWallMs - the wall clock, for the HTTP date form.
 * @example
 * parseRetryAfter('2.128', 0);                             // 2.128
 * parseRetryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 4_000); // 6
 */
export function parseRetryAfter(header: string | undefined, nowWallMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Math.max(0, Number(text));
  // An HTTP date begins with the name of a day. Date.parse alone would also take '7' or 'soon 5'.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, (dateMs - nowWallMs) / 1_000);
}
