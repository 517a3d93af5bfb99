// Every sample of every format, damaged in all kinds of ways: reading ends, in rows or in a sentence; it never
// crashes, hangs or lets a secret out.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OperationError } from '../../src/errors.js';
import { assignmentsSchema, manifestSchema } from '../../src/job/input-schema.js';
import { toAssignments, toManifest } from '../../src/job/inputs.js';
import { type DesiredSources, loadDesired } from '../../src/manifest/load.js';
import { inspectFile } from '../../src/manifest/load-inspection.js';

const CASES = join(import.meta.dirname, '../cases/manifest');
const folder = mkdtempSync(join(tmpdir(), 'oathbatch-fuzz-'));
const file = join(folder, 'file');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const caseSchema = z.object({
  manifests: z.array(manifestSchema),
  assignments: z.array(assignmentsSchema),
});

interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  /** What is read when the bytes of the sample stand in `file`. */
  readonly sources: DesiredSources;
}

/** The first manifest of each case, with what its job says of it. */
const SAMPLES: readonly Sample[] = readdirSync(CASES).flatMap((name): readonly Sample[] => {
  const { manifests } = caseSchema.parse(JSON.parse(readFileSync(join(CASES, name, 'case.json'), 'utf8')));
  const [first] = manifests;
  if (first === undefined || name.startsWith('file-')) return [];
  const bytes = readFileSync(join(CASES, name, first.path));
  const located = (path: string) => ({ path, absolutePath: join(CASES, name, path) });
  const source = { ...toManifest(first, located), path: 'file', absolutePath: file };
  return [{ name, bytes, sources: { manifests: [source], assignments: [] } }];
});

const PIECES = [
  '"',
  ',',
  '\n',
  '\r',
  '\0',
  '<',
  '</Key>',
  '&',
  '<!DOCTYPE a>',
  '{',
  '}',
  ']',
  '\\',
  'ü',
  '\ufeff',
  '=',
];

type Damage = (bytes: Buffer) => Buffer;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(
    ([at, byte]): Damage =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        if (changed.byteLength > 0) changed[at % changed.byteLength] = byte;
        return changed;
      },
  ),
  fc.tuple(fc.nat(), fc.constantFrom(...PIECES)).map(
    ([at, piece]): Damage =>
      (bytes) => {
        const place = at % (bytes.byteLength + 1);
        return Buffer.concat([bytes.subarray(0, place), Buffer.from(piece), bytes.subarray(place)]);
      },
  ),
  fc.tuple(fc.nat(), fc.nat({ max: 200 })).map(
    ([at, length]): Damage =>
      (bytes) => {
        const place = at % (bytes.byteLength + 1);
        return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)]);
      },
  ),
  fc.tuple(fc.nat(), fc.nat({ max: 200 })).map(
    ([at, length]): Damage =>
      (bytes) => {
        const place = at % (bytes.byteLength + 1);
        const piece = bytes.subarray(place, place + length);
        return Buffer.concat([bytes.subarray(0, place), piece, piece, bytes.subarray(place)]);
      },
  ),
  fc.nat().map(
    (at): Damage =>
      (bytes) =>
        bytes.subarray(0, at % (bytes.byteLength + 1)),
  ),
);

/** Texts of a sample that are shaped like keys. Serial numbers and names are shorter. */
function keysIn(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1').replace(/\0/g, '');
  return [...text.matchAll(/[A-Za-z0-9+/]{32,}/g)].map(([key]) => key.toLowerCase());
}

/** Everything that can be printed of what came of a file, but for the names that good tokens have. */
async function told(sources: DesiredSources): Promise<string> {
  const ended: unknown = await loadDesired(sources).then(
    (desired) => ({
      ...desired,
      rows: desired.rows.map(({ token, ...row }) => ({ ...row, secretKey: token?.secretKey })),
    }),
    (error: unknown) => {
      if (error instanceof OperationError) return [error.message, error.problems];
      throw error;
    },
  );
  const { role, ...inspected } = await inspectFile(file, {});
  const rest =
    'first' in inspected ? inspected.summary.remarks : 'troubles' in inspected ? inspected.troubles : [];
  return `${JSON.stringify([ended, role, rest])} ${inspect(ended, { depth: 12 })}`.toLowerCase();
}

describe('every sample of every format', () => {
  it('ends in rows or in a sentence however it is damaged, and lets no key out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SAMPLES),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        async ({ bytes, sources }, damages) => {
          const damaged = damages.reduce((done, next) => next(done), bytes);
          writeFileSync(file, damaged);
          const printed = await told(sources);
          for (const key of keysIn(bytes)) expect(printed).not.toContain(key.slice(0, 24));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('lets no key out when it is taken for an assignments list', async () => {
    const lists = SAMPLES.filter(({ name }) => !name.startsWith('pskc-locked'));
    for (const { bytes, sources } of lists) {
      writeFileSync(file, bytes);
      const assignments = [toAssignments({ path: 'file' }, () => ({ path: 'file', absolutePath: file }))];
      // As a manifest, and at once as an assignments list, which most of them are not.
      const printed = await told({ ...sources, assignments });
      for (const key of keysIn(bytes)) expect(printed).not.toContain(key.slice(0, 24));
    }
  });
});
