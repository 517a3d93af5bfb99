// Secrets in every column and every kind of damage: whatever comes out of the stage is searched for them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { base32 } from '@scure/base';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDesired } from '../../src/manifest/load.js';

const folder = mkdtempSync(join(tmpdir(), 'oathbatch-canary-'));
const file = join(folder, 'tokens.csv');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADINGS = ['upn', 'serial number', 'secret key', 'time interval', 'manufacturer', 'model'];

const key = fc
  .uint8Array({ minLength: 20, maxLength: 32 })
  .chain((bytes) =>
    fc.constantFrom(
      base32.encode(bytes).replace(/=+$/, ''),
      base32.encode(bytes).toLowerCase(),
      Buffer.from(bytes).toString('hex'),
    ),
  );

const harmless = fc.constantFrom('', '1234567', '30', '45', 'Token2', 'helga@contoso.com', 'upn');

/** Cells in any order, some of them secret; then perhaps a damage of the text. */
const table = fc.record({
  header: fc.option(fc.shuffledSubarray(HEADINGS, { minLength: 4 }), { nil: undefined, freq: 3 }),
  rows: fc.array(fc.array(fc.oneof(key, harmless), { minLength: 5, maxLength: 7 }), {
    minLength: 1,
    maxLength: 5,
  }),
  damage: fc.constantFrom('', '"', '\0', '\ufffd', '"x', 'x"', 'ü', '\u0080', '€'),
  at: fc.nat(),
});

/** Everything that can be printed of a value, whichever way. */
function everything(value: unknown): string {
  const error = value instanceof Error ? `${value.message} ${value.stack ?? ''} ${String(value.cause)}` : '';
  return `${JSON.stringify(value)} ${inspect(value, { depth: 20, showHidden: true })} ${error}`.toLowerCase();
}

describe('the manifest stage', () => {
  it('lets no secret out, wherever it stands and however the file is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ header, rows, damage, at }) => {
        const lines = [header ?? HEADINGS, ...rows].map((cells) => cells.join(','));
        const place = at % lines.length;
        lines[place] = `${lines[place] ?? ''}${damage}`;
        writeFileSync(file, `${lines.join('\n')}\n`);
        const outcome: unknown = await loadDesired({ manifests: [{ path: file }], assignments: [] }).then(
          // A good row's manufacturer and model are what the file says they are.
          (desired) => ({
            ...desired,
            rows: desired.rows.map(({ token, ...row }) => ({ ...row, secretKey: token?.secretKey })),
          }),
          (error: unknown) => error,
        );
        const printed = everything(outcome);
        for (const cell of rows.flat()) {
          if (cell.length >= 32)
            expect(printed).not.toContain(cell.replace(/=+$/, '').toLowerCase().slice(0, 12));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('lets no secret out when the file has no heading', async () => {
    await fc.assert(
      fc.asyncProperty(key, async (secret) => {
        writeFileSync(file, `,1234567,${secret},30,Token2,C202\n`);
        const error: unknown = await loadDesired({
          manifests: [{ path: file }],
          assignments: [{ path: file }],
        }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'input-invalid' });
        expect(everything(error)).not.toContain(secret.toLowerCase().slice(0, 8));
      }),
      { numRuns: 50 },
    );
  });
});
