// What a person is told of a row that nothing is done for: which token, whose, where it stands, and what to do.

import { describe, expect, it } from 'vitest';
import type { DesiredRow } from '../../src/manifest/row.js';
import type { EarlyVerdict } from '../../src/plan/decide.js';
import { makePlan } from '../../src/plan/plan.js';
import type { PlanRules } from '../../src/plan/rules.js';
import { device, line, TOKEN, tenant } from './tenant.js';

const OBSERVED = tenant([
  device('d-stock', 'STOCK'),
  device('d-ada', 'ADA1', 'u-ada'),
  device('d-active', 'ADA2', 'u-ada', 'activated'),
  device('d-failed', 'FAILED', 'u-ada', 'failedActivation'),
  device('d-failed2', 'FAILED2', undefined, 'failedActivation'),
  device('d-one', 'TWICE'),
  device('d-two', 'twice', 'u-bob'),
]);

const computed: PlanRules = { activation: 'computed' };
const at = { userAddress: { file: 'list.csv', line: 9 } } as const;
const unassign = { action: 'unassign' } as const;
const remove = { action: 'delete' } as const;
const recreate = { action: 'recreate', token: TOKEN } as const;
const replace = (replaces: string): Partial<DesiredRow> => ({ action: 'replace', replaces });

const DELETE_WRONG = 'Delete the wrong ones from the inventory, then run the job again.';
const CORRECT_USER = 'Correct the user in the list, or create the account, then run the job again.';
const NAME_HOLDER = 'Find out who has it in hand, and name that user in the row.';
const CORRECT_SERIAL = 'Correct the serial number; a token of an older upload is not in the inventory.';
const CONSENT =
  'Name the holder in the row if the token is to be taken from that user, or unassign it first.';
const MEND = 'Mend the line and run the job again; the rows that are done are not touched.';

type Case = readonly [
  what: string,
  row: DesiredRow,
  decided: readonly [verdict: string, reason: string, detail: string, next: string],
  rules: PlanRules | undefined,
];

const CASES: readonly (Case | readonly [Case[0], Case[1], Case[2]])[] = [
  [
    'a line that was refused with a clause',
    line('STOCK', 'ada', { invalid: { reason: 'secret-missing', detail: 'the cell is empty' } }),
    ['invalid', 'secret-missing', 'The cell is empty.', MEND],
  ],
  [
    'a line that was refused with a sentence',
    line('STOCK', 'ada', { invalid: { reason: 'secret-missing', detail: 'see line 3. Which one?' } }),
    ['invalid', 'secret-missing', 'See line 3. Which one?', MEND],
  ],
  [
    'a token that is there twice',
    line('TWICE', 'ada'),
    ['conflict', 'serial-ambiguous', 'The tenant holds 2 tokens with this serial number.', DELETE_WRONG],
  ],
  [
    'a user who is not there, in a row of its own',
    line('STOCK', 'eve'),
    ['invalid', 'user-not-found', 'The tenant has no user eve@x.test.', CORRECT_USER],
  ],
  [
    'a user who is not there, and is to lose a token',
    line('ADA1', 'eve', unassign),
    ['invalid', 'user-not-found', 'The tenant has no user eve@x.test.', CORRECT_USER],
  ],
  [
    'a guest, with the line of the list',
    line('STOCK', 'guest', at),
    [
      'invalid',
      'user-is-guest',
      'guest@x.test is a guest; Entra gives hardware tokens to members only (list.csv:9).',
      'Name a member of this tenant, then run the job again.',
    ],
  ],
  [
    'a token that is in no file and no inventory',
    line('NOWHERE', 'ada'),
    [
      'invalid',
      'token-not-found',
      'The serial number stands in no manifest, and the tenant has no such token.',
      'Add the manifest that this token came in, or correct the serial number.',
    ],
  ],
  [
    'a token of somebody else',
    line('ADA2', 'bob'),
    [
      'conflict',
      'held-by-other',
      'The token is held by another user (u-ada), activated.',
      'Find out who has it in hand; take it back from that user before it is given to this one.',
    ],
  ],
  [
    'an activation that failed before',
    line('FAILED', 'ada', { token: TOKEN }),
    [
      'invalid',
      'activation-failed',
      'An activation of this token has failed before; no further code was sent.',
      'Compare the secret with the vendor, or let the holder try at https://aka.ms/mysecurityinfo.',
    ],
    computed,
  ],
  [
    'an activation for which nobody has the secret',
    line('STOCK', 'ada'),
    [
      'invalid',
      'secret-not-known',
      'A code is to be computed, and no manifest has the secret of this token.',
      'Add the manifest that this token came in, or leave the activation to its holder.',
    ],
    computed,
  ],
  [
    'a token to take back that is not there',
    line('NOWHERE', undefined, unassign),
    ['invalid', 'token-not-found', 'The tenant has no token NOWHERE.', CORRECT_SERIAL],
  ],
  [
    'a token to take back from somebody who does not hold it',
    line('ADA1', 'bob', unassign),
    ['conflict', 'held-by-other', 'The token ADA1 is held by another user (u-ada), assigned.', NAME_HOLDER],
  ],
  [
    'a token to delete that somebody holds',
    line('ADA2', undefined, remove),
    [
      'conflict',
      'still-held',
      'A user holds the token (u-ada), activated, and the row does not name that user.',
      CONSENT,
    ],
  ],
  [
    'a token to delete that somebody else holds',
    line('ADA1', 'bob', remove),
    ['conflict', 'held-by-other', 'The token ADA1 is held by another user (u-ada), assigned.', NAME_HOLDER],
  ],
  [
    'a token to create again that somebody holds',
    line('ADA1', undefined, recreate),
    [
      'conflict',
      'still-held',
      'A user holds the token (u-ada), assigned, and the row does not name that user.',
      CONSENT,
    ],
  ],
  [
    'a token to create again whose secret is nowhere',
    line('ADA1', 'ada', { action: 'recreate' }),
    [
      'invalid',
      'secret-not-known',
      'The token is to be created again, and no manifest has its secret.',
      'Add the manifest with the right secret; nothing was deleted.',
    ],
  ],
  [
    'a token to replace that is there twice',
    line('STOCK', 'ada', replace('TWICE')),
    [
      'conflict',
      'serial-ambiguous',
      'The tenant holds several tokens with the serial number TWICE.',
      DELETE_WRONG,
    ],
  ],
  [
    'a token to replace that is not there',
    line('STOCK', 'ada', replace('NOWHERE')),
    ['invalid', 'token-not-found', 'The tenant has no token NOWHERE.', CORRECT_SERIAL],
  ],
  [
    'a token to replace that somebody else holds',
    line('STOCK', 'bob', replace('ADA1')),
    ['conflict', 'held-by-other', 'The token ADA1 is held by another user (u-ada), assigned.', NAME_HOLDER],
  ],
];

describe('a person is told', () => {
  const cases = CASES.map(([what, row, decided, rules]): Case => [what, row, decided, rules]);

  it.each<Case>(cases)('of %s what is wrong and what to do', (_what, row, decided, rules) => {
    const [planned] = makePlan([row], OBSERVED, rules).rows;
    const [verdict, reason, detail, next] = decided;
    expect(planned?.decided).toEqual({ verdict, reason, detail, next } satisfies Record<
      keyof EarlyVerdict,
      string
    >);
    expect(planned?.actions).toEqual([]);
  });
});

describe('what looks like an obstacle and is none', () => {
  const actions = (row: DesiredRow, rules?: PlanRules): readonly string[] | string | undefined => {
    const [planned] = makePlan([row], OBSERVED, rules).rows;
    return planned?.decided?.reason ?? planned?.actions;
  };

  it.each<readonly [what: string, row: DesiredRow, rules: PlanRules, done: readonly string[]]>([
    [
      'a failed activation of a token that is given to somebody else by now',
      line('FAILED2', 'ada', { token: TOKEN }),
      computed,
      ['assign', 'activate'],
    ],
    ['a failed activation that the holder may mend alone', line('FAILED', 'ada'), { activation: 'user' }, []],
    [
      'a failed activation of a token that is created again',
      line('FAILED', 'ada', recreate),
      computed,
      ['unassign', 'delete', 'create', 'assign', 'activate'],
    ],
    ['an activated token without its secret', line('ADA2', 'ada'), computed, []],
    [
      'a token without its secret, to be taken back',
      line('ADA1', 'ada', { ...unassign, activation: 'computed' }),
      computed,
      ['unassign'],
    ],
    ['a guest who is to lose a token', line('STOCK', 'guest', unassign), computed, []],
    [
      'another holder in a job whose files are the truth',
      line('ADA1', 'bob'),
      { activation: 'user', mode: 'exact' },
      ['unassign', 'assign'],
    ],
    [
      'the old token, when it is gone and the new one only waits for its code',
      line('ADA1', 'ada', { ...replace('NOWHERE'), token: TOKEN }),
      computed,
      ['activate'],
    ],
  ])('%s', (_what, row, rules, done) => {
    expect(actions(row, rules)).toEqual(done);
  });

  it('is a refused row only for what stands against it: the expectation stays', () => {
    const [planned] = makePlan([line('ADA1', 'bob', { token: TOKEN })], OBSERVED, computed).rows;
    expect(planned).toMatchObject({ expect: 'activated', deviceId: 'd-ada', userId: 'u-bob' });
  });
});
