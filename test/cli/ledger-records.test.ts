// Between the plan and the ledger: what is recorded is read back as the same plan.

import { describe, expect, it } from 'vitest';
import { toLedgerActions, toLedgerRows, toPlan, toProgress, toWork } from '../../src/cli/ledger-records.js';
import { BugError } from '../../src/errors.js';
import type { LedgerAction } from '../../src/ledger/ledger.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import type { Plan, PlannedRow } from '../../src/plan/plan.js';
import { action, row } from '../ledger/records.js';

function planned(n: number, more: Partial<PlannedRow> = {}): PlannedRow {
  return {
    ...{ n, address: { file: 'tokens.csv', line: n + 2 }, serialNumber: `S${n}`, user: `user${n}@x.test` },
    ...{ userId: `u${n}`, deviceId: '', expect: 'assigned', actions: ['create', 'assign'] },
    ...more,
  };
}

const PLAN: Plan = {
  rows: [
    planned(0),
    planned(1, { actions: [], already: 'activated', deviceId: 'd1' }),
    planned(2, {
      actions: [],
      decided: { verdict: 'conflict', reason: 'held-by-other', detail: 'D.', next: 'N.' },
    }),
    planned(3, { expect: 'in-inventory', user: '', userId: '', actions: ['create'] }),
  ],
};

const DESIRED: DesiredRow = { n: 0, address: { file: 'tokens.csv', line: 2 }, serialNumber: 'S0' };

/** The states of a row's actions, as the ledger has them. */
function inStates(...states: readonly LedgerAction['state'][]): readonly LedgerAction[] {
  return states.map((state, step) => action(0, step, { state }));
}

describe('a plan in the ledger', () => {
  it('is read back as it was', async () => {
    const { rows } = await toPlan(toLedgerRows(PLAN), toLedgerActions(PLAN), []);
    expect([...rows]).toEqual(PLAN.rows);
  });

  it('is kept beside the rows of the job, where those say the same', async () => {
    const [first] = PLAN.rows;
    const desired = [{ ...DESIRED, address: { file: 'tokens.csv', line: 2 }, user: 'user0@x.test' }];
    const { rows } = await toPlan(toLedgerRows(PLAN), toLedgerActions(PLAN), desired);
    expect([...rows]).toEqual(PLAN.rows);
    expect(rows.at(0)?.address).toBe(desired[0]?.address);
    expect([...(rows.unusual?.() ?? [])]).not.toContainEqual(first);
  });

  it('may be asked for some of its actions alone', async () => {
    const isCreation = ({ kind }: LedgerAction): boolean => kind === 'create';
    const { rows } = await toPlan(toLedgerRows(PLAN), toLedgerActions(PLAN), [], isCreation);
    expect(rows.map(({ actions }) => actions)).toEqual([['create'], [], [], ['create']]);
  });

  it('has each action once, pending, in order', () => {
    expect([...toLedgerActions(PLAN)].map(({ n, step, kind, state }) => [n, step, kind, state])).toEqual([
      [0, 0, 'create', 'pending'],
      [0, 1, 'assign', 'pending'],
      [3, 0, 'create', 'pending'],
    ]);
  });

  it.each([
    ['expectation', row(0, { expect: 'lost' }), []],
    ['state before the run', row(0, { already: 'maybe' }), []],
    ['early verdict', row(0, { decided: { verdict: 'assigned', reason: '', detail: '', next: '' } }), []],
    ['action', row(0), [action(0, 0, { kind: 'paint' })]],
    ['row', row(0), [action(1)]],
  ])('that holds an unknown %s is a damaged ledger, and not a plan', async (_what, record, actions) => {
    await expect(toPlan([record], actions, [])).rejects.toThrow(BugError);
  });
});

describe('the work that is left', () => {
  const desired = [DESIRED];
  const left = async (...states: readonly LedgerAction['state'][]): Promise<number> => {
    let rows = 0;
    for await (const _ of toWork({ rows: [planned(0)] }, desired, inStates(...states))) rows += 1;
    return rows;
  };

  it.each<readonly [readonly LedgerAction['state'][], number]>([
    [['pending', 'pending'], 1],
    [['sent', 'pending'], 1],
    [['done', 'pending'], 1],
    [['already', 'sent'], 1],
    [['done', 'given-up'], 1],
    [['given-up', 'pending'], 1],
    [['done', 'done'], 0],
    [['already', 'done'], 0],
    [['refused', 'pending'], 0],
    [['done', 'refused'], 0],
    [[], 0],
  ])('of a row whose actions are %j: %i', async (states, rows) => {
    expect(await left(...states)).toBe(rows);
  });
});

describe('how far a row has come', () => {
  it.each<readonly [readonly LedgerAction['state'][], string]>([
    [['done', 'done'], 'done'],
    [['already', 'done'], 'done'],
    [['done', 'already'], 'done'],
    [['pending', 'pending'], 'pending'],
    [['done', 'pending'], 'pending'],
    [['sent', 'pending'], 'sent'],
    [['done', 'sent'], 'sent'],
    [['done', 'refused'], 'refused'],
    [['given-up', 'pending'], 'given-up'],
  ])('by its actions %j: %s', async (states, state) => {
    expect((await toProgress(inStates(...states))).get(0)?.state).toBe(state);
  });

  it('is told with the requests of all its actions, and the words of the one that is open', async () => {
    const actions = [
      action(0, 0, {
        state: 'done',
        attempts: 2,
        throttled: 9,
        deviceId: 'd0',
        clientRequestId: 'c0',
        requestId: 'r0',
        reason: 'old',
      }),
      action(0, 1, {
        state: 'refused',
        attempts: 1,
        clientRequestId: 'c1',
        requestId: 'r1',
        reason: 'refused',
        detail: 'HTTP 400',
      }),
    ];
    expect((await toProgress(actions)).get(0)).toEqual({
      ...{ state: 'refused', attempts: 3, deviceId: 'd0', clientRequestId: 'c1', requestId: 'r1' },
      ...{ reason: 'refused', detail: 'HTTP 400' },
    });
  });

  it('is unknown of a row that had nothing to do', async () => {
    expect((await toProgress(inStates())).size).toBe(0);
  });
});
