// Users who have no hardware token as yet, by the tenant's report of registered methods.

import { describe, expect, it } from 'vitest';
import { oldMethods, usersInScope } from '../../src/reconcile/old-methods.js';
import type { Finding } from '../../src/reconcile/verdict.js';
import { desired, device, named, shown, user } from './rows.js';

const USERS = named(user('ada'), user('bob'));
const ADA = desired({ user: 'ada@x.test' });

function found(registered: Readonly<Record<string, readonly string[]>>, rows = [ADA]): readonly Finding[] {
  const { devices } = shown([device('d1', 'S1')]);
  return oldMethods({ rows, devices, users: USERS }, new Map(Object.entries(registered)));
}

describe('a user on the old method', () => {
  it('is told with what is registered, and at which row', () => {
    expect(found({ 'u-ada': ['sms', 'email'] })).toEqual([
      {
        kind: 'old-method',
        ...{ serialNumber: 'S1', deviceId: 'd1', userId: 'u-ada', file: 'tokens.csv', line: 2 },
        detail: 'ada@x.test has no hardware token registered; registered is: email, sms.',
        next: 'Leave the old system in place for this user until the token is activated; remind the user.',
      },
    ]);
  });

  it('may have registered nothing, and hold a token that is not there yet', () => {
    const [finding] = found({ 'u-ada': [] }, [{ ...ADA, serialNumber: 'S9' }]);
    expect(finding?.detail).toBe('ada@x.test has no hardware token registered; registered is: nothing.');
    expect(finding?.deviceId).toBe('');
  });

  it('is told once, at the first of the rows', () => {
    const rows = [ADA, { ...ADA, address: { file: 'tokens.csv', line: 3 } }, desired({ user: 'bob@x.test' })];
    const findings = found({ 'u-ada': ['sms'], 'u-bob': ['sms'] }, rows);
    expect(findings.map(({ userId, line }) => [userId, line])).toEqual([
      ['u-ada', 2],
      ['u-bob', 2],
    ]);
  });

  it('is nobody who has a hardware token, of whom the report says nothing, or whom no row names', () => {
    expect(found({ 'u-ada': ['sms', 'hardwareOneTimePasscode'] })).toEqual([]);
    expect(found({ 'u-bob': ['sms'] })).toEqual([]);
    expect(found({ 'u-ada': ['sms'] }, [desired()])).toEqual([]);
  });
});

describe('the users in scope', () => {
  it('are those who are there, by object id', () => {
    expect(usersInScope(new Map([...USERS, ['gone@x.test', undefined]]))).toEqual(
      new Set(['u-ada', 'u-bob']),
    );
  });
});
