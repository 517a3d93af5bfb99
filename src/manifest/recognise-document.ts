// Which document a file is, by its beginning; `undefined` when it is a table. Kinds that cannot be used are refused
// by name here, with what to ask for (formats.md, sections 6 to 9 and 12). Pure.

import { contentRefusal } from './file-refusal.js';
import { aegisJson } from './formats/aegis-json.js';
import type { DocumentFormat } from './formats/document-format.js';
import { graphJson } from './formats/graph-json.js';
import { MIGRATION, otpauthUris } from './formats/otpauth-uris.js';
import { safeWordDat } from './formats/safeword-dat.js';
import { recogniseXml } from './recognise-xml.js';

interface Kind {
  readonly start: RegExp;
  readonly format: DocumentFormat;
}

interface RefusedKind {
  readonly start: RegExp;
  readonly message: string;
}

const TOTP_FROM_VENDOR = 'ask the vendor for TOTP tokens and their PSKC or CSV file';

const REFUSED: readonly RefusedKind[] = [
  { start: /^otpauth-migration:/i, message: MIGRATION },
  {
    start: /^LOGGING START|^(?:OATH-HOTP|Yubico OTP|Static Password|Challenge-Response)[\w -]*[,;\t]/i,
    message: `this is a log of Yubico's personalisation tool, whose keys are for HOTP or Yubico OTP; Entra takes TOTP only. Write TOTP keys with ykman and export them as PSKC`,
  },
  {
    start: /^\d+,\w*,[0-9a-f]*,[0-9a-f]{32,40},[0-9a-f]*,\d{4}-\d\d-\d\dT[\d:]+,/i,
    message: `this is Yubico's format, whose keys are for Yubico OTP or HOTP; Entra takes TOTP only. Write TOTP keys with ykman and export them as PSKC`,
  },
  {
    start: /^\d{81}(?:\s|$)/,
    message: `these are RSA SecurID tokens in the form of CTF strings, which use an algorithm of RSA's own; Entra takes TOTP only; ${TOTP_FROM_VENDOR}`,
  },
  {
    start: /^.{0,8}(?:DPX|DIGIPASS)\b/i,
    message: `this is a DPX file of OneSpan (VASCO), whose keys are locked or use an algorithm of their own; ask OneSpan for an OATH PSKC file of the tokens`,
  },
  {
    start: /^(?:--[^\n]*\n|\s)*(?:INSERT INTO\s+\S*OTP|USE\s+\S*AUTHENEX|CREATE\s+DATABASE\s+\S*AUTHENEX)/i,
    message: `this is a database script of Authenex, whose tokens count button presses (HOTP); Entra takes TOTP only; ${TOTP_FROM_VENDOR}`,
  },
];

const KINDS: readonly Kind[] = [
  { start: /^otpauth:/i, format: otpauthUris },
  { start: /^#\s*=+\s*SafeWord|^dn:\s*sccAuthenticatorId=/i, format: safeWordDat },
  { start: /^\{(?=[\s\S]*"db"\s*:)(?=[\s\S]*"(?:slots|entries)"\s*:)/, format: aegisJson },
  { start: /^[{[]/, format: graphJson },
];

/**
 * @param head - the beginning of the text.
 * @throws {FileRefusal} `input-invalid` for a kind that is known and cannot be used.
 *
 * @example
 * recogniseDocument('{"value":[')?.name; // 'graph-json'
 */
export function recogniseDocument(head: string): DocumentFormat | undefined {
  const start = head.trimStart();
  const refused = REFUSED.find((kind) => kind.start.test(start));
  if (refused !== undefined) throw contentRefusal(refused.message);
  if (start.startsWith('<')) return recogniseXml(start);
  return KINDS.find((kind) => kind.start.test(start))?.format;
}
