// A hash over lines is one over their text, in whatever pieces they come.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinesHash } from '../../src/ledger/digest.js';

it('is the same for lines one by one, many at a time, and in bytes', () => {
  const line = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('x'.repeat(20_000)));
  const piece = fc.record({
    lines: fc.array(line, { maxLength: 4 }),
    as: fc.constantFrom('lines', 'text', 'bytes'),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const hash = new LinesHash();
      const whole = createHash('sha256');
      for (const { lines, as } of pieces) {
        const text = lines.map((one) => `${one}\n`).join('');
        whole.update(text);
        if (as === 'lines') for (const one of lines) hash.add(one);
        else hash.addText(as === 'text' ? text : Buffer.from(text));
      }
      expect(hash.digest()).toBe(whole.digest('hex'));
    }),
  );
});
