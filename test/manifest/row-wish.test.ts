// The columns of an assignments file that ask for more than a token and its holder.

import { describe, expect, it } from 'vitest';
import { assignmentsCsv } from '../../src/manifest/formats/assignments-csv.js';
import { isInvalidRow } from '../../src/manifest/formats/table-format.js';
import type { AssignmentRow, InvalidRow } from '../../src/manifest/row.js';

function read(cells: readonly string[], header = ['serial number', 'user', 'activation', 'code']) {
  const opened = assignmentsCsv().open([{ cells: header, line: 1 }]);
  if (!opened.ok) throw new Error('the heading is good');
  const row = opened.table.read(cells, { file: 'people.csv', line: 2 });
  if (row === undefined) throw new Error('the line is a row');
  return row;
}

function good(row: AssignmentRow | InvalidRow): AssignmentRow {
  if (isInvalidRow(row)) throw new Error(row.detail);
  return row;
}

const ADA = 'ada@x.test';

describe('an assignment', () => {
  it('asks for nothing more when the columns are missing or empty', () => {
    expect(good(read(['S1', ADA], ['serial', 'user'])).wish).toBeUndefined();
    expect(good(read(['S1', ADA, '', ' '])).wish).toBeUndefined();
  });

  it.each(['123456', ' 123 456 ', '123-456'])('takes the code %j, and shows it to nobody', (written) => {
    const { wish } = good(read(['S1', ADA, '', written]));
    expect(wish?.code?.reveal()).toBe('123456');
    expect(JSON.stringify(wish)).not.toContain('456');
  });

  it('says who activates the token', () => {
    expect(good(read(['S1', ADA, 'Computed', ''])).wish).toEqual({ activation: 'computed' });
  });

  it.each([
    ['', '12345', 'code-malformed', 'spreadsheet'],
    ['', '1234567', 'code-malformed', 'six digits'],
    ['', 'abcdef', 'code-malformed', 'six digits'],
    ['auto', '', 'activation-unknown', 'user, computed, codes'],
  ])('with the activation %j and the code %j is refused', (activation, code, reason, word) => {
    const row = read(['S1', ADA, activation, code]);
    expect(row).toMatchObject({ reason, serialNumber: 'S1', user: ADA });
    expect(isInvalidRow(row) && row.detail).toContain(word);
    if (code !== '') expect(JSON.stringify(row)).not.toContain(code);
  });
});
