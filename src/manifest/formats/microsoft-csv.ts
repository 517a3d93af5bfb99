// Microsoft's CSV layout, which every vendor can deliver (formats.md, sections 1, 3 and 4):
//   upn,serial number,secret key,time interval,manufacturer,model
// Columns come in any order; the upn column may be missing (Deepnet), and others may stand beside them, as in the
// list of failures that the portal offers. It has no column for the hash function: it is SHA-1.

import type { HeadedLayout } from './layout.js';

export const microsoftCsv: HeadedLayout = {
  name: 'microsoft-csv',
  title: "Microsoft's CSV",
  implied: { hashFunction: 'hmacsha1' },
  usualEncoding: 'base32',
  columns: [
    { name: 'upn', field: 'user', required: false },
    { name: 'serial number', field: 'serialNumber', required: true },
    { name: 'secret key', field: 'secretKey', required: true },
    { name: 'time interval', field: 'timeInterval', required: true },
    { name: 'manufacturer', field: 'manufacturer', required: true },
    { name: 'model', field: 'model', required: true },
  ],
};
