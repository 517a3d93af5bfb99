// PSKC (RFC 6030), in the variants that vendors write (formats.md, section 11): any prefix, values with blanks,
// several keys in a package, draft names, plain or encrypted. What the file does not say of interval and hash
// function the job has to say.

import type { RawToken } from '../raw-token.js';
import { childOf, textAt, type XmlElement, XmlRecordReader } from '../xml-records.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';
import { base64Of, PskcEncryption } from './pskc-encryption.js';

export const pskc: DocumentFormat = {
  name: 'pskc',
  title: 'PSKC (RFC 6030)',
  implied: {},
  open(options) {
    const reader = new XmlRecordReader(new Set(['KeyContainer']));
    const encryption = new PskcEncryption(options);
    let pins = 0;
    const take = (records: readonly XmlElement[]): readonly DocumentToken[] => {
      const tokens: DocumentToken[] = [];
      for (const record of records) {
        if (record.name === 'EncryptionKey') encryption.encryptionKey(record);
        else if (record.name === 'MACMethod') encryption.macMethod(record);
        else if (record.name === 'KeyPackage' || record.name === 'Device') {
          for (const key of record.children) {
            if (key.name !== 'Key') continue;
            if (/[#:]pin$/i.test(algorithmOf(key))) pins += 1;
            else tokens.push({ raw: tokenOf(record, key, encryption), line: key.line });
          }
        }
      }
      return tokens;
    };
    return {
      push: (text) => take(reader.push(text)),
      end: () => take(reader.end()),
      remarks: () => [
        ...encryption.remarks(),
        ...(pins === 0 ? [] : [`not read: ${pins} keys that are PINs of tokens`]),
      ],
    };
  },
};

function tokenOf(device: XmlElement, key: XmlElement, encryption: PskcEncryption): RawToken {
  const info = childOf(device, 'DeviceInfo');
  const parameters = childOf(key, 'AlgorithmParameters');
  const format = childOf(parameters, 'ResponseFormat') ?? childOf(childOf(key, 'Usage'), 'ResponseFormat');
  const secret = dataOf(key, 'Secret', 'SECRET');
  const value = secret === undefined ? undefined : encryption.value(secret);
  const interval = dataOf(key, 'TimeInterval', 'TIME_INTERVAL');
  const intervalValue = interval === undefined ? '' : intervalOf(interval, encryption);
  const id = key.attributes.get('Id') ?? key.attributes.get('KeyId') ?? '';
  const encoding = format?.attributes.get('Encoding') ?? format?.attributes.get('Format') ?? 'DECIMAL';
  return {
    serialNumber: textAt(info, 'SerialNo') || id.replace(/#\d+$/, ''),
    secretKey: value instanceof Uint8Array ? value : '',
    kind: algorithmOf(key) || 'unknown',
    hashFunction: textAt(parameters, 'Suite'),
    digits: /^decimal$/i.test(encoding) ? (format?.attributes.get('Length') ?? '') : encoding,
    timeInterval: intervalValue,
    manufacturer: textAt(info, 'Manufacturer'),
    model: textAt(info, 'Model'),
    ...(value === undefined || value instanceof Uint8Array ? {} : { trouble: value }),
  };
}

function algorithmOf(key: XmlElement): string {
  return key.attributes.get('Algorithm') ?? key.attributes.get('KeyAlgorithm') ?? '';
}

/** `Data/Secret`, or `Data` with a name as the drafts have it. */
function dataOf(key: XmlElement, name: string, draftName: string): XmlElement | undefined {
  return (
    childOf(childOf(key, 'Data'), name) ??
    key.children.find((child) => child.name === 'Data' && child.attributes.get('Name') === draftName)
  );
}

/** Vendors write it as a number, as Base64 of its digits, and as Base64 of its bytes. */
function intervalOf(element: XmlElement, encryption: PskcEncryption): string {
  const plain = textAt(element, 'PlainValue');
  if (/^\d+$/.test(plain)) return plain;
  const bytes = plain === '' ? encryption.value(element) : base64Of(plain);
  if (!(bytes instanceof Uint8Array) || bytes.byteLength === 0) return plain === '' ? '' : 'unreadable';
  const digits = String.fromCharCode(...bytes.subarray(0, 16));
  if (/^\d+$/.test(digits)) return digits;
  return bytes.byteLength <= 6 ? String(bytes.reduce((sum, byte) => sum * 256 + byte, 0)) : 'unreadable';
}
