// SecureAuth (formats.md, section 10): a column `Totptoken` that holds `{seed}|{serial}`.

import type { HeadedLayout } from './layout.js';

export const secureAuthCsv: HeadedLayout = {
  name: 'secureauth-csv',
  title: 'SecureAuth CSV',
  columns: [
    { name: 'totptoken', field: 'secretKey', required: true },
    { name: 'username', aliases: ['upn', 'user', 'user principal name'], field: 'user', required: false },
  ],
  split: { field: 'secretKey', into: ['secretKey', 'serialNumber'], at: '|' },
};
