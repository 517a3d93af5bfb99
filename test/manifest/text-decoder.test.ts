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

  it.each([
    ['UTF-8, once a character showed it', 'ü', [0xff, 0xc0, 0x80, 0x00]],
    ['Windows-1252, as long as all was ASCII', '', [0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x00]],
  ])('names the line of the first byte that is not %s, wherever the chunks are cut', (_name, start, bad) => {
    const ascii = fc.string({ unit: fc.constantFrom('a', ',', '\r', '\n', '\r\n'), minLength: 1 });
    fc.assert(
      fc.property(
        start === '' ? ascii : text.map((body) => `${start}${body}`),
        fc.constantFrom(...bad),
        fc.array(fc.nat(), { maxLength: 8 }),
        (body, byte, cuts) => {
          const bytes = Buffer.concat([Buffer.from(body), Buffer.from([byte]), Buffer.from('tail\n')]);
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

  it('reads Windows-1252 when the first character that is not ASCII cannot be UTF-8, and says so', () => {
    const decoder = new ManifestDecoder();
    const bytes = Buffer.from('a\nM\xfcller \x80 \x93Ki\xdfler\x94 \xe9\xe8\n', 'latin1');
    let text = '';
    for (const byte of bytes) text += decoder.push(Uint8Array.of(byte));
    text += decoder.end();
    expect(text).toBe('a\nMüller € “Kißler” éè\n');
    expect(decoder.encoding).toBe('Windows-1252');
    expect(decoder.remarks()).toEqual([
      'the text is not UTF-8 and is read as Windows-1252; look at the names, the first on line 2',
    ]);
  });
});
