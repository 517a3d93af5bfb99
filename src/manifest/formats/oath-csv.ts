// Any other CSV file whose heading has names that makers of OATH software use (formats.md, section 10): pskc2csv,
// SecurEnvoy, Centrify, Azure MFA Server and the like. What it leaves out has to come from the job.

import type { HeadedLayout } from './layout.js';

export const oathCsv: HeadedLayout = {
  name: 'oath-csv',
  title: 'CSV with known headings',
  columns: [
    {
      name: 'serial number',
      aliases: [
        'serial',
        'serial no',
        'token serial',
        'token serial number',
        'token identifier',
        'token id',
        'device serial number',
      ],
      field: 'serialNumber',
      required: true,
    },
    {
      name: 'secret key',
      aliases: [
        'secret',
        'seed',
        'key',
        'secret key (hex)',
        'secret key (base32)',
        'token seed',
        'hexseed',
        'seed (hex)',
      ],
      field: 'secretKey',
      required: true,
    },
    {
      name: 'time interval',
      aliases: [
        'timeIntervalInSeconds',
        'interval',
        'period',
        'time step',
        'timestep',
        'time window',
        'interval_or_event',
      ],
      field: 'timeInterval',
      required: false,
    },
    {
      name: 'hash function',
      aliases: ['hash', 'hash algorithm', 'sha', 'crypto', 'hashlib'],
      field: 'hashFunction',
      required: false,
    },
    {
      name: 'digits',
      aliases: ['otp length', 'response length', 'code length', 'otplen', 'code digits'],
      field: 'digits',
      required: false,
    },
    {
      name: 'type',
      aliases: ['token type', 'otp type', 'kind'],
      field: 'kind',
      required: false,
    },
    // Either the kind or the hash function: its cells tell (recognise-table.ts).
    { name: 'algorithm', required: false },
    { name: 'manufacturer', aliases: ['vendor', 'make'], field: 'manufacturer', required: false },
    { name: 'model', aliases: ['product'], field: 'model', required: false },
    {
      name: 'user',
      aliases: [
        'upn',
        'user principal name',
        'user principle name',
        'username',
        'user name',
        'login name',
        'assigned to',
      ],
      field: 'user',
      required: false,
    },
    { name: 'start date', required: false },
    {
      name: 'expiration',
      aliases: ['expiration date', 'expiry date', 'end date', 'expiry'],
      required: false,
    },
    { name: 'account name', required: false },
    { name: 'issuer', required: false },
  ],
};
