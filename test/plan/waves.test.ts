// Waves: every row is in one of them, once, and the same files make the same waves.

import { describe, expect, it } from 'vitest';
import type { DesiredRow } from '../../src/manifest/row.js';
import { ROLLBACK_COLUMNS, rollbackLines } from '../../src/plan/rollback.js';
import { wavesOf } from '../../src/plan/waves.js';

function row(n: number, more: Partial<DesiredRow> = {}): DesiredRow {
  return { n, address: { file: 'tokens.csv', line: n + 2 }, serialNumber: `S${n}`, ...more };
}

const shown = (waves: ReturnType<typeof wavesOf>): unknown =>
  waves.map(({ name, rows }) => [name, ...rows.map(({ serialNumber }) => serialNumber)]);

describe('waves', () => {
  it('by size are cut in the order of the files, and number their rows anew', () => {
    const waves = wavesOf(
      [0, 1, 2, 3, 4].map((n) => row(n)),
      { by: 'size', size: 2, order: [] },
    );
    expect(shown(waves)).toEqual([
      ['1', 'S0', 'S1'],
      ['2', 'S2', 'S3'],
      ['3', 'S4'],
    ]);
    expect(waves.map(({ rows }) => rows.map(({ n }) => n))).toEqual([[0, 1], [0, 1], [0]]);
  });

  it('of no rows are none', () => {
    for (const by of ['size', 'group', 'file'] as const) {
      expect(shown(wavesOf([], { by, size: 2, order: ['pilot'] }))).toEqual([]);
    }
  });

  it('by size or by file have nothing to do with the groups of the rows and their order', () => {
    const rows = [row(0, { group: 'pilot' }), row(1)];
    const order = ['pilot', 'tokens.csv', '1'];
    expect(shown(wavesOf(rows, { by: 'size', size: 2, order }))).toEqual([['1', 'S0', 'S1']]);
    expect(shown(wavesOf(rows, { by: 'file', size: 1, order }))).toEqual([['tokens.csv', 'S0', 'S1']]);
    const two = [row(0), row(1, { userAddress: { file: 'oslo.csv', line: 2 } })];
    const names = (by: 'size' | 'file'): readonly string[] =>
      wavesOf(two, { by, size: 1, order: ['2', 'oslo.csv'] }).map(({ name }) => name);
    expect([names('size'), names('file')]).toEqual([
      ['1', '2'],
      ['tokens.csv', 'oslo.csv'],
    ]);
  });

  it('by group begin with those that are named, and end with rows without one', () => {
    const groups = [undefined, 'berlin', 'pilot', 'oslo', 'berlin'];
    const rows = groups.map((group, n) => row(n, group === undefined ? {} : { group }));
    expect(shown(wavesOf(rows, { by: 'group', size: 1, order: ['pilot', 'nobody'] }))).toEqual([
      ['pilot', 'S2'],
      ['berlin', 'S1', 'S4'],
      ['oslo', 'S3'],
      ['without a group', 'S0'],
    ]);
  });

  it('by file go by the list that names the user, or else by the file of the row', () => {
    const rows = [row(0), row(1, { userAddress: { file: 'oslo.csv', line: 2 } })];
    expect(shown(wavesOf(rows, { by: 'file', size: 1, order: [] }))).toEqual([
      ['tokens.csv', 'S0'],
      ['oslo.csv', 'S1'],
    ]);
  });
});

describe('the way back', () => {
  it('stands in the columns of an assignments file', () => {
    expect(ROLLBACK_COLUMNS).toEqual(['serial number', 'user', 'action']);
  });

  it('deletes what is created, takes back what is assigned, and leaves the rest', () => {
    const base = { address: { file: 'tokens.csv', line: 2 }, user: 'ada@x.test', userId: 'u', deviceId: '' };
    const planned = (['create', 'assign', 'activate'] as const).map((_, n, all) => ({
      ...{ ...base, n, serialNumber: `S${n}`, expect: 'activated' as const, actions: all.slice(n) },
    }));
    const deleted = ['delete', 'create', 'assign'] as const;
    const again = { ...base, n: 3, serialNumber: 'S3', expect: 'assigned' as const, actions: deleted };
    expect([...rollbackLines({ rows: [...planned, again] })]).toEqual([
      ['S0', 'ada@x.test', 'delete'],
      ['S1', 'ada@x.test', 'unassign'],
    ]);
  });
});
