// A list of otpauth:// addresses, one on a line (https://github.com/google/google-authenticator/wiki/Key-Uri-Format):
// what is left out there means SHA-1, six digits, 30 seconds. They have names and no serial numbers: the job brings
// them.

import { contentRefusal } from '../file-refusal.js';
import type { Invalidity } from '../row.js';
import { withSerialNumber } from '../serial-map.js';
import { LineReader, type TextLine } from '../text-lines.js';
import { type NamedToken, namesOf } from './decode-json-token.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';

const URI = /^otpauth:\/\/([a-z]+)\/([^?#]*)\?([^#]*)$/i;

const MALFORMED: Invalidity = { reason: 'entry-unreadable', detail: 'the line is no otpauth:// address' };

export const otpauthUris: DocumentFormat = {
  name: 'otpauth-uris',
  title: 'a list of otpauth:// addresses',
  implied: { hashFunction: 'hmacsha1', timeInterval: 30 },
  open({ serials }) {
    const lines = new LineReader();
    const take = (read: readonly TextLine[]): readonly DocumentToken[] =>
      read
        .filter(({ text }) => text.trim() !== '')
        .map(({ text, line }) => {
          if (/^\s*otpauth-migration:/i.test(text)) throw contentRefusal(MIGRATION, line);
          return { raw: withSerialNumber(uriToken(text.trim()), serials), line };
        });
    return { push: (text) => take(lines.push(text)), end: () => take(lines.end()), remarks: () => [] };
  },
};

/** The export of Google Authenticator is made for another phone, and leaves the interval out. */
export const MIGRATION =
  "this is Google Authenticator's export for another phone, which does not say the time interval; export otpauth:// addresses, one for each token";

function uriToken(uri: string): NamedToken {
  const [, kind = '', label = '', query = ''] = URI.exec(uri) ?? [];
  if (kind === '') return { raw: { serialNumber: '', secretKey: '', trouble: MALFORMED }, names: [] };
  const parameters = new URLSearchParams(query);
  const name = decoded(label);
  const colon = name.indexOf(':');
  const account = (colon === -1 ? name : name.slice(colon + 1)).trim();
  const issuer = parameters.get('issuer') ?? (colon === -1 ? '' : name.slice(0, colon).trim());
  return {
    raw: {
      serialNumber: '',
      secretKey: parameters.get('secret') ?? '',
      kind,
      hashFunction: parameters.get('algorithm') ?? '',
      digits: parameters.get('digits') ?? '',
      timeInterval: parameters.get('period') ?? '',
    },
    names: namesOf(issuer, account),
  };
}

function decoded(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}
