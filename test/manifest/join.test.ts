import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/manifest/address.js';
import { join } from '../../src/manifest/join.js';
import type { AssignmentRow, DesiredRow, InvalidRow, TokenRow } from '../../src/manifest/row.js';
import { Secret } from '../../src/secret.js';

// Few serial numbers and users, so that every kind of clash is drawn often.
const serialNumber = fc.constantFrom('1', '2', '3', 'a', 'A', 'b', 'B', '01');
const user = fc.constantFrom('h@c.com', 'H@c.com', 'i@c.com', '8c7f0a52-3d0d-4f0a-9d0c-0f5b7d9f1c11');

type Drawn = { readonly serialNumber?: string; readonly user?: string; readonly bad: boolean };
const drawnToken: fc.Arbitrary<Drawn> = fc.record(
  { serialNumber, user, bad: fc.boolean() },
  { requiredKeys: ['serialNumber', 'bad'] },
);
const drawnAssignment = fc.record({ serialNumber, user, bad: fc.boolean() });

const refusal = { reason: 'cell-count', detail: 'bad' } as const;

function tokenRow(drawn: Drawn, index: number): TokenRow | InvalidRow {
  const address = { file: 'tokens.csv', line: index + 2 };
  const holder = drawn.user === undefined ? {} : { user: drawn.user };
  if (drawn.bad || drawn.serialNumber === undefined) {
    return {
      address,
      ...refusal,
      ...(index % 2 === 0 ? { serialNumber: drawn.serialNumber ?? '' } : {}),
      ...holder,
    };
  }
  return {
    address,
    serialNumber: drawn.serialNumber,
    ...holder,
    token: {
      secretKey: new Secret('GEZDGNBVGY3TQOJQ'),
      timeIntervalInSeconds: 30,
      hashFunction: 'hmacsha1',
      manufacturer: 'M',
      model: 'm',
    },
  };
}

function assignmentRow(
  drawn: { readonly serialNumber: string; readonly user: string; readonly bad: boolean },
  index: number,
): AssignmentRow | InvalidRow {
  const address = { file: 'assignments.csv', line: index + 2 };
  if (drawn.bad) return { address, ...refusal, serialNumber: drawn.serialNumber };
  return { address, serialNumber: drawn.serialNumber, user: drawn.user };
}

const inputs = fc
  .tuple(fc.array(drawnToken, { maxLength: 8 }), fc.array(drawnAssignment, { maxLength: 8 }))
  .map(([tokens, assignments]) => ({
    tokens: tokens.map(tokenRow),
    assignments: assignments.map(assignmentRow),
  }));

const sameSerial = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase();

describe('join', () => {
  it('makes every row that was read one row of the job, or joins it into one, and loses none', () => {
    fc.assert(
      fc.property(inputs, ({ tokens, assignments }) => {
        const { rows, joinedAssignments } = join(tokens, assignments);
        expect(rows.length + joinedAssignments).toBe(tokens.length + assignments.length);
        const addresses = rows.map((row) => formatAddress(row.address));
        expect(new Set(addresses).size).toBe(rows.length);
        const read = [...tokens, ...assignments].map((row) => formatAddress(row.address));
        // In reading order, and all tokens among them.
        expect(addresses).toEqual(read.filter((address) => addresses.includes(address)));
        expect(addresses.slice(0, tokens.length)).toEqual(read.slice(0, tokens.length));
        expect(rows.map((row) => row.n)).toEqual([...rows].map((_, n) => n));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never has two valid rows for one serial number', () => {
    fc.assert(
      fc.property(inputs, ({ tokens, assignments }) => {
        const valid = join(tokens, assignments).rows.filter((row) => row.invalid === undefined);
        expect(new Set(valid.map((row) => row.serialNumber.toLowerCase())).size).toBe(valid.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives a token to a user only when everything that was read of it names that user', () => {
    fc.assert(
      fc.property(inputs, ({ tokens, assignments }) => {
        for (const row of join(tokens, assignments).rows) {
          if (row.invalid !== undefined) continue;
          const claims = [...tokens, ...assignments].filter((one) =>
            sameSerial(one.serialNumber, row.serialNumber),
          );
          expect(claims.filter((one) => 'reason' in one)).toEqual([]);
          const users = new Set(
            claims.flatMap((one) => (one.user === undefined ? [] : [one.user.toLowerCase()])),
          );
          expect([...users]).toEqual(row.user === undefined ? [] : [row.user.toLowerCase()]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never leaves a key on a row that was refused', () => {
    fc.assert(
      fc.property(inputs, ({ tokens, assignments }) => {
        for (const row of join(tokens, assignments).rows) {
          if (row.invalid !== undefined) expect(row.token).toBeUndefined();
        }
      }),
    );
  });

  it('keeps a token that nothing speaks against', () => {
    fc.assert(
      fc.property(inputs, ({ tokens, assignments }) => {
        const { rows } = join(tokens, assignments);
        tokens.forEach((token, index) => {
          const related = [...tokens, ...assignments].filter((one) =>
            sameSerial(one.serialNumber, token.serialNumber),
          );
          const quiet = !('reason' in token) && related.length === 1;
          if (quiet) expect(rows.at(index)?.invalid).toBeUndefined();
        });
      }),
    );
  });

  it('does not change its answer when the assignments come in another order', () => {
    const sum = (rows: readonly DesiredRow[]) =>
      rows.map((row) =>
        [row.serialNumber.toLowerCase(), row.user?.toLowerCase() ?? '', row.invalid?.reason ?? ''].join(),
      );
    fc.assert(
      fc.property(inputs, ({ tokens, assignments }) => {
        const tokenRows = (list: typeof assignments) =>
          sum([...join(tokens, list).rows].slice(0, tokens.length));
        const valid = (answer: readonly string[]) => answer.filter((line) => line.endsWith(','));
        expect(valid(tokenRows([...assignments].reverse()))).toEqual(valid(tokenRows(assignments)));
      }),
    );
  });
});
