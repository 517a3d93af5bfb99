// The verdict of one row, case by case: how far the ledger says it has come, what lists show, what follows.

import type { PlannedRow } from '../../src/plan/plan.js';
import { REASONS } from '../../src/reconcile/reasons.js';
import type { Evidence, RowProgress } from '../../src/reconcile/reconcile.js';
import type { RowVerdict } from '../../src/reconcile/verdict.js';
import { device, planned, progress, shown } from './rows.js';

export const HELD = device('d1', 'S1', { assignedToId: 'u-ada' });
const ACTIVATED = device('d1', 'S1', { assignedToId: 'u-ada', status: 'activated' });
const FAILED = device('d1', 'S1', { assignedToId: 'u-ada', status: 'failedActivation' });
export const STOCK = device('d1', 'S1');
const OTHERS = device('d1', 'S1', { assignedToId: 'u-bob' });
const STOCK_ROW = planned({ expect: 'in-inventory', user: '', userId: '', actions: ['create'] });
const HELD_BY_OTHER = { reason: 'held-by-other', detail: 'The token was given to another user (u-bob).' };

export interface Case {
  readonly row?: PlannedRow;
  readonly progress?: RowProgress;
  readonly evidence?: Evidence;
  readonly readOnly?: boolean;
  readonly gives: Partial<RowVerdict>;
}

const NOTHING = shown([]);
const RUN_AGAIN = 'Run the job again: it looks at the tenant first, and does only what is missing.';

export const CASES: Readonly<Record<string, Case>> = {
  'the list shows it with its user': {
    progress: progress('done'),
    evidence: shown([HELD]),
    gives: { verdict: 'assigned', deviceId: 'd1', already: false, attempts: 2, requestId: 'theirs' },
  },
  'the list shows it activated': {
    progress: progress('done'),
    evidence: shown([ACTIVATED]),
    gives: { verdict: 'activated' },
  },
  'its activation failed': {
    progress: progress('done'),
    evidence: shown([FAILED]),
    gives: { verdict: 'assigned' },
  },
  'the list shows it in stock, as asked': {
    row: STOCK_ROW,
    progress: progress('done'),
    evidence: shown([STOCK]),
    gives: { verdict: 'in-inventory', deviceId: 'd1' },
  },
  'the list shows it under another spelling': {
    progress: progress('done'),
    evidence: shown([device('d1', ' s1', { assignedToId: 'u-ada' })]),
    gives: { verdict: 'assigned' },
  },
  'two have its serial number, one of them with its user': {
    progress: progress('done'),
    evidence: shown([device('d0', 'S1'), HELD]),
    gives: { verdict: 'assigned', deviceId: 'd1' },
  },
  'it was so before the run': {
    row: planned({ actions: [], already: 'assigned', deviceId: 'd1' }),
    evidence: shown([HELD]),
    gives: { verdict: 'assigned', already: true, attempts: 0 },
  },
  'it was assigned before the run and is activated now': {
    row: planned({ actions: [], already: 'assigned' }),
    evidence: shown([ACTIVATED]),
    gives: { verdict: 'activated', already: true },
  },
  'a refused row is shown as asked after all': {
    progress: progress('refused', { reason: 'refused' }),
    evidence: shown([HELD]),
    gives: { verdict: 'assigned', reason: '' },
  },
  'a row that was never sent is shown as asked': {
    progress: progress('pending'),
    evidence: shown([HELD]),
    gives: { verdict: 'assigned' },
  },

  'the second witness shows it': {
    progress: progress('done'),
    evidence: shown([STOCK], { 'u-ada': [{ deviceId: 'd1', device: HELD }] }),
    gives: { verdict: 'assigned', deviceId: 'd1' },
  },
  'the second witness shows it activated': {
    progress: progress('done'),
    evidence: shown([STOCK], { 'u-ada': [{ deviceId: 'd1', device: ACTIVATED }] }),
    gives: { verdict: 'activated' },
  },
  'the second witness says no more than its id': {
    progress: progress('done'),
    evidence: shown([], { 'u-ada': [{ deviceId: 'd1' }] }),
    gives: { verdict: 'assigned' },
  },
  'the second witness shows another token': {
    progress: progress('done'),
    evidence: shown([STOCK], { 'u-ada': [{ deviceId: 'd9' }] }),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'the second witness speaks of another user': {
    progress: progress('done'),
    evidence: shown([STOCK], { 'u-bob': [{ deviceId: 'd1' }] }),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'a token without an id is never taken for one of nameless methods': {
    progress: progress('sent', { deviceId: '' }),
    evidence: shown([], { 'u-ada': [{ deviceId: '' }] }),
    gives: { verdict: 'unknown' },
  },

  'another user holds it': {
    progress: progress('done'),
    evidence: shown([OTHERS]),
    gives: {
      verdict: 'conflict',
      reason: 'held-by-other',
      detail: 'The token is held by another user (u-bob).',
    },
  },
  'another user holds what was so before the run': {
    row: planned({ actions: [], already: 'assigned' }),
    evidence: shown([OTHERS]),
    gives: { verdict: 'conflict', reason: 'held-by-other', already: false },
  },
  'the service said that another user got it': {
    progress: progress('refused', HELD_BY_OTHER),
    evidence: NOTHING,
    gives: { verdict: 'conflict', ...HELD_BY_OTHER },
  },
  'the plan met a conflict': {
    row: planned({
      actions: [],
      decided: { verdict: 'conflict', reason: 'serial-ambiguous', detail: 'Two.', next: 'Delete one.' },
    }),
    evidence: shown([HELD]),
    gives: { verdict: 'conflict', reason: 'serial-ambiguous', detail: 'Two.', next: 'Delete one.' },
  },
  'the row was refused before sending': {
    row: planned({
      actions: [],
      decided: { verdict: 'invalid', reason: 'user-not-found', detail: 'No.', next: 'Mend.' },
    }),
    evidence: NOTHING,
    gives: { verdict: 'invalid', reason: 'user-not-found' },
  },

  'the service refused it': {
    progress: progress('refused', { reason: 'refused', detail: 'HTTP 400: full' }),
    evidence: shown([STOCK]),
    gives: { verdict: 'rejected', reason: 'refused', detail: 'HTTP 400: full' },
  },
  'it was to be deleted, and no list shows it': {
    row: planned({
      ...{ expect: 'absent', deviceId: 'd1', actions: ['unassign', 'delete'] },
      targets: [
        { deviceId: 'd1', userId: 'u-ada' },
        { deviceId: 'd1', userId: 'u-ada' },
      ],
    }),
    progress: progress('done'),
    evidence: NOTHING,
    gives: { verdict: 'deleted', deviceId: 'd1' },
  },
  'it was to be deleted, and the list still shows it': {
    row: planned({ expect: 'absent', deviceId: 'd1', actions: ['delete'] }),
    progress: progress('done'),
    evidence: shown([STOCK]),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'it was to be taken back, and the list shows it in stock': {
    row: planned({
      ...{ expect: 'returned', deviceId: 'd1', actions: ['unassign'] },
      targets: [{ deviceId: 'd1', userId: 'u-ada' }],
    }),
    progress: progress('done'),
    evidence: shown([STOCK]),
    gives: { verdict: 'in-inventory' },
  },
  'it was to be taken back, and the list shows it with its user': {
    row: planned({
      ...{ expect: 'returned', deviceId: 'd1', actions: ['unassign'] },
      targets: [{ deviceId: 'd1', userId: 'u-ada' }],
    }),
    progress: progress('done'),
    evidence: shown([HELD]),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'it was replaced, and its user still holds the old one': {
    row: planned({
      ...{ actions: ['unassign', 'assign'], targets: [{ deviceId: 'd0', userId: 'u-ada' }, null] },
    }),
    progress: progress('done'),
    evidence: shown([HELD, device('d0', 'S0', { assignedToId: 'u-ada' })]),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'it was deleted, and could not be created again': {
    row: planned({
      ...{ deviceId: 'd1', actions: ['delete', 'create'] },
      targets: [{ deviceId: 'd1', userId: '' }, null],
    }),
    progress: progress('refused', { detail: 'HTTP 400' }),
    evidence: NOTHING,
    gives: { verdict: 'rejected', reason: 'recreate-incomplete', detail: 'HTTP 400' },
  },
  'it is to be activated, and the list shows it so': {
    row: planned({ expect: 'activated' }),
    progress: progress('done'),
    evidence: shown([ACTIVATED]),
    gives: { verdict: 'activated' },
  },
  'it is to be activated, and the list shows it assigned': {
    row: planned({ expect: 'activated' }),
    progress: progress('done'),
    evidence: shown([HELD]),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'it is to be activated, and the service refused the codes': {
    row: planned({ expect: 'activated' }),
    progress: progress('refused', { reason: 'code-refused', detail: 'HTTP 400' }),
    evidence: shown([HELD]),
    gives: { verdict: 'rejected', reason: 'code-refused', detail: 'HTTP 400', deviceId: 'd1' },
  },
  'the service forbade it': {
    progress: progress('refused', { reason: 'forbidden', detail: 'HTTP 403' }),
    evidence: shown([STOCK]),
    gives: { verdict: 'rejected', reason: 'forbidden' },
  },
  'the service forbade it, and no later write succeeded': {
    progress: progress('pending', { reason: 'forbidden', detail: 'HTTP 403' }),
    evidence: shown([STOCK]),
    gives: { verdict: 'unsent', reason: 'permission-in-doubt', detail: 'HTTP 403' },
  },
  'the service forbade it, and the run was stopped': {
    progress: progress('pending', { reason: 'forbidden', detail: 'HTTP 403' }),
    gives: { verdict: 'unsent', reason: 'stopped' },
  },
  'every try failed without effect': {
    progress: progress('given-up', { detail: 'HTTP 404' }),
    evidence: shown([STOCK]),
    gives: {
      verdict: 'rejected',
      reason: 'given-up',
      detail: 'Every try failed without effect; the last: HTTP 404.',
    },
  },
  'the service took it, and no list shows it': {
    progress: progress('done'),
    evidence: shown([STOCK]),
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'a created token is in no list': {
    row: STOCK_ROW,
    progress: progress('done'),
    evidence: NOTHING,
    gives: { verdict: 'unknown', reason: 'not-visible' },
  },
  'its answer was lost': {
    progress: progress('sent', { detail: 'socket hang up' }),
    evidence: shown([STOCK]),
    gives: { verdict: 'unknown', reason: 'answer-lost', detail: 'socket hang up', next: RUN_AGAIN },
  },
  'the run stopped before it was sent': {
    progress: progress('pending'),
    evidence: shown([STOCK]),
    gives: { verdict: 'unsent', reason: 'stopped' },
  },
  'nothing is known of it': { evidence: NOTHING, gives: { verdict: 'unsent', reason: 'stopped' } },
  'it was so before the run, and is no longer': {
    row: planned({ actions: [], already: 'activated' }),
    evidence: shown([STOCK]),
    gives: { verdict: 'unsent', reason: 'changed-meanwhile', already: false },
  },
  'it was in stock before the run, and is gone': {
    row: planned({ expect: 'in-inventory', actions: [], already: 'in-inventory' }),
    evidence: NOTHING,
    gives: { verdict: 'unsent', reason: 'changed-meanwhile' },
  },

  'verify sends nothing': {
    readOnly: true,
    evidence: shown([STOCK]),
    gives: { verdict: 'unsent', reason: 'not-carried-out' },
  },
  'verify shows it': {
    readOnly: true,
    evidence: shown([HELD]),
    gives: { verdict: 'assigned', already: false },
  },
  'verify shows it with another user': {
    readOnly: true,
    evidence: shown([OTHERS]),
    gives: { verdict: 'conflict', reason: 'held-by-other' },
  },

  'stopped before the lists, done': {
    progress: progress('done'),
    gives: { verdict: 'unknown', reason: 'not-verified' },
  },
  'stopped before the lists, sent': {
    progress: progress('sent'),
    gives: {
      verdict: 'unknown',
      reason: 'answer-lost',
      detail: REASONS['answer-lost'].detail,
      next: 'Run: oathbatch resume',
    },
  },
  'stopped before the lists, pending': {
    progress: progress('pending'),
    gives: { verdict: 'unsent', reason: 'stopped' },
  },
  'stopped before the lists, refused': {
    progress: progress('refused', { detail: 'HTTP 400' }),
    gives: { verdict: 'rejected', reason: 'refused' },
  },
  'stopped before the lists, given up': {
    progress: progress('given-up'),
    gives: { verdict: 'rejected', reason: 'given-up' },
  },
  'stopped before the lists, so before the run': {
    row: planned({ actions: [], already: 'activated' }),
    gives: { verdict: 'activated', already: true },
  },
  'stopped before the lists, decided': {
    row: planned({ actions: [], decided: { verdict: 'invalid', reason: 'x', detail: 'X.', next: 'Y.' } }),
    gives: { verdict: 'invalid' },
  },
};
