// Deepnet SafeID (formats.md, section 4): Microsoft's columns without upn. The keys are Base32 or hexadecimal, as
// the customer asked when the tokens were ordered, so that the keys themselves have to tell.

import type { HeadedLayout } from './layout.js';

export const safeIdCsv: HeadedLayout = {
  name: 'safeid-csv',
  title: "Microsoft's CSV without upn, as Deepnet SafeID has it",
  implied: { hashFunction: 'hmacsha1' },
  columns: [
    { name: 'serial number', field: 'serialNumber', required: true },
    { name: 'secret key', field: 'secretKey', required: true },
    { name: 'time interval', field: 'timeInterval', required: true },
    { name: 'manufacturer', field: 'manufacturer', required: true },
    { name: 'model', field: 'model', required: true },
  ],
};
