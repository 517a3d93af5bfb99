// What takes something away, by the command: nothing by silence, unless the job says so, and never more than allowed.

import { describe, expect } from 'vitest';
import { it, serialOf, tokenLines } from './command.js';

const ASSIGNMENTS = 'assignments: [{ path: people.csv }]';

describe('a token that the files do not name any more', () => {
  it('is left with its holder; mode: exact takes it back, within the limit', async ({ place }) => {
    place.job(tokenLines(4));
    expect((await place.run(['run', 'job.yaml', '--yes'])).exitCode).toBe(0);

    place.manifest(tokenLines(2));
    expect((await place.run(['run', 'job.yaml', '--yes'])).exitCode).toBe(0);
    expect(place.verdicts()).toEqual(['assigned', 'assigned']);

    const exact = ['run', 'job.yaml', '--yes', '--set', 'mode=exact'];
    const refused = await place.run(exact);
    expect(refused.exitCode, refused.stderr).toBe(4);
    expect(refused.stderr).toContain('--set limits.maxDestructive=2');

    const done = await place.run([...exact, '--set', 'limits.maxDestructive=2']);
    expect(done.exitCode, done.stderr).toBe(0);
    expect(place.verdicts()).toEqual(['assigned', 'assigned', 'in-inventory', 'in-inventory']);
    expect(place.rows().map(({ serial_number }) => serial_number)).toEqual([0, 1, 2, 3].map(serialOf));

    const again = await place.run(exact);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(place.verdicts()).toEqual(['assigned', 'assigned']);
  });

  it('is not taken back by a file with a line that cannot be read', async ({ place }) => {
    place.job([...tokenLines(2), 'user3@contoso.example,,x,30,Contoso,C100']);
    const refused = await place.run(['run', 'job.yaml', '--yes', '--set', 'mode=exact']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('tokens.csv:4');
  });
});

describe('lines that ask for it', () => {
  it('take back, replace, delete and create again, and do nothing when they are read twice', async ({
    place,
  }) => {
    place.job(tokenLines(5));
    expect((await place.run(['run', 'job.yaml', '--yes'])).exitCode).toBe(0);

    const user = (n: number): string => `user${n}@contoso.example`;
    place.manifest(tokenLines(5).map((line) => line.replace(/^[^,]+/, '')));
    place.write(
      'people.csv',
      [
        'serial number,user,action,replaces',
        `${serialOf(0)},,unassign,`,
        `${serialOf(1)},${user(2)},delete,`,
        `${serialOf(2)},${user(3)},recreate,`,
        `${serialOf(0)}X,${user(5)},replace,${serialOf(4)}`,
        '',
      ].join('\n'),
    );
    place.write('leavers.csv', `user,last day\n${user(4)},2026-11-30\n`);
    place.write(
      'more.yaml',
      [
        'name: trial',
        'kind: onboarding',
        'graph: emulator',
        'manifests: [{ path: tokens.csv }]',
        ASSIGNMENTS,
        'leavers: [{ path: leavers.csv }]',
        'limits: { maxDestructive: 100% }',
        '',
      ].join('\n'),
    );
    const plan = await place.run(['plan', 'more.yaml']);
    expect(plan.exitCode, plan.stderr).toBe(5);
    expect(plan.stdout).toContain('the old secret cannot be brought back');

    const done = await place.run(['run', 'more.yaml', '--yes']);
    expect(done.exitCode, done.stderr).toBe(3);
    expect(place.verdicts()).toEqual([
      ...['in-inventory', 'deleted', 'assigned', 'in-inventory', 'in-inventory'],
      // The new token stands in no manifest.
      'invalid/token-not-found',
      'in-inventory',
    ]);
    const again = await place.run(['plan', 'more.yaml']);
    expect(again.exitCode, again.stdout).toBe(0);
  });
});
