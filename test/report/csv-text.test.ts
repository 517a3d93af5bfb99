// The short way of lines with nothing special in them, against csv-stringify, which knows no short way.

import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/report/csv-text.js';

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09 ,"\'=+-@:./_', '\n', '\r', '\t', 'é', '\u00a0', '\ufeff') }),
  fc.constantFrom('', 'tokens.csv', 'person.1@contoso.example', '@x', '-1', ' x', 'x ', 'x y'),
  fc.nat(1_000),
);

describe('the text of a CSV', () => {
  it('is what csv-stringify writes, whatever stands in the cells', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), (lines) => {
        const whole = stringify([['a', 'b'], ...lines], {
          record_delimiter: 'windows',
          quote_record_delimiter: true,
          escape_formulas: true,
          cast: {
            string: (text) =>
              /^(?:\n|[\s\p{Cf}]+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u.test(text) ? `'${text}` : text,
          },
        });
        expect([...csvText(['a', 'b'], lines)].join('')).toBe(whole);
      }),
    );
  });
});
