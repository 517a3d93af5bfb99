// SafeNet eToken PASS XML (formats.md, section 5). Most of these tokens count button presses: a moving factor shows
// it. The others need the interval from the job, for the file has no place for it; the hash function goes by the
// length of the seed.

import { childOf, textAt, type XmlElement, XmlRecordReader } from '../xml-records.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';

export const eTokenXml: DocumentFormat = {
  name: 'etoken-xml',
  title: 'SafeNet eToken PASS XML',
  implied: { hashByKeyLength: true },
  open() {
    const reader = new XmlRecordReader(new Set(['Tokens']));
    const take = (records: readonly XmlElement[]): readonly DocumentToken[] =>
      records.filter(({ name }) => name === 'Token').map(tokenOf);
    return {
      push: (text) => take(reader.push(text)),
      end: () => take(reader.end()),
      remarks: () => [],
    };
  },
};

function tokenOf(token: XmlElement): DocumentToken {
  const application = childOf(childOf(token, 'Applications'), 'Application');
  return {
    line: token.line,
    raw: {
      serialNumber: token.attributes.get('serial') ?? '',
      secretKey: textAt(application, 'Seed'),
      encoding: 'hex',
      ...(childOf(application, 'MovingFactor') === undefined ? {} : { kind: 'event' }),
      manufacturer: 'SafeNet',
      model: textAt(token, 'ProductName') || textAt(token, 'Model'),
    },
  };
}
