// The short way of lines with nothing special in them, against csv-stringify, which knows no short way.

import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/report/csv-text.js';

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09 ,"\'=+-@:./_', '\n', '\r', '\t', 'é', '\u00a0', '\ufeff') }),
  fc.constantFrom('', 'x,y', 'tokens.csv', 'person.1@contoso.example', '@x', '-1', ' x', 'x ', 'x y'),
  fc.nat(1_000),
);

const line = fc.array(cell, { minLength: 1, maxLength: 4 });
const headings = fc.constantFrom(['a', 'b'], ['a', 'b', 'c']);

describe('the text of a CSV', () => {
  it('is what csv-stringify writes, whatever stands in the cells', () => {
    fc.assert(
      fc.property(headings, fc.array(line, { maxLength: 8 }), (heading, lines) => {
        const whole = stringify([heading, ...lines], {
          record_delimiter: 'windows',
          quote_record_delimiter: true,
          escape_formulas: true,
          cast: {
            string: (text) =>
              /^(?:\n|[\s\p{Cf}]+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u.test(text) ? `'${text}` : text,
          },
        });
        expect([...csvText(heading, lines)].join('')).toBe(whole);
      }),
    );
  });
});
