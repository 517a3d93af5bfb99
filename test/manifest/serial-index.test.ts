// An index of rows by serial number: every row of one, wherever somebody looks, until it is given up.

import { expect, it } from 'vitest';
import { SerialIndex } from '../../src/manifest/serial-index.js';

it('finds all rows of a serial number in reading order, and nothing once it was given up', () => {
  const rows = ['100', 'a1', '200', 'A1', '100'].map((serialNumber) => ({ serialNumber }));
  const index = new SerialIndex(rows);
  const found = (): readonly (readonly number[])[] =>
    ['100', 'A1', '200', 'a1', '100', '300'].map((serialNumber) => index.positions(serialNumber));
  expect(found()).toEqual([[0, 4], [1, 3], [2], [1, 3], [0, 4], []]);
  index.positions('200');
  index.release();
  // The one behind the last is looked at first.
  expect(index.positions('A1')).toEqual([]);
  expect(found().flat()).toEqual([]);
});
