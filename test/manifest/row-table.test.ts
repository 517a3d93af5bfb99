// Tables of rows say the same as lists of rows, part by part.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlainLines } from '../../src/compact/plain-lines.js';
import { TextIndex } from '../../src/compact/text-index.js';
import { userKey } from '../../src/lookup-key.js';
import type { AssignmentRow, InvalidRow, TokenRow } from '../../src/manifest/row.js';
import { AssignmentTable, type FileRows, TokenTable } from '../../src/manifest/row-table.js';
import { Secret } from '../../src/secret.js';

const REFUSAL = { reason: 'cell-count', detail: 'bad' } as const;

const drawn = fc.record({
  file: fc.constantFrom('a.csv', 'b.csv'),
  line: fc.nat({ max: 20 }),
  serialNumber: fc.constantFrom('S1', 's1', '0002', 'three'),
  user: fc.option(fc.constantFrom('ada@x.test', 'Ada@x.test', 'ben@x.test')),
  isRefused: fc.boolean(),
  hasWish: fc.boolean(),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

function tokenRow({ file, line, serialNumber, user, isRefused }: Drawn): TokenRow | InvalidRow {
  const place = { address: { file, line }, serialNumber, ...(user === null ? {} : { user }) };
  if (isRefused) return { ...place, ...REFUSAL };
  const make = { timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', manufacturer: 'C', model: '' } as const;
  return { ...place, token: { secretKey: new Secret('GEZDGNBVGY3TQOJQ'), ...make } };
}

function assignmentRow(given: Drawn): AssignmentRow | InvalidRow {
  const { file, line, serialNumber, user, isRefused, hasWish } = given;
  const place = { address: { file, line }, serialNumber, ...(user === null ? {} : { user }) };
  if (isRefused) return { ...place, ...REFUSAL };
  return hasWish ? { ...place, wish: { action: 'unassign' } } : place;
}

function written(
  part: 'serialNumber' | 'user',
  rows: FileRows<unknown>,
  position: number,
): string | undefined {
  const lines = new PlainLines();
  lines.begin();
  const isThere = rows.write(part, position, lines);
  lines.end();
  return isThere ? Buffer.from(lines.take()).toString() : undefined;
}

type Row = TokenRow | AssignmentRow | InvalidRow;

function expectSame(table: FileRows<Row>, rows: readonly Row[], names: TextIndex): void {
  expect([...table]).toEqual(rows);
  for (const [position, row] of rows.entries()) {
    const isPlain = !('reason' in row) && !('wish' in row);
    expect(table.at(position)).toEqual(row);
    expect(table.isPlain(position)).toBe(isPlain);
    expect(table.addressAt(position)).toEqual(row.address);
    expect(table.serialNumberAt(position)).toBe(row.serialNumber);
    for (const other of ['S1', 's1', '0002', ''])
      expect(table.hasSerialNumber(position, other)).toBe(row.serialNumber === other);
    expect(table.userAt(position)).toBe(row.user);
    const key = isPlain && row.user !== undefined ? names.find(userKey(row.user)) : -1;
    expect(table.nameIn(names, position)).toBe(key);
    expect(table.nameIn(new TextIndex(), position)).toBe(-1);
    if (!isPlain) continue;
    expect(written('serialNumber', table, position)).toBe(row.serialNumber);
    expect(written('user', table, position)).toBe(row.user);
  }
  for (const outside of [-1, rows.length]) expect(table.at(outside)).toBeUndefined();
}

describe('a table of rows', () => {
  it('of manifests says what they say', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 12 }), (given) => {
        const [rows, names] = [given.map(tokenRow), new TextIndex()];
        const table = new TokenTable(names);
        for (const row of rows) table.push(row);
        expectSame(table, rows, names);
        for (const [position, row] of rows.entries()) {
          expect(table.secretAt(position)?.reveal()).toBe(
            'token' in row ? row.token.secretKey.reveal() : undefined,
          );
          expect(table.makeAt(position)?.manufacturer).toBe('token' in row ? 'C' : undefined);
        }
      }),
    );
  });

  it('of assignments lists says what they say', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 12 }), (given) => {
        const [rows, names] = [given.map(assignmentRow), new TextIndex()];
        const table = new AssignmentTable(names);
        for (const row of rows) table.push(row);
        expectSame(table, rows, names);
      }),
    );
  });
});
