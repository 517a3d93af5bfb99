// Lines in one piece of bytes: they come out as they were put in, or not at all.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinePacker, linesOf, unpackText } from '../../src/ledger/packed-lines.js';

function unpacked(packed: Buffer): readonly string[] {
  return linesOf(unpackText(bytesOf(packed)));
}

function bytesOf(packed: Buffer): ArrayBuffer {
  return new Uint8Array(packed).buffer;
}

/** Lines that fit in one piece. */
function packLines(lines: Iterable<string | Uint8Array>): Buffer {
  const pieces: Buffer[] = [];
  const packer = new LinePacker((packed) => pieces.push(packed));
  for (const line of lines) packer.add(line);
  packer.end();
  expect(pieces).toHaveLength(1);
  return pieces[0] ?? Buffer.alloc(0);
}

/** The same lines in UTF-8, each in the memory of the one before. */
function* inBytes(lines: readonly string[]): Generator<Uint8Array, void> {
  const room = Buffer.alloc(lines.join('').length * 3);
  for (const line of lines) yield room.subarray(0, room.write(line));
}

describe('packed lines', () => {
  it('come out as they were, empty ones and those in any script', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        expect(unpacked(packLines(lines))).toEqual(lines);
        expect(packLines(inBytes(lines))).toEqual(packLines(lines));
      }),
    );
  });

  it('are no two lines in one', () => {
    expect(() => packLines(['a', 'b\nc'])).toThrow('more than a line');
    expect(() => packLines(inBytes(['b\nc']))).toThrow('more than a line');
  });

  it('of which a byte has changed do not come out', () => {
    const lines = Array.from({ length: 50 }, (_, n) => `{"n":${n},"user":"person.${n}@contoso.example"}`);
    const packed = packLines(lines);
    for (let at = 0; at < packed.length; at += 1) {
      const changed = Buffer.from(packed);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      let found: readonly string[] = lines;
      // Some bits of the head and of the padding at the end say nothing of the lines.
      try {
        found = unpacked(changed);
      } catch {
        continue;
      }
      expect(found, `byte ${at}`).toEqual(lines);
    }
    expect(() => unpackText(bytesOf(packed.subarray(0, -1)))).toThrow();
  });
});

describe('a packer of lines', () => {
  it('hands on so many at a time, and what is left at the end', () => {
    const pieces: (readonly string[])[] = [];
    let given = '';
    const packer = new LinePacker((packed, text) => {
      given += Buffer.from(text).toString('utf8');
      pieces.push(unpacked(packed));
    });
    const lines = Array.from({ length: 1_001 }, (_, n) => `line ${n} ${'ä'.repeat(n)}`);
    for (const line of lines) packer.add(line);
    packer.end();
    packer.end();
    expect(pieces.map(({ length }) => length)).toEqual([500, 500, 1]);
    expect(pieces.flat()).toEqual(lines);
    expect(given).toBe(`${lines.join('\n')}\n`);
  });
});
