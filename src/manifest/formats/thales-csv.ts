// Thales OTP 110 (formats.md, section 5): Microsoft's columns in another order, with the day from which a token is
// valid. A published sample has its key in base32hex, so that the encoding is never taken for granted.

import type { HeadedLayout } from './layout.js';

export const thalesCsv: HeadedLayout = {
  name: 'thales-csv',
  title: 'Thales OTP 110 CSV',
  implied: { hashFunction: 'hmacsha1' },
  columns: [
    { name: 'serial number', field: 'serialNumber', required: true },
    { name: 'secret key', field: 'secretKey', required: true },
    { name: 'manufacturer', field: 'manufacturer', required: true },
    { name: 'model', field: 'model', required: true },
    { name: 'start date', required: true },
    { name: 'time interval', field: 'timeInterval', required: true },
    { name: 'expiration', aliases: ['expiration date', 'expiry date', 'end date'], required: false },
    { name: 'username', aliases: ['user name', 'upn'], field: 'user', required: false },
  ],
};
