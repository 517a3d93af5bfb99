// The rows of a plan in columns: each is given back as it was put in, whatever is unusual about it.

import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { makePlan, type PlannedRow } from '../../src/plan/plan.js';
import { notableRows, PlannedRows } from '../../src/plan/planned-rows.js';
import { device, line, TOKEN, tenant } from './tenant.js';

const OF: DesiredRow = line('S1', 'ada');
const ROW: PlannedRow = {
  ...{ n: 0, address: OF.address, serialNumber: 'S1', user: 'ada@x.test', userId: 'u-ada', deviceId: 'd-1' },
  ...{ expect: 'assigned', actions: ['assign'] },
};

const UNUSUAL: readonly (readonly [what: string, row: PlannedRow])[] = [
  ['has nothing to do', { ...ROW, actions: [], already: 'assigned' }],
  ['was so in another way', { ...ROW, actions: [], already: 'activated' }],
  ['expects something else', { ...ROW, expect: 'activated' }],
  ['has other steps', { ...ROW, actions: ['assign', 'activate'] }],
  ['takes something away', { ...ROW, actions: ['unassign'], targets: [{ deviceId: 'd-1', userId: 'u-b' }] }],
  ['is about targets, and has none', { ...ROW, actions: [], already: 'assigned', targets: [] }],
  [
    'was decided',
    { ...ROW, actions: [], decided: { verdict: 'invalid', reason: 'r', detail: 'D.', next: 'N.' } },
  ],
  ['has another number', { ...ROW, n: 7 }],
  ['has another serial number', { ...ROW, serialNumber: 's1' }],
  ['has another user', { ...ROW, user: 'Ada@X.test' }],
  ['stands in another line', { ...ROW, address: { ...OF.address, line: 3 } }],
  ['stands in another file', { ...ROW, address: { ...OF.address, file: 'other.csv' } }],
];

describe('a planned row', () => {
  it.each(UNUSUAL)('that %s is given back as it was', (_what, row) => {
    const rows = new PlannedRows([OF]);
    rows.push(row, OF);
    expect([...rows]).toEqual([row]);
    expect(rows.at(0)).toEqual(row);
  });

  it('that no row of the job is about is given back as it was', () => {
    const rows = new PlannedRows([OF]);
    rows.push(ROW, undefined);
    expect(rows.at(0)).toBe(ROW);
  });

  it('that says what its row of the job says takes no object of its own', () => {
    const rows = new PlannedRows([OF]);
    rows.push(ROW, OF);
    expect(rows.at(0)).toEqual(ROW);
    expect(rows.at(0)).not.toBe(ROW);
  });

  it('is told from its neighbours, usual and unusual ones alike', () => {
    const job = UNUSUAL.map((_, n) => line(`S${n}`, 'ada', { n }));
    const planned = UNUSUAL.map(([, row], n) => ({ ...row, n, serialNumber: `S${n}`, userId: `u${n}` }));
    const rows = new PlannedRows(job);
    planned.forEach((row, n) => {
      rows.push(row, job[n]);
    });
    expect([...rows]).toEqual(planned);
    expect(rows.length).toBe(planned.length);
    const notable = planned.filter(({ actions, decided }) => actions.length > 0 || decided !== undefined);
    expect(notable.length).toBeLessThan(planned.length);
    expect([...notableRows(rows)]).toEqual(notable);
    expect([...notableRows(planned)]).toEqual(notable);
  });

  it('is told by numbers to those who have the same ids, and to nobody else', () => {
    const [ids, people] = [new IdIndex(), new IdIndex()];
    const [token, person] = [ids.add('d-1'), people.add('u-ada')];
    const rows = new PlannedRows([OF, OF], { ids, people });
    rows.push(ROW, OF);
    const course = { expect: 'assigned', actions: [], already: 'assigned' } as const;
    rows.pushPlain({ token, person, course });
    const plain = rows.plain({ ids, people });
    expect([0, 1].map((n) => [plain?.tokenAt(n), plain?.personAt(n)])).toEqual([
      [token, person],
      [token, person],
    ]);
    expect([plain?.courseAt(0)?.actions, plain?.courseAt(1)]).toEqual([['assign'], course]);
    expect(rows.at(1)).toEqual({ ...ROW, n: 1, ...course });
    for (const other of [{ ids }, { ids: new IdIndex(), people }, { ids, people: new IdIndex() }, {}]) {
      expect(rows.plain(other)).toBeUndefined();
    }
    expect(() => new PlannedRows([OF]).pushPlain({ token, person, course })).toThrow('ids');
    expect(new PlannedRows([OF]).plain({})).toBeUndefined();
  });

  it('is nowhere before the first and behind the last', () => {
    const rows = new PlannedRows([OF, OF]);
    rows.push(ROW, OF);
    expect([rows.at(-1), rows.at(1)]).toEqual([undefined, undefined]);
  });
});

describe('a plan of a row', () => {
  const plan = (row: DesiredRow): PlannedRow | undefined =>
    makePlan([row], tenant([device('d-1', 'S1')])).rows.at(0);

  it('says nothing of what it was before when there is something to do', () => {
    expect(plan(line('S1', 'ada'))).toEqual(ROW);
  });

  it('names no target when every step is about its own token and user', () => {
    expect(plan(line('S9', 'ada', { token: TOKEN }))).toEqual({
      ...{ ...ROW, serialNumber: 'S9', deviceId: '', actions: ['create', 'assign'] },
    });
  });

  it('of a user whom it does not name is about nobody', () => {
    expect(plan(line('S1'))).toEqual({
      ...{ ...ROW, user: '', userId: '', expect: 'in-inventory', actions: [], already: 'in-inventory' },
    });
  });
});
