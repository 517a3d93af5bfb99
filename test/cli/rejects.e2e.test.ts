// rejects.csv, from a run to the next one that reads it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { HEADING, it, type Place, secretOf, serialOf, tokenLine } from './command.js';

const MANIFESTS = (line: string): readonly string[] => [
  'run',
  'job.yaml',
  '--yes',
  '--set',
  `manifests=${line}`,
];

const rejects = (place: Place, name = 'rejects.csv'): string => place.read(join(place.reports(), name));

it.concurrent('holds the refused rows as they stood, without their keys, and is read again once they are mended', async ({
  place,
}) => {
  place.job([
    tokenLine(0),
    tokenLine(1, { interval: '45' }),
    `"user3@contoso.example",${serialOf(2)},1${secretOf('x')},30,"Contoso, Inc.",C100`,
    `user4@contoso.example,${secretOf('y')},${serialOf(3)},30,Contoso,C100`,
  ]);
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  expect(ended.exitCode).toBe(3);
  expect(ended.stdout).toContain('rejects.csv');
  expect(rejects(place).split('\r\n')).toEqual([
    `${HEADING},line,reason`,
    `user2@contoso.example,${serialOf(1)},,45,Contoso,C100,3,interval-unsupported: Column 'time interval': the time interval is 45 seconds; Microsoft Entra takes 30 or 60.`,
    expect.stringMatching(/^user3@contoso\.example,\w+,,30,"Contoso, Inc\.",C100,4,"secret-not-base32: /),
    expect.stringMatching(/^user4@contoso\.example,,,30,Contoso,C100,5,"serial-damaged: /),
    '',
  ]);

  const mended = rejects(place)
    .split('\r\n')
    .slice(0, 2)
    .join('\n')
    .replace(`,${serialOf(1)},,45,`, `,${serialOf(1)},${secretOf(serialOf(1))},60,`);
  place.write('mended.csv', `${mended}\n`);
  const again = await place.run(MANIFESTS('[{ path: mended.csv }]'));
  expect([again.exitCode, again.stderr.includes('warning')]).toEqual([0, false]);
  expect(existsSync(place.path(join(place.reports(), 'rejects.csv')))).toBe(false);
});

it.concurrent('keeps the keys when the job says so, in a layout that can be read when the file has none', async ({
  place,
}) => {
  place.job([tokenLine(0)], ['rejects: { secrets: keep }']);
  const key = secretOf('json');
  const entry = { manufacturer: 'M', model: 'm', secretKey: key, timeIntervalInSeconds: 45 };
  place.write(
    'seeds.json',
    JSON.stringify([
      { ...entry, serialNumber: '1', timeIntervalInSeconds: 30 },
      { ...entry, serialNumber: '2', assignTo: 'user2@contoso.example' },
    ]),
  );
  place.write('list.txt', `1001 ${secretOf('a')}\n1001 ${secretOf('b')}\n`);
  const job = { timeInterval: 30, hashFunction: 'hmacsha1', defaults: { manufacturer: 'M', model: 'm' } };
  const ended = await place.run(
    MANIFESTS(JSON.stringify([{ path: 'seeds.json' }, { path: 'list.txt', ...job }])),
  );
  expect(ended.exitCode).toBe(3);
  const own =
    'upn,serial number,secret key,time interval,hash function,digits,type,manufacturer,model,line,reason';
  expect(rejects(place, 'rejects-seeds.csv').split('\r\n')).toEqual([
    own,
    expect.stringMatching(`^user2@contoso.example,2,${key},45,,,,M,m,1,interval-unsupported: `),
    '',
  ]);
  expect(rejects(place, 'rejects-list.csv').split('\r\n')).toEqual([
    own,
    expect.stringMatching(`^,1001,${secretOf('a')},,,,,,,1,serial-duplicate: `),
    expect.stringMatching(`^,1001,${secretOf('b')},,,,,,,2,serial-duplicate: `),
    '',
  ]);
  const inspected = await place.run(['inspect', join(place.reports(), 'rejects-seeds.csv')]);
  expect(inspected.stdout).toContain('interval-unsupported, first on line 2');
});

it.concurrent('holds refused assignments too, and no names where the job hides them', async ({ place }) => {
  place.job([tokenLine(0)], ['assignments: [{ path: staff.csv }]', 'privacy: { users: hashed }']);
  place.write('staff.csv', 'Serial;User;Room\n0815;Helga Braun;12\n;ivan@contoso.example;13\n');
  const ended = await place.run(['run', 'job.yaml', '--yes']);
  expect(ended.exitCode).toBe(3);
  expect(rejects(place).split('\r\n')).toEqual([
    'Serial;User;Room;line;reason',
    expect.stringMatching(/^0815;;12;2;user-malformed: /),
    expect.stringMatching(/^;;13;3;serial-missing: /),
    '',
  ]);
});
