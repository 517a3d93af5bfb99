import { base32, base32hex, base64, hex } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideEncoding } from '../../src/manifest/decide-encoding.js';
import {
  readBase32Key,
  readKey,
  resemblesKey,
  type SecretEncoding,
} from '../../src/manifest/secret-encoding.js';

/** A key as somebody may type it: in any case, in groups, with or without padding. */
const typedKey = fc
  .record({
    bytes: fc.uint8Array({ minLength: 10, maxLength: 80 }),
    lower: fc.boolean(),
    padded: fc.boolean(),
    gap: fc.constantFrom('', ' ', '-', '  '),
    every: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ bytes, lower, padded, gap, every }) => {
    const canonical = base32.encode(bytes).replace(/=+$/, '');
    const grouped = canonical.replace(new RegExp(`(.{${every}})(?=.)`, 'g'), `$1${gap}`);
    const padding = '='.repeat((8 - (canonical.length % 8)) % 8);
    const typed = `${lower ? grouped.toLowerCase() : grouped}${padded ? padding : ''}`;
    return { bytes, canonical, typed };
  });

describe('readBase32Key', () => {
  it('reads every key of 10 to 80 bytes, however it is typed, into the same text', () => {
    fc.assert(
      fc.property(typedKey, ({ bytes, canonical, typed }) => {
        const key = readBase32Key(typed);
        expect('reason' in key ? key : [key.secretKey.reveal(), key.bytes]).toEqual([
          canonical,
          bytes.length,
        ]);
      }),
    );
  });

  it('refuses a key with one character that Base32 does not have, and says where without repeating it', () => {
    const character = fc.constantFrom('0', '1', '8', '9', '!', '_', '/', 'ä', 'ß', 'ı', 'ſ', '\u0007', '𝄞');
    fc.assert(
      fc.property(typedKey, fc.nat(), character, ({ typed }, at, bad) => {
        const place = at % (typed.replace(/[=\s-]+$/, '').length + 1);
        const key = readBase32Key(`${typed.slice(0, place)}${bad}${typed.slice(place)}`);
        if (!('reason' in key)) throw new Error('the key was taken');
        expect(key.reason).toBe('secret-not-base32');
        expect(key.detail).not.toContain(`'${bad}'`);
        if (!key.detail.includes('hexadecimal')) expect(key.detail).toContain(`character ${place + 1} `);
      }),
    );
  });

  it('repeats no four characters of a refused key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'QZXJVK2345670189-= '), minLength: 4, maxLength: 200 }),
        (cell) => {
          const key = readBase32Key(cell);
          if (!('reason' in key)) return;
          const shown = key.detail.toUpperCase();
          for (let at = 0; at + 4 <= cell.length; at += 1) {
            const piece = cell.slice(at, at + 4);
            if (/^\S{4}$/.test(piece)) expect(shown).not.toContain(piece);
          }
        },
      ),
    );
  });

  it('refuses bits behind the last byte, which a lenient reader would drop', () => {
    expect(readBase32Key('GEZDGNBVGY3TQOJQGA')).toMatchObject({ bytes: 11 });
    expect(readBase32Key('GEZDGNBVGY3TQOJQGB')).toMatchObject({ reason: 'secret-not-base32' });
  });

  it.each([1, 3, 6])('refuses lengths that no whole number of bytes has (8n + %i)', (rest) => {
    expect(readBase32Key('A'.repeat(16 + rest))).toMatchObject({ reason: 'secret-length' });
  });

  it('takes 128 characters and refuses one group more', () => {
    expect(readBase32Key('A'.repeat(128))).toMatchObject({ bytes: 80 });
    expect(readBase32Key('A'.repeat(136))).toMatchObject({ reason: 'secret-length' });
  });

  it('refuses padding in the middle', () => {
    expect(readBase32Key('GEZDGNBV====GY3TQOJQ')).toMatchObject({ reason: 'secret-not-base32' });
  });

  it('takes a cell of nothing but padding and gaps for an empty one', () => {
    expect(readBase32Key(' -=- =')).toMatchObject({ reason: 'secret-missing' });
  });
});

describe('resemblesKey', () => {
  it('knows keys in every encoding that vendors use', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 64 }), (bytes) => {
        expect(resemblesKey(base32.encode(bytes))).toBe(true);
        expect(resemblesKey(Buffer.from(bytes).toString('hex'))).toBe(true);
      }),
    );
    expect(resemblesKey('eko7RK2GIqECrI8WPU8fM9za/80=')).toBe(true);
    expect(resemblesKey('TOK005  7a4a3b44ad8622a102ac8f16=3d4f1f33dcdaffcd')).toBe(true);
  });

  it.each([
    '0012345',
    '1100000000000',
    '00040008CFA5',
    'GALT10949319',
    '8c7f0a52-3d0d-4f0a-9d0c-0f5b7d9f1c11',
    'helga@contoso.com',
    'administration@contosocorporationinternational.onmicrosoft.com',
  ])('lets %s pass', (cell) => expect(resemblesKey(cell)).toBe(false));
});

const WRITERS: Readonly<Record<SecretEncoding, (bytes: Uint8Array) => string>> = {
  base32: (bytes) => base32.encode(bytes),
  hex: (bytes) => hex.encode(bytes),
  base64: (bytes) => base64.encode(bytes),
  base32hex: (bytes) => base32hex.encode(bytes),
};

const ENCODINGS: readonly SecretEncoding[] = ['base32', 'hex', 'base64', 'base32hex'];

describe('readKey', () => {
  it.each(ENCODINGS)('gives every key back that was written in %s, as Base32', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 80 }), fc.boolean(), (bytes, padded) => {
        const written = WRITERS[encoding](bytes);
        const key = readKey(padded ? written : written.replace(/=+$/, ''), encoding);
        if ('reason' in key) throw new Error(key.detail);
        expect(key.secretKey.reveal()).toBe(base32.encode(bytes).replace(/=+$/, ''));
      }),
    );
  });

  it('never gives another key than the one that was written, and repeats none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ENCODINGS),
        fc.string({ unit: fc.constantFrom(...'ABCDEFXYZ234567189abcdef+/=- '), maxLength: 90 }),
        (encoding, cell) => {
          const key = readKey(cell, encoding);
          if (!('reason' in key)) {
            const bare = cell.replace(/[\s-]/g, '').replace(/=+$/, '');
            const bytes = base32.decode(padded(key.secretKey.reveal()));
            const again = WRITERS[encoding](bytes).replace(/=+$/, '');
            expect(encoding === 'base64' ? again : again.toUpperCase()).toBe(
              encoding === 'base64' ? bare : bare.toUpperCase(),
            );
            return;
          }
          for (let at = 0; at + 6 <= cell.length; at += 1) {
            if (/^\S{6}$/.test(cell.slice(at, at + 6)))
              expect(key.detail).not.toContain(cell.slice(at, at + 6));
          }
        },
      ),
    );
  });
});

function padded(bare: string): string {
  return bare.padEnd(Math.ceil(bare.length / 8) * 8, '=');
}

describe('decideEncoding', () => {
  const keys = fc.array(fc.uint8Array({ minLength: 20, maxLength: 20 }), { minLength: 20, maxLength: 40 });

  it.each(['base32', 'hex', 'base64'] as const)('tells a column of %s', (encoding) => {
    fc.assert(
      fc.property(keys, (column) => {
        // Keys of lots, and not the same byte twenty times, which is what shrinking would find.
        const drawn = column.map((bytes, index) =>
          bytes.map((byte, at) => (byte + at * 37 + index * 11) % 256),
        );
        expect(decideEncoding(drawn.map(WRITERS[encoding]))).toMatchObject({ encoding });
      }),
    );
  });

  it('asks when a column holds two encodings, and takes what the layout has when it has one', () => {
    const bytes = hex.decode('7a4a3b44ad8622a102ac8f163d4f1f33dcdaffcd');
    const column = [WRITERS.base32(bytes), WRITERS.hex(bytes)];
    expect(decideEncoding(column)).toHaveProperty('question');
    expect(decideEncoding(column, 'base32')).toMatchObject({ encoding: 'base32' });
  });
});
