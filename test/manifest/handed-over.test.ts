// Rows on their way from the thread that has read them: without keys and codes, and of no use where they came from. What
// is found of them afterwards is compared in test/reconcile/short-way.test.ts.

import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { TextIndex } from '../../src/compact/text-index.js';
import { BugError, OperationError } from '../../src/errors.js';
import { handOver, refusalOf, taken } from '../../src/manifest/handed-over.js';
import { join } from '../../src/manifest/join.js';
import type { Desired } from '../../src/manifest/row.js';
import { AssignmentTable, TokenTable } from '../../src/manifest/row-table.js';
import { Secret } from '../../src/secret.js';

const KEY = 'CANARYCANARYCANARYCANARYCANARYCA';
const CODE = '739184';
const LONG_NAME = `${'x'.repeat(140)}@x.test`;

/** Tokens of which some are joined plainly, and some have something to be said of them. */
function desired(count: number): Desired {
  const names = new TextIndex();
  const tokens = new TokenTable(names);
  const assignments = new AssignmentTable(names);
  for (let n = 0; n < count; n += 1) {
    const serialNumber = `S${n}`;
    const secretKey = new Secret(`${KEY.slice(0, -1)}${'ABCDEFGH'.charAt(n % 8)}`);
    const token = {
      ...({ secretKey, timeIntervalInSeconds: 30, hashFunction: 'hmacsha1' } as const),
      ...{ manufacturer: 'Contoso', model: `C${n % 3}` },
    };
    tokens.push({ address: { file: 'tokens.csv', line: n + 2 }, serialNumber, token });
    const wish = n % 5 === 0 ? { wish: { code: new Secret(CODE), group: 'g1' } } : {};
    const address = { file: 'people.csv', line: n + 2 };
    assignments.push({ address, serialNumber, user: `Person${n}@x.test`, ...wish });
  }
  tokens.push({ address: { file: 'tokens.csv', line: 999 }, reason: 'cell-count', detail: 'bad' });
  // Twice the same serial number, and a name that is too long for a column.
  for (const line of [1_000, 1_001]) {
    const secretKey = new Secret(`${KEY.slice(0, -2)}${line % 2 === 0 ? 'XX' : 'YY'}`);
    const make = {
      timeIntervalInSeconds: 30,
      hashFunction: 'hmacsha1',
      manufacturer: 'Contoso',
      model: 'C9',
    } as const;
    tokens.push({
      address: { file: 'tokens.csv', line },
      serialNumber: 'TWICE',
      token: { secretKey, ...make },
    });
  }
  assignments.push({ address: { file: 'people.csv', line: 999 }, serialNumber: 'ELSE', user: LONG_NAME });
  const { rows, joinedAssignments, warnings } = join(tokens, assignments);
  const forgetSecrets = (): void => tokens.forgetSecrets();
  const inputs = [{ role: 'manifest', path: 'tokens.csv', sha256: 'ab', rows: count }] as const;
  return { rows, joinedAssignments, warnings, names, inputs, forgetSecrets };
}

function sent(from: Desired): Desired {
  const { message, memory } = handOver(from);
  return taken(structuredClone(message, { transfer: [...memory] }));
}

/** A row without what cannot be told. */
const told = ({ rows }: Desired): readonly unknown[] =>
  rows.map(({ token, code, ...row }) => ({
    ...row,
    hasCode: code !== undefined,
    token: token === undefined ? undefined : { ...token, secretKey: undefined },
  }));

describe('rows from another thread', () => {
  it.each([0, 1, 20, 3_000])('are what they were: %i of them', (count) => {
    const before = desired(count);
    const rows = told(before);
    const names = Array.from({ length: before.names.length }, (_, n) => before.names.at(n));
    const after = sent(desired(count));
    expect(told(after)).toEqual(rows);
    expect(Array.from({ length: after.names.length }, (_, n) => after.names.at(n))).toEqual(names);
    expect(names.map((name) => after.names.find(name))).toEqual(names.map((_, n) => n));
    expect([after.inputs, after.warnings, after.joinedAssignments]).toEqual([
      before.inputs,
      before.warnings,
      before.joinedAssignments,
    ]);
    const makes = ({ rows: own }: Desired): readonly unknown[] => own.map((_, n) => own.parts?.makeAt(n));
    expect(makes(after)).toEqual(makes(desired(count)));
    // More may be added to the names than the files have.
    const all = [...names, ...Array.from({ length: 2_000 }, (_, n) => `new${n}@x.test`)];
    expect(all.map((name) => after.names.add(name))).toEqual(all.map((_, n) => n));
    expect(all.map((_, n) => after.names.at(n))).toEqual(all);
    expect(all.map((name) => after.names.find(name))).toEqual(all.map((_, n) => n));
  });

  it('have left keys and codes behind, of which nothing is in what is sent', () => {
    const before = desired(20);
    const kept = before.rows.at(1)?.token?.secretKey;
    expect(kept?.reveal()).toContain('CANARY');
    const { message } = handOver(before);
    expect(() => kept?.reveal()).toThrow(BugError);
    const bytes = serialize(message).toString('latin1');
    expect(bytes).toContain('tokens.csv');
    for (const secret of [KEY.slice(0, 20), CODE]) expect(bytes).not.toContain(secret);
    const rows = [...sent(desired(20)).rows];
    expect(() => rows[1]?.token?.secretKey.reveal()).toThrow(BugError);
    expect(() => rows[0]?.token?.secretKey.reveal()).toThrow(BugError);
    expect(() => rows[0]?.code?.reveal()).toThrow(BugError);
  });

  it('take their memory with them, each piece of it once', () => {
    const { message, memory } = handOver(desired(3_000));
    expect(new Set(memory).size).toBe(memory.length);
    const before = memory.reduce((sum, piece) => sum + piece.byteLength, 0);
    expect(before).toBeGreaterThan(3_000 * 20);
    structuredClone(message, { transfer: [...memory] });
    expect(memory.reduce((sum, piece) => sum + piece.byteLength, 0)).toBe(0);
    const { tokens, assignments, sources } = message.rows;
    const numbers = [sources, assignments.lines.starts, tokens.rows.files.codes];
    expect(numbers.map((column) => column.numbers.byteLength)).toEqual([0, 0, 0]);
    expect([tokens.rows.serials.lengths.byteLength, message.names.index.slots.byteLength]).toEqual([0, 0]);
  });

  it('or why there are none, as it was said there', () => {
    const error = new OperationError({
      code: 'input-invalid',
      what: '1 of 2 input files cannot be used.',
      data: 'Nothing was sent.',
      next: 'Put the files right, then give the same command again.',
      problems: [{ file: 'tokens.csv', line: 3, message: 'bad' }],
    });
    const message = structuredClone(refusalOf(error));
    expect(() => taken(message)).toThrow(OperationError);
    try {
      taken(message);
    } catch (again) {
      expect(again).toEqual(error);
    }
  });

  it('and a bug stays a bug', () => {
    expect(() => refusalOf(new BugError('contradiction'))).toThrow('contradiction');
  });
});
