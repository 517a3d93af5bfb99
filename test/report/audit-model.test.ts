// What an audit's reports count together, from the rows alone.

import { expect, it } from 'vitest';
import { figuresOf } from '../../src/report/audit-model.js';
import { reportOf, sampleRow } from './sample-report.js';

it('counts users, and not their tokens', () => {
  const token = (userId: string, heldByUser: number, lastUsed = '') =>
    sampleRow({
      ...{ userId, verdict: userId === '' ? 'in-inventory' : 'activated' },
      token: {
        ...{ status: 'activated', manufacturer: 'Contoso', model: 'C100', hashFunction: 'hmacsha1' },
        ...{ timeInterval: 30, lastUsed, waitingSince: '', account: 'enabled', guest: false, heldByUser },
      },
    });
  const rows = [token('ada', 3), token('ada', 3), token('ada', 3), token('bob', 1, '2026-01-05T08:00:00Z')];
  expect(figuresOf(reportOf([...rows, token('', 0)], [], { kind: 'audit' })).states).toEqual({
    ...{ activated: 4, neverUsed: 3, assigned: 0, failed: 0, inInventory: 1, users: 2 },
  });
});

it('counts makes by what their tokens are, and names who is near the limit', () => {
  const token = (n: number, verdict: 'activated' | 'assigned' | 'in-inventory', model: string) =>
    sampleRow({
      ...{ userId: 'ada', user: 'ada@x.test', serialNumber: `S${n}`, verdict },
      token: {
        ...{ status: 'assigned', manufacturer: 'Contoso', model, hashFunction: 'hmacsha1' },
        ...{ timeInterval: 30, lastUsed: '', waitingSince: '', account: 'enabled', guest: false },
        heldByUser: n < 4 ? 4 : 3,
      },
    });
  const rows = [
    token(0, 'activated', 'B'),
    ...[1, 2, 3].map((n) => token(n, 'assigned', 'A')),
    token(4, 'in-inventory', 'A'),
  ];
  const { makes, holders } = figuresOf(reportOf(rows, [], { kind: 'audit' }));
  const make = { manufacturer: 'Contoso', timeInterval: 30, hashFunction: 'hmacsha1' };
  expect(makes).toEqual([
    { ...make, model: 'A', tokens: 4, activated: 0, assigned: 3, inInventory: 1 },
    { ...make, model: 'B', tokens: 1, activated: 1, assigned: 0, inInventory: 0 },
  ]);
  expect(holders).toEqual([
    { user: 'ada@x.test', userId: 'ada', account: 'enabled', serialNumbers: ['S0', 'S1', 'S2', 'S3'] },
  ]);
});
