// SafeWord and SafeNet eToken records (formats.md, section 5): blocks of `name: value` lines, set apart by empty
// ones. The value of sccTokenData is a list of its own: sccKey=<hexadecimal>;sccMode=T;sccPwLen=6;sccTick=30;…

import type { RawToken } from '../raw-token.js';
import { LineReader, type TextLine } from '../text-lines.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';

/** Lines of one block; a real one has five. */
const MAX_BLOCK_LINES = 100;

export const safeWordDat: DocumentFormat = {
  name: 'safeword-dat',
  title: 'SafeWord authenticator records',
  implied: {},
  open() {
    const lines = new LineReader();
    let block: TextLine[] = [];
    const finish = (): readonly DocumentToken[] => {
      const [first] = block;
      const read = block;
      block = [];
      return first === undefined ? [] : [{ raw: blockToken(read), line: first.line }];
    };
    const take = (read: readonly TextLine[]): readonly DocumentToken[] => {
      const tokens: DocumentToken[] = [];
      for (const one of read) {
        if (one.text.trim() === '') tokens.push(...finish());
        else if (!one.text.startsWith('#') && block.length < MAX_BLOCK_LINES) block.push(one);
      }
      return tokens;
    };
    return {
      push: (text) => take(lines.push(text)),
      end: () => [...take(lines.end()), ...finish()],
      remarks: () => [],
    };
  },
};

function blockToken(block: readonly TextLine[]): RawToken {
  const values = new Map<string, string>();
  for (const { text } of block) {
    for (const part of text.split(/[;,]\s*/)) addPair(values, part);
  }
  const mode = values.get('sccmode') ?? '';
  return {
    serialNumber: values.get('sccauthenticatorid') ?? '',
    secretKey: values.get('scckey') ?? '',
    encoding: 'hex',
    kind: mode === '' ? 'unknown' : mode === 'T' ? 'TOTP' : 'HOTP',
    digits: values.get('sccpwlen') ?? '',
    timeInterval: values.get('scctick') ?? '',
    hashFunction: values.get('crypto') ?? '',
    model: values.get('scctokentype') ?? '',
  };
}

/** `sccMode=T`, `sccTokenType: eToken-PASS-TS`, `dn: sccAuthenticatorId=…`, `sccTokenData: sccKey=…`. */
function addPair(values: Map<string, string>, part: string): void {
  const [, outer = '', rest = ''] = /^\s*(\w+)\s*[:=]\s*(.*)$/s.exec(part) ?? [];
  if (outer === '') return;
  const [, inner = '', value = ''] = /^(\w+)=(.*)$/s.exec(rest) ?? [];
  const name = (inner === '' ? outer : inner).toLowerCase();
  if (!values.has(name)) values.set(name, (inner === '' ? rest : value).trim());
}
