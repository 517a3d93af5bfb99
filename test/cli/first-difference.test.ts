// Where a file first differs from what was written: over pieces, as reports are made.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstDifference } from '../../src/cli/first-difference.js';
import { temporaryDirectory } from '../temporary-directory.js';

const PIECES = ['serial,user\n', Buffer.from('1,äda\n2,'), '', 'bob\n3,eve\n'];
const WHOLE = 'serial,user\n1,äda\n2,bob\n3,eve\n';

it.each([
  ['in the first piece', WHOLE.replace('user', 'usér'), { offset: 9, line: 1 }],
  [
    'in the middle of the second, behind a letter of two bytes',
    WHOLE.replace('da', 'dä'),
    { offset: 17, line: 2 },
  ],
  ['where a piece begins', WHOLE.replace('bob', 'rob'), { offset: 21, line: 3 }],
  ['at its end, which is missing', WHOLE.slice(0, -1), { offset: 30, line: 4 }],
  ['behind the end of what was written', `${WHOLE}4,`, { offset: 31, line: 5 }],
  ['at once, when it is empty', '', { offset: 0, line: 1 }],
])('a file differs %s', async (_where, now, expected) => {
  const path = join(temporaryDirectory(), 'rows.csv');
  writeFileSync(path, now);
  expect(await firstDifference(PIECES, path)).toEqual(expected);
});
