// Deepnet DualShield XML (formats.md, sections 4 and 16): a header that speaks for all tokens, then serial numbers
// and seeds. An older header leaves interval, digits and hash function out: the job says them.

import { contentRefusal } from '../file-refusal.js';
import type { RawToken } from '../raw-token.js';
import type { SecretEncoding } from '../secret-encoding.js';
import { textAt, type XmlElement, XmlRecordReader } from '../xml-records.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';

const ENCODINGS: ReadonlyMap<string, SecretEncoding> = new Map([
  ['HEX', 'hex'],
  ['BASE64', 'base64'],
  ['BASE32', 'base32'],
]);

/** The manufacturer's own code stands for its name. */
const MANUFACTURERS: ReadonlyMap<string, string> = new Map([['DN', 'Deepnet Security']]);

/** What the header says of every token. */
type Common = Omit<RawToken, 'serialNumber' | 'secretKey'>;

export const dualShieldXml: DocumentFormat = {
  name: 'dualshield-xml',
  title: 'Deepnet DualShield XML',
  implied: {},
  open() {
    const reader = new XmlRecordReader(new Set(['data', 'tokens']));
    let common: Common | undefined;
    const take = (records: readonly XmlElement[]): readonly DocumentToken[] => {
      const tokens: DocumentToken[] = [];
      for (const record of records) {
        if (record.name === 'header') common = readHeader(record);
        if (record.name !== 'token') continue;
        if (common === undefined) {
          throw contentRefusal(
            'the header, which says how the seeds are written, does not stand first',
            record.line,
          );
        }
        const raw = { ...common, serialNumber: textAt(record, 'serial'), secretKey: textAt(record, 'seed') };
        tokens.push({ raw, line: record.line });
      }
      return tokens;
    };
    return {
      push: (text) => take(reader.push(text)),
      end: () => take(reader.end()),
      remarks: () => [],
    };
  },
};

function readHeader(header: XmlElement): Common {
  const encrypt = textAt(header, 'encrypt').toUpperCase();
  if (encrypt !== '' && encrypt !== 'NONE') {
    throw contentRefusal(
      'the seeds in this file are encrypted in a way of DualShield; ask Deepnet for the file without encryption, or for the CSV layout for Microsoft Entra',
      header.line,
    );
  }
  const encoding = ENCODINGS.get(textAt(header, 'encode').toUpperCase());
  if (encoding === undefined) {
    throw contentRefusal('the header does not say whether the seeds are HEX, BASE64 or BASE32', header.line);
  }
  const code = textAt(header, 'manufacturerCode');
  return {
    encoding,
    digits: textAt(header, 'digits'),
    timeInterval: textAt(header, 'timeWindow'),
    hashFunction: textAt(header, 'crypto'),
    manufacturer: MANUFACTURERS.get(code.toUpperCase()) ?? code,
    model: textAt(header, 'productCode'),
  };
}
