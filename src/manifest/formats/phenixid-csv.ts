// PhenixID (formats.md, section 10), without a heading; the first cell says which of two layouts a record has:
//   TOTP;serial;SHA;key;epoch;timeinterval;otplength
//   HOTP;serial;key;counter

import type { BareLayout } from './layout.js';

export const phenixIdCsv: BareLayout = {
  name: 'phenixid-csv',
  title: 'PhenixID CSV',
  columns: new Map([
    ['kind', 0],
    ['serialNumber', 1],
    ['hashFunction', 2],
    ['secretKey', 3],
    ['timeInterval', 5],
    ['digits', 6],
  ]),
  widths: [4, 7],
  matches: ([kind = '', serial = '', ...more]) =>
    serial !== '' &&
    ((/^totp$/i.test(kind) && more.length === 5) || (/^hotp$/i.test(kind) && more.length === 2)),
  read: (cells) => {
    const [
      kind = '',
      serialNumber = '',
      hashFunction = '',
      secretKey = '',
      ,
      timeInterval = '',
      digits = '',
    ] = cells;
    return cells.length === 4
      ? { kind, serialNumber, secretKey: '' }
      : { kind, serialNumber, hashFunction, secretKey, timeInterval, digits };
  },
};
