// The kinds of a plan's steps, by the words that a ledger or a plan file has for them.

import { describe, expect, it } from 'vitest';
import { ACTION_KINDS, actionKindOf } from '../../src/plan/action.js';

describe('the kind of a step', () => {
  it('is told by its word, and by no other', () => {
    expect(ACTION_KINDS.map(actionKindOf)).toEqual(ACTION_KINDS);
    expect(['', 'Create', 'created', 'toString'].map(actionKindOf)).toEqual(Array(4).fill(undefined));
  });
});
