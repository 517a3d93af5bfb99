// What a Retry-After header says, in every form that is met.

import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/graph/retry-after.js';

const NOW_MS = Date.UTC(2026, 0, 5, 8);

const CASES: readonly (readonly [what: string, header: string | undefined, seconds: number | undefined])[] = [
  ['nothing', undefined, undefined],
  ['an empty header', '', undefined],
  ['blanks', '   ', undefined],
  ['whole seconds', '120', 120],
  ['seconds between blanks', ' 10 ', 10],
  ['decimals', '2.128', 2.128],
  ['less than a second', '0.249', 0.249],
  ['zero', '0', 0],
  ['a negative number', '-1', 0],
  ['a negative decimal', '-0.5', 0],
  ['a day', '86400', 86_400],
  ['more than any wait', '99999999999', 99_999_999_999],
  ['a date to come', 'Mon, 05 Jan 2026 08:00:30 GMT', 30],
  ['this very moment', 'Mon, 05 Jan 2026 08:00:00 GMT', 0],
  ['a date that is over', 'Mon, 05 Jan 2026 07:59:00 GMT', 0],
  ['a date in the form of RFC 850', 'Monday, 05-Jan-26 08:00:30 GMT', 30],
  ['a date in the form of asctime', 'Mon Jan 05 08:00:30 2026 GMT', 30],
  ['a word', 'soon', undefined],
  ['a word and a number, which Date.parse would take', 'soon 5', undefined],
  ['a day that is none', 'Mon, 99 Foo 2026 08:00:00 GMT', undefined],
  ['seconds with their unit', '5s', undefined],
  ['a number without digits before the point', '.5', undefined],
  ['a number in scientific form', '1e3', undefined],
  ['not a number', 'NaN', undefined],
  ['infinity', 'Infinity', undefined],
  ['two values', '5, 10', undefined],
];

describe('Retry-After', () => {
  it.each(CASES)('reads %s', (_what, header, seconds) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(seconds);
  });
});
