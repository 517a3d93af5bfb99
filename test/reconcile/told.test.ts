// What a person reads of each finding of a run: which token, whose, where it stands, what is so, and what to do.

import { describe, expect, it } from 'vitest';
import { IdCounts } from '../../src/compact/id-counts.js';
import { IdIndex } from '../../src/compact/id-index.js';
import { NamedTokens } from '../../src/compact/named-tokens.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import type { FindingInput } from '../../src/reconcile/finding-input.js';
import { holdersToLookUp } from '../../src/reconcile/holder-findings.js';
import { tenantFindings, unlistedFindings } from '../../src/reconcile/tenant-findings.js';
import type { Finding } from '../../src/reconcile/verdict.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { HeldToken } from '../../src/tenant/methods.js';
import type { Device } from '../../src/tenant/observed.js';
import { desired, device, named, shown, user } from './rows.js';

const PLACE = { serialNumber: 'S1', deviceId: 'd1', file: 'tokens.csv', line: 2 };

function input(
  rows: readonly DesiredRow[],
  devices: readonly Device[],
  more: Partial<FindingInput> = {},
): FindingInput {
  return {
    ...{ rows, devices: shown(devices).devices, users: named(user('ada')), holders: new Map() },
    ...{ methods: new Map(), unlisted: false, ...more },
  };
}

const row = (serialNumber: string, name?: string, line = 2): DesiredRow =>
  desired({
    ...{ serialNumber, address: { file: 'tokens.csv', line } },
    ...(name === undefined ? {} : { user: `${name}@x.test` }),
  });
const held = (n: number, by: string, more: Partial<Device> = {}): Device =>
  device(`d${n}`, `S${n}`, { assignedToId: `u-${by}`, ...more });

describe('of a tenant a person reads', () => {
  const waiting = {
    since: new Map([['S1', '2026-11-01T08:00:00.000Z']]),
    tooLongAgo: '2026-11-01T08:00:00.000Z',
  };
  const disabledAda = named(user('ada', { accountEnabled: false }));
  const bob = user('bob', { accountEnabled: false, userPrincipalName: 'bob@y.test' });
  const older: readonly HeldToken[] = [
    { deviceId: 'd1', device: device('d1', 'S1') },
    { deviceId: 'older', device: device('older', 's1') },
    { deviceId: 'nameless' },
  ];
  const ENABLE = 'If the person has left, take the token back; else enable the account.';
  const RESTORE =
    'Look among the deleted users: restore the account, or delete the token and create it again.';
  const gone = 'The inventory says that u-bob holds this token, and the tenant has no such account.';

  it.each<readonly [what: string, given: FindingInput, found: readonly Finding[]]>([
    [
      'a second registration',
      input([row('S1', 'ada')], [held(1, 'ada')], { methods: new Map([['u-ada', older]]) }),
      [
        {
          ...{ ...PLACE, kind: 'legacy-duplicate', deviceId: 'older', userId: 'u-ada' },
          detail:
            'The user has a second registration of this token, from an older upload; the inventory does not show it.',
          next: "Delete that registration from the user's methods by its id, or let a migration do it (waves.legacy: remove).",
        },
      ],
    ],
    [
      'a token for nobody that somebody holds',
      input([row('S1')], [held(1, 'ada')]),
      [
        {
          ...{ ...PLACE, kind: 'unlisted-assignment', userId: 'u-ada' },
          detail: 'The files give this token to nobody, and a user holds it (u-ada).',
          next: 'Add the holder to the assignments, or take the token back from that user.',
        },
      ],
    ],
    [
      'tokens that no file names',
      input([row('S1', 'ada')], [held(1, 'ada'), device('d2', 'S2'), held(3, 'bob')], { unlisted: true }),
      [
        {
          ...{ kind: 'unlisted-token', serialNumber: 'S2', deviceId: 'd2' },
          detail: 'The tenant holds this token, and no file names it.',
          next: 'Add it to a manifest, or delete it from the inventory if it is not yours.',
        },
        {
          ...{ kind: 'unlisted-assignment', serialNumber: 'S3', deviceId: 'd3', userId: 'u-bob' },
          detail: 'A user holds this token (u-bob), and no file names it.',
          next: 'Add it to the assignments, or take it back from that user.',
        },
      ],
    ],
    [
      'a disabled user, by the name in the file',
      input([row('S1', 'ada')], [held(1, 'ada')], { users: disabledAda }),
      [
        {
          ...{ ...PLACE, kind: 'holder-disabled', userId: 'u-ada' },
          detail: 'The account of the holder, ada@x.test, is disabled.',
          next: ENABLE,
        },
      ],
    ],
    [
      'a disabled holder whom no row names, at the row of the token',
      input([row('S1', 'ada'), row('S2', 'ada', 3)], [held(1, 'bob'), held(2, 'ada')], {
        holders: new Map([['u-bob', bob]]),
      }),
      [
        {
          ...{ ...PLACE, kind: 'holder-disabled', userId: 'u-bob' },
          detail: 'The account of the holder, bob@y.test, is disabled.',
          next: ENABLE,
        },
      ],
    ],
    [
      'a holder who is gone, with and without a row',
      input([row('S1', 'ada', 7)], [held(1, 'bob'), held(2, 'bob'), device('d3', 'S3')], {
        ...{ holders: new Map([['u-bob', undefined]]), unlisted: true },
      }),
      [
        expect.objectContaining({ kind: 'unlisted-assignment', deviceId: 'd2' }) as Finding,
        expect.objectContaining({ kind: 'unlisted-token', deviceId: 'd3' }) as Finding,
        { ...PLACE, line: 7, kind: 'holder-gone', userId: 'u-bob', detail: gone, next: RESTORE },
        {
          kind: 'holder-gone',
          serialNumber: 'S2',
          deviceId: 'd2',
          userId: 'u-bob',
          detail: gone,
          next: RESTORE,
        },
      ],
    ],
    [
      'a token that waits, on the last day on which it may',
      input([row('S1', 'ada')], [held(1, 'ada')], { waiting }),
      [
        {
          ...{ ...PLACE, kind: 'not-activated', userId: 'u-ada' },
          detail: 'The token has been assigned since 2026-11-01, and its holder has not activated it.',
          next: 'Remind the holder (https://aka.ms/mysecurityinfo), or take the token back.',
        },
      ],
    ],
    [
      'nothing of a token that waits with somebody else',
      input([row('S1', 'ada')], [held(1, 'bob')], { waiting }),
      [],
    ],
    [
      'nothing of a token in stock that once waited',
      input([row('S1')], [device('d1', 'S1')], { waiting }),
      [],
    ],
    [
      'nothing of a token that is twice there',
      input([row('S1', 'ada')], [held(1, 'ada'), device('d2', 'S1')], { waiting }),
      [],
    ],
    [
      'nothing of a token that no earlier run has seen',
      input([row('S2', 'ada')], [held(2, 'ada')], { waiting }),
      [],
    ],
    [
      'nothing of a disabled user whose token is with another',
      input([row('S1', 'ada')], [held(1, 'bob')], { users: disabledAda }),
      [],
    ],
    [
      'nothing of a token that a refused line names',
      input([desired({ invalid: { reason: 'cell-count', detail: '' } })], [held(1, 'ada')]),
      [],
    ],
    [
      'nothing of a disabled user whose token is not there, and of tokens that no row names',
      input([row('S1', 'ada'), row('S9', 'ada')], [held(2, 'bob')], {
        ...{ users: disabledAda, holders: new Map([['u-bob', bob]]) },
      }),
      [],
    ],
    [
      'nothing of holders who were not looked up, or are well',
      input([row('S1', 'ada'), row('S2', 'ada')], [held(1, 'bob'), held(2, 'cyd')], {
        holders: new Map([['u-cyd', user('cyd')]]),
      }),
      [],
    ],
  ])('%s', (_what, given, found) => {
    expect(tenantFindings(given)).toEqual(found);
  });

  const many = (by: string, from: number, count = 6): Device[] =>
    Array.from({ length: count }, (_, n) => held(from + n, by));
  const crowded = (by: string, from: number): unknown => ({
    kind: 'too-many-tokens',
    serialNumber: many(by, from)
      .map(({ serialNumber }) => serialNumber)
      .join(' '),
    deviceId: many(by, from)
      .map(({ id }) => id)
      .join(' '),
    userId: `u-${by}`,
    detail: `One user (u-${by}) holds 6 hardware tokens; 5 is the most that Entra allows.`,
    next: 'Take back those that the person no longer has.',
  });
  const mixed = [...many('ada', 1), device('d90', 'S90'), ...many('bob', 21), ...many('cyd', 41, 5)];
  const tooMany = (given: FindingInput): unknown =>
    tenantFindings(given).filter(({ kind }) => kind === 'too-many-tokens');

  it('of too many tokens only where the row names that user, or the list is complete', () => {
    const users = named(user('ada'), user('cyd'));
    const rows = [row('S1', 'ada'), row('S90'), row('S41', 'cyd')];
    expect(tooMany(input(rows, mixed, { users }))).toEqual([crowded('ada', 1)]);
    expect(tooMany(input(rows, mixed, { users, unlisted: true }))).toEqual([
      crowded('ada', 1),
      crowded('bob', 21),
    ]);
    expect(tooMany(input([row('S90')], mixed))).toEqual([]);
  });

  it('the same when the list counts them by itself', () => {
    const devices = new DeviceTable();
    for (const one of mixed) devices.add(one);
    expect(tooMany(input([row('S1', 'ada')], [], { devices }))).toEqual([crowded('ada', 1)]);
    const nobody = Object.assign(new Map(shown(mixed).devices), {
      heldCounts: () => new IdCounts(new IdIndex()),
    });
    expect(tooMany(input([row('S1', 'ada')], [], { devices: nobody }))).toEqual([]);
  });

  it('what a complete list gives to nobody before what it does not name', () => {
    const given = input([row('S1'), row('S2', 'ada')], [device('d9', 'S9'), held(1, 'bob')]);
    const found = unlistedFindings(given, new NamedTokens(given.rows, given.devices));
    expect(found.map(({ kind, deviceId }) => [kind, deviceId])).toEqual([
      ['unlisted-assignment', 'd1'],
      ['unlisted-token', 'd9'],
    ]);
  });
});

describe('holders are looked up', () => {
  const users = new Map([...named(user('ada')), ['gone@x.test', undefined]]);
  const devices = [held(1, 'bob'), held(2, 'ada'), device('d3', 'S3'), held(4, 'cyd')];
  const rows = [row('S1', 'ada'), row('S2', 'ada'), row('S3', 'ada'), row('S9', 'ada'), row('S2')];

  it('where a row is about their token and names somebody else, and not twice', () => {
    expect(holdersToLookUp(input(rows, devices, { users }))).toEqual(new Set(['u-bob']));
    expect(holdersToLookUp(input([row('S2')], devices, { users }))).toEqual(new Set());
    expect(holdersToLookUp(input([row('S2', 'ada')], devices, { users }))).toEqual(new Set());
  });

  it('all of them when the list is complete, apart from those whom it names', () => {
    expect(holdersToLookUp(input(rows, devices, { users, unlisted: true }))).toEqual(
      new Set(['u-bob', 'u-cyd']),
    );
  });
});
