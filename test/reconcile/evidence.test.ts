// What lists prove of rows that take something away or were given several tokens, and what a verdict carries with it.

import { describe, expect, it } from 'vitest';
import type { PlannedRow } from '../../src/plan/plan.js';
import { type Evidence, type RowProgress, reconcile } from '../../src/reconcile/reconcile.js';
import type { RowVerdict } from '../../src/reconcile/verdict.js';
import { device, planned, progress, shown } from './rows.js';

const HELD = device('d1', 'S1', { assignedToId: 'u-ada' });
const ACTIVE = device('d1', 'S1', { assignedToId: 'u-ada', status: 'activated' });
const BOBS = device('d1', 'S1', { assignedToId: 'u-bob' });
const STOCK = device('d1', 'S1');

function verdictOf(
  row: PlannedRow,
  evidence: Evidence | undefined,
  known: RowProgress | 'none' = progress('done'),
): RowVerdict | undefined {
  const rows = known === 'none' ? [] : [[row.n, known] as const];
  return reconcile({ rows: [row], progress: new Map(rows), evidence, readOnly: false }).at(0);
}

const absent = (deviceId: string): PlannedRow => planned({ expect: 'absent', deviceId, actions: ['delete'] });
const leaver = planned({
  ...{ expect: 'returned', serialNumber: '', actions: ['unassign', 'unassign'] },
  targets: ['d1', 'd2'].map((deviceId) => ({ deviceId, userId: 'u-ada' })),
});
const takenBack = planned({
  ...{ expect: 'returned', actions: ['unassign'], targets: [{ deviceId: 'd1', userId: 'u-ada' }] },
});
const moved = planned({
  ...{ actions: ['unassign', 'assign'], targets: [{ deviceId: 'd1', userId: 'u-bob' }, null] },
});
/** Removes the registration `older` from a user whose new token is activated. */
const legacy = planned({
  ...{ expect: 'activated', deviceId: 'd1', actions: ['unassign', 'delete'] },
  targets: ['older', 'older'].map((deviceId) => ({ deviceId, userId: 'u-ada' })),
});
const own = (...ids: readonly string[]): Parameters<typeof shown>[1] => ({
  'u-ada': ids.map((deviceId) => ({ deviceId })),
});

type Case = readonly [what: string, row: PlannedRow, evidence: Evidence, gives: Partial<RowVerdict>];

const IN_DOUBT = { verdict: 'unknown', reason: 'not-visible' } as const;

const CASES: readonly Case[] = [
  ['a token that was never there is not there', absent(''), shown([]), { verdict: 'deleted', deviceId: '' }],
  ['a token without a known id is still there', absent(''), shown([STOCK]), IN_DOUBT],
  [
    'a deleted token has left its serial number to another',
    absent('d1'),
    shown([device('d2', 'S1')]),
    { verdict: 'deleted', deviceId: 'd1' },
  ],
  [
    'a leaver holds nothing any more',
    leaver,
    shown([STOCK, device('d2', 'S2')]),
    { verdict: 'in-inventory', reason: '' },
  ],
  [
    'a leaver holds one of two',
    leaver,
    shown([STOCK, device('d2', 'S2', { assignedToId: 'u-ada' })]),
    IN_DOUBT,
  ],
  ['a token was taken back, and somebody else was given it', takenBack, shown([BOBS]), IN_DOUBT],
  ['a token was taken back, and is not there any more', takenBack, shown([]), IN_DOUBT],
  [
    'a token was taken back, and the list of its user still shows it',
    takenBack,
    shown([STOCK], own('d1')),
    IN_DOUBT,
  ],
  [
    'a token was taken back, and the list of its user shows others',
    takenBack,
    shown([STOCK], own('d9')),
    { verdict: 'in-inventory', deviceId: 'd1' },
  ],
  ['a token went from one user to another', moved, shown([HELD]), { verdict: 'assigned', deviceId: 'd1' }],
  ['a token is to go from one user to another, and is where it was', moved, shown([BOBS]), IN_DOUBT],
  [
    'a token is to go from one user to another, and is with a third',
    moved,
    shown([device('d1', 'S1', { assignedToId: 'u-cyd' })]),
    {
      ...{ verdict: 'conflict', reason: 'held-by-other', deviceId: 'd1' },
      detail: 'The token is held by another user (u-cyd).',
    },
  ],
  [
    'a token to be activated is with another user',
    planned({ expect: 'activated' }),
    shown([device('d7', 'S1', { assignedToId: 'u-bob' })]),
    { verdict: 'conflict', reason: 'held-by-other', deviceId: 'd7' },
  ],
  [
    'a token for the stock was meanwhile given to somebody',
    planned({ expect: 'in-inventory', user: '', userId: '' }),
    shown([BOBS]),
    { verdict: 'in-inventory', deviceId: 'd1' },
  ],
  [
    'a step with a target that gives is no step that takes',
    planned({ targets: [null, { deviceId: 'd1', userId: 'u-ada' }] }),
    shown([HELD]),
    { verdict: 'assigned' },
  ],
  [
    'a step without a target among those that take',
    { ...takenBack, actions: ['unassign'], targets: [] },
    shown([STOCK]),
    { verdict: 'in-inventory' },
  ],
  [
    'an older registration is gone',
    legacy,
    shown([ACTIVE], own('d1')),
    { verdict: 'activated', deviceId: 'd1' },
  ],
  ['an older registration is still there', legacy, shown([ACTIVE], own('d1', 'older')), IN_DOUBT],
  ['nobody could read whether an older registration is gone', legacy, shown([ACTIVE]), IN_DOUBT],
  [
    'what looks like an older registration is in the inventory, with nobody',
    { ...legacy, actions: ['unassign'] },
    shown([ACTIVE, device('older', 'S0')]),
    { verdict: 'activated' },
  ],
  [
    'a replaced token has left the inventory, and nobody read the list of its user',
    planned({
      ...{ expect: 'activated', actions: ['unassign', 'assign'] },
      targets: [{ deviceId: 'd0', userId: 'u-ada' }, null],
    }),
    shown([ACTIVE]),
    { verdict: 'activated' },
  ],
  [
    'a row that takes back and expects an assignment is no removal of older registrations',
    { ...legacy, expect: 'assigned' },
    shown([ACTIVE]),
    { verdict: 'activated' },
  ],
  [
    'a token is to be created again, and the wrong one is still there',
    planned({
      ...{ deviceId: 'd1', actions: ['delete', 'create', 'assign'] },
      targets: [{ deviceId: 'd1', userId: '' }, null, null],
    }),
    shown([HELD]),
    IN_DOUBT,
  ],
  [
    'a token is to be created again, and another one is there',
    planned({
      ...{ deviceId: 'd1', actions: ['delete', 'create', 'assign'] },
      targets: [{ deviceId: 'd1', userId: '' }, null, null],
    }),
    shown([device('d2', 'S1', { assignedToId: 'u-ada' })]),
    { verdict: 'assigned', deviceId: 'd2' },
  ],
  [
    'two have its serial number, and the row names nobody',
    planned({ expect: 'in-inventory', user: '', userId: '' }),
    shown([device('d0', 'S1'), STOCK]),
    { verdict: 'in-inventory', deviceId: 'd0' },
  ],
  [
    'the second witness shows it assigned, where it is to be activated',
    planned({ expect: 'activated' }),
    shown([STOCK], { 'u-ada': [{ deviceId: 'd1', device: HELD }] }),
    IN_DOUBT,
  ],
  [
    'the second witness shows it activated, as it is to be',
    planned({ expect: 'activated' }),
    shown([STOCK], { 'u-ada': [{ deviceId: 'd1', device: ACTIVE }] }),
    { verdict: 'activated', deviceId: 'd1' },
  ],
  [
    'the second witness says no more than its id, where it is to be activated',
    planned({ expect: 'activated' }),
    shown([STOCK], own('d1')),
    IN_DOUBT,
  ],
];

describe('the lists', () => {
  it.each(CASES)('decide when %s', (_what, row, evidence, gives) => {
    expect(verdictOf(row, evidence)).toMatchObject(gives);
  });

  it('go by the id that the run has given the token, or else by that of the plan', () => {
    const row = planned({ deviceId: 'd-plan' });
    const both = shown([], own('d-plan', 'd-run'));
    expect(verdictOf(row, both, progress('done', { deviceId: 'd-run' }))?.deviceId).toBe('d-run');
    expect(verdictOf(row, both, progress('done', { deviceId: '' }))?.deviceId).toBe('d-plan');
    expect(verdictOf(row, both, 'none')?.deviceId).toBe('d-plan');
  });
});

describe('a verdict', () => {
  const row = planned({ n: 0, deviceId: 'd-plan' });

  it('carries the row, its token, its user and its requests', () => {
    expect(verdictOf(row, shown([STOCK]), progress('refused', { detail: 'HTTP 400' }))).toEqual({
      ...{ n: 0, file: 'tokens.csv', line: 2, serialNumber: 'S1', user: 'ada@x.test', userId: 'u-ada' },
      ...{ verdict: 'rejected', already: false, reason: 'refused', detail: 'HTTP 400', deviceId: 'd1' },
      next: 'Read what the service said; correct the row, or the tenant, and run the job again.',
      ...{ attempts: 2, clientRequestId: 'ours', requestId: 'theirs', assignedSince: '' },
    });
  });

  it('of a row for which nothing was sent has no requests, and the id of the plan', () => {
    expect(verdictOf(row, shown([]), 'none')).toMatchObject({
      ...{ deviceId: 'd-plan', attempts: 0, clientRequestId: '', requestId: '' },
      detail: 'The run stopped before this row was sent.',
      next: 'Run: oathbatch resume',
    });
  });

  it('of a row that nobody has touched is unsent before the lists as well', () => {
    expect(verdictOf(row, undefined, 'none')).toMatchObject({ verdict: 'unsent', reason: 'stopped' });
  });

  it('that came before the lists says so, whatever the plan had found before', () => {
    expect(verdictOf(row, undefined)).toMatchObject({
      detail: 'The service took the request; the run stopped before a list call could prove it.',
      already: false,
    });
  });

  it.each<readonly [PlannedRow['actions'], string]>([
    [['delete', 'create'], 'recreate-incomplete'],
    [['create', 'assign'], 'given-up'],
    [['unassign', 'delete'], 'given-up'],
  ])('of %j that were given up is %s when no list shows the token', (actions, reason) => {
    const one = planned({ actions, expect: 'assigned' });
    const known = progress('given-up', { detail: 'HTTP 404' });
    expect(verdictOf(one, shown([]), known)).toMatchObject({ verdict: 'rejected', reason });
    expect(verdictOf(one, shown([STOCK]), known)).toMatchObject({ verdict: 'rejected', reason: 'given-up' });
  });

  it.each<readonly [PlannedRow['actions'], string]>([
    [['delete', 'create'], 'recreate-incomplete'],
    [['create', 'assign'], 'refused'],
    [['unassign', 'delete'], 'refused'],
  ])('of %j that were refused is %s when no list shows the token', (actions, reason) => {
    const known = progress('refused', { reason: 'full', detail: 'HTTP 400' });
    expect(verdictOf(planned({ actions }), shown([]), known)).toMatchObject({ verdict: 'rejected', reason });
    expect(verdictOf(planned({ actions }), shown([STOCK]), known)?.reason).toBe('refused');
  });

  it('of a row that waits for another reason than a permission is that the run stopped', () => {
    const known = progress('pending', { reason: 'throttled', detail: 'Tenant' });
    expect(verdictOf(row, shown([STOCK]), known)).toMatchObject({ verdict: 'unsent', reason: 'stopped' });
  });

  it('stands at its row, and nowhere before the first and behind the last', () => {
    const verdicts = reconcile({
      ...{ rows: [row], progress: new Map(), evidence: shown([]), readOnly: false },
    });
    expect([verdicts.at(-1), verdicts.at(1)]).toEqual([undefined, undefined]);
    expect(verdicts.at(0)?.n).toBe(0);
  });

  it('says since when a token is assigned, and of no other', () => {
    const rows = ['S1', 'S2', 'S3'].map((serialNumber, n) => planned({ n, serialNumber }));
    const input = {
      ...{ rows, progress: new Map<number, RowProgress>(), readOnly: true },
      evidence: shown([
        HELD,
        device('d2', 'S2', { assignedToId: 'u-ada' }),
        device('d3', 'S3', { assignedToId: 'u-ada', status: 'activated' }),
      ]),
    };
    const waiting = {
      since: new Map([
        ['S1', '2026-01-01'],
        ['S3', '2026-01-01'],
      ]),
      endedAt: '2026-02-01',
    };
    expect([...reconcile({ ...input, waiting })].map(({ assignedSince }) => assignedSince)).toEqual([
      '2026-01-01',
      '2026-02-01',
      '',
    ]);
    expect([...reconcile(input)].map(({ assignedSince }) => assignedSince)).toEqual(['', '', '']);
  });
});
