// Walks test/cases/manifest: each folder is one promise about reading vendor files. case.json says what is
// read and what must come of it; the other files of the folder are the input.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatProblem, OperationError } from '../../src/errors.js';
import { assignmentsSchema, manifestSchema } from '../../src/job/input-schema.js';
import { toAssignments, toManifest } from '../../src/job/inputs.js';
import { formatAddress } from '../../src/manifest/address.js';
import { loadDesired } from '../../src/manifest/load.js';
import type { DesiredRow, Warning } from '../../src/manifest/row.js';

const CASES = join(import.meta.dirname, '../cases/manifest');

const rowSchema = z.strictObject({
  row: z.string(),
  serialNumber: z.string(),
  user: z.string().optional(),
  userFrom: z.string().optional(),
  token: z.string().optional(),
  invalid: z.string().optional(),
});

const caseSchema = z.strictObject({
  promise: z.string(),
  manifests: z.array(manifestSchema),
  assignments: z.array(assignmentsSchema),
  rows: z.array(rowSchema).optional(),
  joinedAssignments: z.int().optional(),
  warnings: z.array(z.string()).optional(),
  error: z.strictObject({ code: z.string(), problems: z.array(z.string()) }).optional(),
});

/** A row as case.json has it. The keys are made up: here they may be read. */
function shown(row: DesiredRow): z.output<typeof rowSchema> {
  const { token, invalid } = row;
  return {
    row: formatAddress(row.address),
    serialNumber: row.serialNumber,
    ...(row.user === undefined ? {} : { user: row.user }),
    ...(row.userAddress === undefined ? {} : { userFrom: formatAddress(row.userAddress) }),
    ...(token === undefined
      ? {}
      : {
          token: `${token.secretKey.reveal()} ${token.timeIntervalInSeconds} ${token.hashFunction} ${token.manufacturer}/${token.model}`,
        }),
    ...(invalid === undefined ? {} : { invalid: `${invalid.reason}: ${invalid.detail}` }),
  };
}

function shownWarning(warning: Warning): string {
  return `${warning.file}${warning.line === undefined ? '' : `:${warning.line}`}: ${warning.message}`;
}

describe('reading manifests and assignments', () => {
  for (const folder of readdirSync(CASES)) {
    const text = readFileSync(join(CASES, folder, 'case.json'), 'utf8');
    const expected = caseSchema.parse(JSON.parse(text));
    const located = (path: string) => ({ path, absolutePath: join(CASES, folder, path) });
    const load = () =>
      loadDesired({
        manifests: expected.manifests.map((manifest) => toManifest(manifest, located)),
        assignments: expected.assignments.map((list) => toAssignments(list, located)),
      });

    it(`${folder}: ${expected.promise}`, async () => {
      if (expected.error !== undefined) {
        const error: unknown = await load().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(OperationError);
        if (!(error instanceof OperationError)) return;
        expect({ code: error.code, problems: error.problems.map(formatProblem) }).toEqual(expected.error);
        return;
      }
      const desired = await load();
      expect(desired.rows.map(shown)).toEqual(expected.rows);
      expect(desired.rows.map((row) => row.n)).toEqual([...desired.rows].map((_, n) => n));
      expect(desired.joinedAssignments).toBe(expected.joinedAssignments);
      expect(desired.warnings.map(shownWarning)).toEqual(expected.warnings);
      const read = desired.inputs.reduce((sum, input) => sum + input.rows, 0);
      expect(read).toBe(desired.rows.length + desired.joinedAssignments);
    });
  }
});
