import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileRefusal } from '../../src/manifest/file-refusal.js';
import { ManifestDecoder } from '../../src/manifest/text-decoder.js';

/** Text that is awkward to cut: line ends of all kinds, and characters of 1 to 4 bytes. */
const text = fc
  .string({
    unit: fc.constantFrom('a', ',', '"', '\r', '\n', '\r\n', 'ü', '€', '𝄞', 'Ċ', '\u0a00'),
    minLength: 1,
  })
  .map((body) => `a${body}`);

function decode(bytes: Uint8Array, cuts: readonly number[]): string {
  const decoder = new ManifestDecoder();
  let out = '';
  let from = 0;
  for (const cut of [...cuts.map((at) => at % (bytes.length + 1))].sort((one, other) => one - other)) {
    out += decoder.push(bytes.subarray(from, cut));
    from = cut;
  }
  return out + decoder.push(bytes.subarray(from)) + decoder.end();
}

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();

describe('ManifestDecoder', () => {
  it.each([
    ['UTF-8', (body: string) => Buffer.from(body)],
    ['UTF-8 with a byte order mark', (body: string) => Buffer.from(`\ufeff${body}`)],
    ['UTF-16LE', (body: string) => Buffer.from(`\ufeff${body}`, 'utf16le')],
    ['UTF-16BE', (body: string) => swapped(Buffer.from(`\ufeff${body}`, 'utf16le'))],
  ])('gives the same text for %s, wherever the chunks are cut', (_name, encode) => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), fc.boolean(), (body, cuts, long) => {
        // Long enough to pass the first look at the file, or short enough to stay within it.
        const whole = long ? `${'x'.repeat(2_100)}${body}` : body;
        const bytes = encode(whole);
        // Cut where it hurts, not among the x.
        const tail = encode(body).byteLength;
        const places = long ? cuts.map((at) => bytes.byteLength - (at % tail)) : cuts;
        expect(decode(bytes, places)).toBe(whole.replace(/\r\n?/g, '\n'));
      }),
    );
  });

  it('names the line of the first byte that is no text, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(0xff, 0xc0, 0x80, 0x00),
        fc.array(fc.nat(), { maxLength: 8 }),
        (body, bad, cuts) => {
          const bytes = Buffer.concat([Buffer.from(body), Buffer.from([bad]), Buffer.from('tail\n')]);
          let thrown: unknown;
          try {
            decode(bytes, cuts);
          } catch (error) {
            thrown = error;
          }
          expect(thrown).toBeInstanceOf(FileRefusal);
          const line = body.replace(/\r\n?/g, '\n').split('\n').length;
          expect(thrown instanceof FileRefusal && thrown.troubles[0]?.line).toBe(line);
        },
      ),
    );
  });
});
