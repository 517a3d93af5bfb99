// What of the users is left in a report, by the job's wish. Looked for in the finished files, not in the parts.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { countVerdicts } from '../../src/report/model.js';
import { withPrivacy } from '../../src/report/privacy.js';
import { reportOf, sampleRow } from './sample-report.js';
import { storeReport } from './stored.js';

const NAME = 'amelie.abel@contoso.com';
const OTHER = 'ines.moreau@contoso.com';
const ID = '6d0c9b43-5a63-4a3e-8f0f-0a5bb3a2c911';

const input = reportOf(
  [
    sampleRow({
      user: NAME,
      userId: ID,
      verdict: 'conflict',
      reason: 'held-by-other',
      detail: `The token of ${NAME} is held by another user (${ID}, ${OTHER}).`,
      next: `Ask ${OTHER}.`,
    }),
    sampleRow({ n: 1, user: 'ADMINS', verdict: 'invalid', detail: 'The tenant has no user ADMINS.' }),
    sampleRow({ n: 2, user: '', userId: '' }),
  ],
  [
    {
      kind: 'interval-mismatch',
      serialNumber: '1',
      deviceId: 'd',
      userId: ID,
      detail: `${OTHER} has it.`,
      next: '',
    },
  ],
);

const hash = (user: string): string => createHash('sha256').update(user).digest('hex').slice(0, 16);

function written(users: 'full' | 'id-only' | 'hashed'): string {
  const { report, rows } = storeReport(withPrivacy(input, users, hash));
  return [report, ...rows].join('\n');
}

describe('users in reports', () => {
  it('stand as they are when nothing else is asked for', () => {
    expect(withPrivacy(input, 'full', hash)).toBe(input);
  });

  it('are not hashed for rows to be counted', () => {
    const never = (): string => {
      throw new Error('a user was hashed');
    };
    const { rows } = withPrivacy({ ...input, findings: [] }, 'hashed', never);
    expect(rows.counts?.()).toEqual(countVerdicts(input.rows));
  });

  it('stand by their object ids alone', () => {
    const text = written('id-only');
    for (const name of [NAME, OTHER, 'ADMINS', '@contoso']) expect(text).not.toContain(name);
    expect(text).toContain(ID);
    const [row] = withPrivacy(input, 'id-only', hash).rows;
    expect(row?.detail).toBe(
      `The token of (name left out) is held by another user (${ID}, (name left out)).`,
    );
    expect(row?.next).toBe('Ask (name left out).');
  });

  it('stand as hashes, the same for the same user, and their ids as well', () => {
    const text = written('hashed');
    for (const name of [NAME, OTHER, 'ADMINS', '@contoso', ID]) expect(text).not.toContain(name);
    const { rows, findings } = withPrivacy(input, 'hashed', hash);
    expect(rows.at(0)?.user).toBe(`user-${hash(NAME)}`);
    expect(rows.at(0)?.userId).toBe(`user-${hash(ID)}`);
    expect(findings[0]?.userId).toBe(rows.at(0)?.userId);
    expect(rows.at(0)?.detail).toContain(`user-${hash(OTHER)}`);
  });

  it('that are nobody stay nobody', () => {
    expect(withPrivacy(input, 'hashed', hash).rows.at(2)).toEqual(input.rows.at(2));
  });

  it('change neither verdicts nor counts', () => {
    const { summary, rows } = withPrivacy(input, 'hashed', hash);
    expect(summary).toBe(input.summary);
    expect(rows.map(({ verdict, serialNumber }) => [verdict, serialNumber])).toEqual(
      input.rows.map(({ verdict, serialNumber }) => [verdict, serialNumber]),
    );
  });
});
