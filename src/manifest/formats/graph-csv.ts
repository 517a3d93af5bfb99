// A CSV file whose columns have the names of Microsoft Graph's properties (formats.md, section 2), as scripts that
// call the API take it.

import type { HeadedLayout } from './layout.js';

export const graphCsv: HeadedLayout = {
  name: 'graph-csv',
  title: "CSV with Graph's property names",
  usualEncoding: 'base32',
  implied: { hashFunction: 'hmacsha1' },
  columns: [
    { name: 'serialNumber', field: 'serialNumber', required: true },
    { name: 'secretKey', field: 'secretKey', required: true },
    { name: 'timeIntervalInSeconds', field: 'timeInterval', required: true },
    { name: 'hashFunction', field: 'hashFunction', required: false },
    { name: 'manufacturer', field: 'manufacturer', required: false },
    { name: 'model', field: 'model', required: false },
    { name: 'displayName', required: false },
    { name: 'assignTo', aliases: ['upn', 'user', 'userPrincipalName'], field: 'user', required: false },
  ],
};
