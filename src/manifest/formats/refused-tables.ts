// Tables that are recognised so that they can be refused by name, with what to ask the vendor for
// (formats.md, sections 3, 7, 8, 10, 13 and 14).

import type { HeadedLayout } from './layout.js';

export const refusedTables: readonly HeadedLayout[] = [
  {
    name: 'molto-2-csv',
    title: 'Token2 Molto-2 CSV',
    columns: [
      { name: 'profile', required: true },
      { name: 'seed', required: true },
      { name: 'title', required: true },
      { name: 'algorithm', required: true },
      { name: 'digits', required: true },
      { name: 'period', required: true },
    ],
    refusal:
      "this is the profile list of a Token2 Molto-2, which has no serial numbers; ask Token2 for the 'CSV for Azure MFA' of the tokens",
  },
  {
    name: 'webadm-csv',
    title: 'RCDevs WebADM inventory',
    columns: [
      { name: 'type', required: true },
      { name: 'reference', required: true },
      { name: 'description', required: true },
      { name: 'data', required: true },
    ],
    refusal:
      "this is an inventory of RCDevs WebADM, whose keys stand inside its Data cells; ask the vendor for the tokens' PSKC file",
  },
];
