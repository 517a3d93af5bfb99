// multiOTP (formats.md, section 10), without a heading:
//   serial;manufacturer;algorithm;seed (hexadecimal);digits;interval or event counter

import type { BareLayout } from './layout.js';

export const multiOtpCsv: BareLayout = {
  name: 'multiotp-csv',
  title: 'multiOTP CSV',
  implied: { hashByKeyLength: true },
  encoding: 'hex',
  comments: true,
  columns: new Map([
    ['serialNumber', 0],
    ['manufacturer', 1],
    ['kind', 2],
    ['secretKey', 3],
    ['digits', 4],
    ['timeInterval', 5],
  ]),
  widths: [6],
  matches: ([serial = '', , kind = '', key = '', digits = '', interval = '', ...more]) =>
    more.length === 0 &&
    serial !== '' &&
    /^(?:totp|hotp|motp)$/i.test(kind) &&
    /^[0-9A-Fa-f]{20,128}$/.test(key) &&
    /^\d{1,2}$/.test(digits) &&
    /^\d+$/.test(interval),
};
