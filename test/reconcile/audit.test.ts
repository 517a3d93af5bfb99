// What an audit makes of single tokens; the whole is compared with a tenant in test/end-to-end/audit.test.ts.

import { describe, expect, it } from 'vitest';
import type { DesiredRow } from '../../src/manifest/row.js';
import { type AuditInput, audit } from '../../src/reconcile/audit.js';
import type { Device, User } from '../../src/tenant/observed.js';

const ANNA = '00000000-0000-4000-8000-00000000000A';

function device(fields: Partial<Device> = {}): Device {
  return {
    id: `id-${fields.serialNumber ?? 'T1'}`,
    serialNumber: 'T1',
    manufacturer: 'Contoso',
    model: 'C100',
    timeIntervalInSeconds: 30,
    hashFunction: 'hmacsha1',
    status: 'activated',
    assignedToId: ANNA,
    lastUsedDateTime: undefined,
    ...fields,
  };
}

const anna: User = {
  id: ANNA,
  userPrincipalName: 'anna@contoso.example',
  accountEnabled: true,
  isGuest: false,
};

const SEEN = '2026-03-01T00:00:00.000Z';

function input(fields: Partial<AuditInput> = {}): AuditInput {
  return {
    devices: new Map([['T1', [device()]]]),
    users: new Map([
      [ANNA.toLowerCase(), anna],
      ['anna@contoso.example', anna],
      ['gone@contoso.example', undefined],
    ]),
    expected: [],
    seenAt: SEEN,
    waitingSince: new Map(),
    ...fields,
  };
}

const kinds = (given: AuditInput): readonly string[] => audit(given).findings.map(({ kind }) => kind);

function expectedRow(fields: Partial<DesiredRow> = {}): DesiredRow {
  return { n: 0, address: { file: 'list.csv', line: 2 }, serialNumber: 'T1', ...fields };
}

describe('audited tokens', () => {
  it('are counted, and were all so before', () => {
    const devices = new Map([
      ['T1', [device()]],
      ['T2', [device({ serialNumber: 'T2', status: 'assigned' })]],
      ['T3', [device({ serialNumber: 'T3' })]],
    ]);
    const { rows } = audit(input({ devices }));
    expect(Object.fromEntries(rows.counts?.() ?? [])).toEqual({
      activated: { count: 2, already: 2 },
      assigned: { count: 1, already: 1 },
    });
  });
});

describe('an audited token', () => {
  it('that is used by its holder is nothing to report', () => {
    const { rows, findings } = audit(input());
    expect(findings).toEqual([]);
    expect([...rows]).toMatchObject([
      {
        verdict: 'activated',
        user: 'anna@contoso.example',
        userId: ANNA,
        token: { account: 'enabled', guest: false, heldByUser: 1, lastUsed: '', waitingSince: '' },
      },
    ]);
  });

  it.each([
    ['disabled', 'holder-disabled', { ...anna, accountEnabled: false }],
    ['a guest', 'holder-guest', { ...anna, isGuest: true }],
    ['gone', 'holder-gone', undefined],
  ])('whose holder is %s is found', (_name, kind, user) => {
    expect(kinds(input({ users: new Map([[ANNA.toLowerCase(), user]]) }))).toEqual([kind]);
  });

  it('whose service does not say whether the account is enabled is left alone', () => {
    const users = new Map([[ANNA.toLowerCase(), { ...anna, accountEnabled: undefined }]]);
    const { rows, findings } = audit(input({ users }));
    expect(findings).toEqual([]);
    expect(rows.at(0)?.token?.account).toBe('unknown');
  });

  it('is held by the one whom assignedTo names, whatever the status says', () => {
    const devices = new Map([['T1', [device({ status: 'available' })]]]);
    expect(audit(input({ devices })).rows.at(0)?.verdict).toBe('assigned');
  });

  it('has waited too long only from the day on which it was first seen, and while it waits', () => {
    const waiting = new Map([['T1', [device({ status: 'assigned' })]]]);
    const since = { waitingSince: new Map([['T1', '2026-01-01T00:00:00.000Z']]) };
    const late = { ...since, waitedTooLong: '2026-02-01T00:00:00.000Z' };
    expect(kinds(input({ devices: waiting, ...late }))).toEqual(['not-activated']);
    expect(kinds(input({ devices: waiting, ...since, waitedTooLong: '2025-12-01T00:00:00.000Z' }))).toEqual(
      [],
    );
    expect(kinds(input({ devices: waiting, ...since }))).toEqual([]);
    expect(kinds(input(late))).toEqual([]);
  });

  it('that waits and was never seen before waits since this audit, and one in use does not wait', () => {
    const since = (status: string) => {
      const devices = new Map([['T1', [device({ status })]]]);
      return audit(input({ devices })).rows.at(0)?.token?.waitingSince;
    };
    expect(since('assigned')).toBe(SEEN);
    expect(since('activated')).toBe('');
  });

  it('is unused only when its last use is known and long ago', () => {
    const used = (lastUsedDateTime: string | undefined) => new Map([['T1', [device({ lastUsedDateTime })]]]);
    const unusedSince = '2026-02-01T00:00:00.000Z';
    expect(kinds(input({ devices: used('2026-01-31T23:59:59Z'), unusedSince }))).toEqual(['unused']);
    expect(kinds(input({ devices: used('2026-02-01T00:00:01Z'), unusedSince }))).toEqual([]);
    expect(kinds(input({ devices: used(undefined), unusedSince }))).toEqual([]);
  });

  it('too many at one user are one finding that names them all', () => {
    const many = Array.from({ length: 6 }, (_, n) => device({ serialNumber: `T${n}` }));
    const devices = new Map(many.map((one) => [one.serialNumber, [one]]));
    const { findings } = audit(input({ devices }));
    expect(findings).toMatchObject([
      { kind: 'too-many-tokens', serialNumber: 'T0 T1 T2 T3 T4 T5', userId: ANNA },
    ]);
    devices.delete('T5');
    expect(kinds(input({ devices }))).toEqual([]);
  });

  it("as many as may be are nobody's trouble, although another user has too many", () => {
    const held = (count: number, by: string | undefined, from: number) =>
      Array.from({ length: count }, (_, n) => device({ serialNumber: `T${from + n}`, assignedToId: by }));
    const all = [...held(6, ANNA, 10), ...held(5, 'ben', 20), ...held(7, undefined, 30)];
    const devices = new Map(all.map((one) => [one.serialNumber, [one]]));
    const many = audit(input({ devices })).findings.filter(({ kind }) => kind === 'too-many-tokens');
    expect(many.map(({ userId }) => userId)).toEqual([ANNA]);
  });
});

describe('the difference from an expected list', () => {
  const differ = (rows: readonly DesiredRow[], devices = input().devices) =>
    kinds(input({ expected: rows, devices }));

  it('is none where the list says what is so', () => {
    expect(differ([expectedRow({ user: 'ANNA@contoso.example' })])).toEqual([]);
  });

  it.each([
    ['a token that is not there', [expectedRow({ serialNumber: 'T9' }), expectedRow()], 'missing-token'],
    ['a holder who is another', [expectedRow({ user: 'gone@contoso.example' })], 'other-holder'],
    [
      'a line that cannot be read',
      [
        expectedRow({ invalid: { reason: 'user-malformed', detail: 'no user' } }),
        expectedRow({ user: ANNA }),
      ],
      'unusable-row',
    ],
  ])('names %s', (_name, rows, kind) => {
    expect(differ(rows)).toContain(kind);
  });

  it('names a token that nobody holds, and one that the list does not know', () => {
    const stock = new Map([['T1', [device({ status: 'available', assignedToId: undefined })]]]);
    expect(differ([expectedRow({ user: 'anna@contoso.example' })], stock)).toEqual(['missing-assignment']);
    expect(differ([expectedRow({ serialNumber: 't1' })], stock)).toEqual([]);
    expect(differ([expectedRow({ serialNumber: 'T9' })], stock)).toEqual(['missing-token', 'unlisted-token']);
    expect(differ([expectedRow()])).toEqual(['unlisted-assignment']);
  });
});
