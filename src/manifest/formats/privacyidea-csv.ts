// privacyIDEA and LinOTP (formats.md, section 10), without a heading, `#` begins a comment:
//   serial, hexseed, TOTP, 6, 30            the hash function goes by the length of the key
//   serial, hexseed, TOTP, 6, 30, sha256    LinOTP says it
//   user, resolver, realm, serial, …        after `# version: 2`
// Without a type a token is an HOTP token there. NetIQ has the same first four columns.

import type { TokenField } from '../raw-token.js';
import type { BareLayout } from './layout.js';

const HEX_KEY = /^[0-9A-Fa-f]{20,128}$/;
const TYPE = /^(?:totp|hotp|)$/i;

const FIELDS: readonly TokenField[] = [
  'serialNumber',
  'secretKey',
  'kind',
  'digits',
  'timeInterval',
  'hashFunction',
];

function columnsFrom(first: number): ReadonlyMap<TokenField, number> {
  return new Map(FIELDS.map((field, index) => [field, first + index]));
}

function matchesFrom(cells: readonly string[], first: number): boolean {
  const [serial = '', key = '', type = '', digits = '6', interval = '', hash = ''] = cells.slice(first);
  return (
    serial !== '' &&
    !serial.startsWith('#') &&
    HEX_KEY.test(key) &&
    TYPE.test(type) &&
    /^\d{0,2}$/.test(digits) &&
    /^\d*$/.test(interval) &&
    /^(?:sha\d*)?$/i.test(hash)
  );
}

const BASICS = { implied: { hashByKeyLength: true }, encoding: 'hex', comments: true } as const;

export const privacyIdeaCsv: BareLayout = {
  ...BASICS,
  name: 'privacyidea-csv',
  title: 'privacyIDEA, LinOTP or NetIQ CSV',
  columns: columnsFrom(0),
  widths: [3, 4, 5, 6],
  matches: (cells) => cells.length >= 3 && matchesFrom(cells, 0) && (cells[2] ?? '') !== '',
};

export const privacyIdeaCsv2: BareLayout = {
  ...BASICS,
  name: 'privacyidea-csv-2',
  title: 'privacyIDEA CSV, version 2',
  columns: new Map([...columnsFrom(3), ['user', 0]]),
  widths: [5, 6, 7, 8, 9],
  matches: (cells) => cells.length >= 5 && matchesFrom(cells, 3),
};
