// Columns that do not keep what stands elsewhere: users once for all files, and serial numbers of a list that stand in
// a manifest. To everybody else they are lists of texts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextIndex } from '../../src/compact/text-index.js';
import { userKey } from '../../src/lookup-key.js';
import { join } from '../../src/manifest/join.js';
import { AssignmentTable, TokenTable } from '../../src/manifest/row-table.js';
import { SerialColumn } from '../../src/manifest/serial-column.js';
import { SerialIndex } from '../../src/manifest/serial-index.js';
import { UserColumn } from '../../src/manifest/user-column.js';
import { Secret } from '../../src/secret.js';

const user = fc.constantFrom('', 'ada@x.test', 'Ada@X.test', 'bob@x.test', ' eve@x.test ', 'dan@x.test');
const serial = fc.constantFrom('', 'S1', 's1', 'S2', '100', '200', '300', ' 100', 'ü');

function tokensWith(serials: readonly string[], names = new TextIndex()): TokenTable {
  const tokens = new TokenTable(names);
  for (const [i, serialNumber] of serials.entries()) {
    const token = {
      ...{ secretKey: new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'), timeIntervalInSeconds: 30 as const },
      ...{ hashFunction: 'hmacsha1' as const, manufacturer: 'Contoso', model: 'C100' },
    };
    tokens.push({ address: { file: 'tokens.csv', line: i + 2 }, serialNumber, token });
  }
  return tokens;
}

describe('the users of several lists', () => {
  it('are each as it stands in its file, and kept once by key', () => {
    fc.assert(
      fc.property(fc.array(fc.array(user), { minLength: 1, maxLength: 3 }), (lists) => {
        const names = new TextIndex();
        for (const users of lists) {
          const column = new UserColumn(names);
          for (const one of users) column.push(one);
          expect(users.map((_, i) => column.at(i))).toEqual(users);
        }
        const keys = new Set(
          lists
            .flat()
            .filter((one) => one !== '')
            .map(userKey),
        );
        expect(Array.from({ length: names.length }, (_, i) => names.at(i))).toEqual([...keys]);
      }),
    );
  });
});

describe('the serial numbers of a list', () => {
  it('are each as it stands there, wherever else it stands', () => {
    fc.assert(
      fc.property(fc.array(serial), fc.array(serial), serial, (known, serials, other) => {
        const column = new SerialColumn(new SerialIndex(tokensWith(known)));
        for (const one of serials) column.push(one);
        expect(serials.map((_, i) => column.at(i))).toEqual(serials);
        expect(serials.every((one, i) => column.is(i, one))).toBe(true);
        expect(serials.map((_, i) => column.is(i, other))).toEqual(serials.map((one) => one === other));
      }),
    );
  });

  it('still do after they were joined, although the index of the manifest has been given up', () => {
    const names = new TextIndex();
    const tokens = tokensWith(['100', '200'], names);
    const bySerial = new SerialIndex(tokens);
    const assignments = new AssignmentTable(names, bySerial);
    for (const [i, serialNumber] of ['200', '300', '100'].entries()) {
      assignments.push({ address: { file: 'a.csv', line: i + 2 }, serialNumber, user: `u${i}@x.test` });
    }
    const { rows } = join(tokens, assignments, [], bySerial);
    expect(rows.map((row) => [row.serialNumber, row.user])).toEqual([
      ['100', 'u2@x.test'],
      ['200', 'u0@x.test'],
      ['300', 'u1@x.test'],
    ]);
    expect(assignments.map((row) => row.serialNumber)).toEqual(['200', '300', '100']);
    expect(bySerial.positions('100')).toEqual([]);
    bySerial.extend();
    expect([bySerial.positions('100'), bySerial.positions('200')]).toEqual([[0], [1]]);
  });

  it('that come behind the others are found once the index was extended', () => {
    const tokens = tokensWith(['100']);
    const bySerial = new SerialIndex(tokens);
    tokens.push({
      address: { file: 'k.csv', line: 2 },
      reason: 'secret-missing',
      detail: '',
      serialNumber: '100',
    });
    expect(bySerial.positions('100')).toEqual([0]);
    bySerial.extend();
    expect(bySerial.positions('100')).toEqual([0, 1]);
  });
});
