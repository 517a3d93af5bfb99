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
