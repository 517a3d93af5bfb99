// An audit of tables says what one of lists and maps says, and looks at no row in which nothing is to be found.

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import { type Audited, type AuditInput, audit } from '../../src/reconcile/audit.js';
import { asMap, devicesIn, joined, usersOf, type World, world } from './world.js';

const LATER = {
  ...{ seenAt: '2026-11-28T00:00:00.000Z', waitedTooLong: '2026-06-01T00:00:00.000Z' },
  unusedSince: '2026-06-01T00:00:00.000Z',
};

function inputs(given: World): { readonly tables: AuditInput; readonly objects: AuditInput } {
  const { table, list, names } = joined(given);
  const people = new IdIndex(4);
  const devices = devicesIn(given.first, people);
  const users = usersOf(table, people, names, devices.holders());
  const asked = { ...LATER, waitingSince: new Map(given.since) };
  return {
    tables: { ...asked, devices, users, expected: table },
    objects: { ...asked, devices: asMap(devices), users: new Map(users), expected: list },
  };
}

function all({ rows, findings }: Audited): unknown {
  return { rows: [...rows], counts: [...(rows.counts?.() ?? [])], findings };
}

describe('an audit of tables', () => {
  it('says what one of lists and maps says', () => {
    let kinds = new Set<string>();
    fc.assert(
      fc.property(world, (given) => {
        const { tables, objects } = inputs(given);
        const audited = audit(tables);
        expect(all(audited)).toEqual(all(audit(objects)));
        kinds = new Set([...kinds, ...audited.findings.map(({ kind }) => kind)]);
      }),
      { numRuns: 1_000 },
    );
    // Else much was not compared.
    expect(kinds.size).toBeGreaterThan(10);
  });

  it('looks at no row whose token is held by the one whom it names', () => {
    const [usual] = fc.sample(world, { numRuns: 1, seed: 1 });
    if (usual === undefined) throw new Error('no world was drawn');
    const none = { serialNumber: undefined, user: undefined };
    const { tables } = inputs({
      ...usual,
      tokens: Array.from({ length: 4 }, () => ({ ...none, secret: undefined, model: undefined, bad: false })),
      assignments: Array.from({ length: 4 }, () => ({ ...none, wish: undefined, bad: false })),
      first: Array.from({ length: 4 }, () => ({
        ...{ serialNumber: undefined, holder: undefined, model: undefined },
        ...{ status: 'activated', isLeftOut: false },
      })),
    });
    const look = vi.spyOn(tables.expected, 'at');
    const { rows, findings } = audit(tables);
    expect(rows.map(({ file, line }) => `${file}:${line}`)).toEqual(
      [2, 3, 4, 5].map((line) => `tokens.csv:${line}`),
    );
    expect(findings.map(({ kind }) => kind)).toEqual(['holder-disabled']);
    expect(look).not.toHaveBeenCalled();
  });
});
