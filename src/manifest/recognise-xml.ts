// Which XML a file is, by its outermost element. Kinds that cannot be used are refused by name (formats.md,
// sections 9 and 11). Pure.

import { contentRefusal } from './file-refusal.js';
import type { DocumentFormat } from './formats/document-format.js';
import { dualShieldXml } from './formats/dualshield-xml.js';
import { eTokenXml } from './formats/etoken-xml.js';
import { pskc } from './formats/pskc.js';

const KINDS: ReadonlyMap<string, DocumentFormat> = new Map([
  ['KeyContainer', pskc],
  ['data', dualShieldXml],
  ['Tokens', eTokenXml],
]);

const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'TKNBatch',
    "these are RSA SecurID tokens (sdtid), which use an algorithm of RSA's own; Entra takes TOTP only; ask the vendor for TOTP tokens and their PSKC or CSV file",
  ],
  ['SecretContainer', 'this is PSKC in a draft of 2006; ask the vendor for PSKC as RFC 6030 has it'],
  ['html', 'this is a web page and not a manifest; download the file itself'],
]);

const PROLOG = /^(?:\s|<\?[^>]*\?>|<!--(?:[^-]|-(?!-))*-->)*/;

/**
 * @param head - the beginning of a text that begins with `<`.
 * @throws {FileRefusal} when it is XML that cannot be used.
 *
 * @example
 * recogniseXml('<?xml version="1.0"?><pskc:KeyContainer …').name; // 'pskc'
 */
export function recogniseXml(head: string): DocumentFormat {
  const start = head.replace(PROLOG, '');
  if (/^<!DOCTYPE/i.test(start) && !/^<!DOCTYPE\s+html/i.test(start)) {
    throw contentRefusal('the XML has a document type (DTD), which is not read');
  }
  const [, name = ''] = /^<(?:!DOCTYPE\s+|[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)/i.exec(start) ?? [];
  const format = KINDS.get(name);
  if (format !== undefined) return format;
  throw contentRefusal(
    REFUSED.get(name.toLowerCase() === 'html' ? 'html' : name) ??
      'this is XML of a kind that is not known; ask the vendor for PSKC (RFC 6030) or the CSV layout for Microsoft Entra',
  );
}
