// The rules about tokens, once for all formats: a raw token becomes a row that Microsoft Entra can take, or a
// refused row with everything that is wrong with it. What neither the file nor the job says is never guessed.

import { invariant } from '../errors.js';
import { type ColumnNames, inColumn } from './column-names.js';
import { impliedHash, readDigits, readHashFunction, readKind, readTimeInterval } from './otp-parameters.js';
import type { RawToken, TokenField } from './raw-token.js';
import type { HashFunction, Invalidity, InvalidRow, RowAddress, TimeInterval, TokenRow } from './row.js';
import { keyOfBytes, readKey, resemblesKey, type SecretEncoding } from './secret-encoding.js';
import { checkSerialNumber } from './serial-number.js';
import { namesUser, USER_MALFORMED } from './user-name.js';

/** What the job says of all tokens of a file. */
export interface TokenSettings {
  readonly hashFunction?: HashFunction;
  readonly timeInterval?: TimeInterval;
  readonly manufacturer?: string;
  readonly model?: string;
}

/** What a layout means by leaving something out, as its maker documents it. */
export interface Implied {
  readonly hashFunction?: HashFunction;
  readonly timeInterval?: TimeInterval;
  /** The hash function goes by the length of the key: 20 or 32 bytes (formats.md, section 10, privacyIDEA). */
  readonly hashByKeyLength?: boolean;
}

/** A SHA-256 token has a key of this length, and so may a SHA-1 token (formats.md, section 14, rule 6). */
const SHA256_KEY_BYTES = 32;
const SHA1_KEY_BYTES = 20;

/** The shortest key in Base32: 10 bytes. */
const SHORTEST_KEY_CHARACTERS = 16;

/** Checks the tokens of one file, one after the other. */
export class TokenCheck {
  readonly #settings: TokenSettings;
  readonly #implied: Implied;
  readonly #encoding: SecretEncoding;
  readonly #columns: ColumnNames<TokenField>;
  readonly #intern = interner();
  readonly #serialLengths = new Set<number>();
  /** A length that is among them, because serial numbers of one length often follow each other. */
  #lastLength = 0;
  #longKeys = 0;
  #oddKeys = 0;

  /** @param columns - what the columns are called, for a file that has some. */
  constructor(
    settings: TokenSettings,
    implied: Implied,
    encoding: SecretEncoding,
    columns: ColumnNames<TokenField> = new Map(),
  ) {
    this.#settings = settings;
    this.#implied = implied;
    this.#encoding = encoding;
    this.#columns = columns;
  }

  /**
   * @example
   * check.read({ serialNumber: '1234567', secretKey: 'GEZD…', timeInterval: '30' }, { file, line });
   */
  read(raw: RawToken, address: RowAddress): TokenRow | InvalidRow {
    const settings = this.#settings;
    const serialNumber = raw.serialNumber.trim();
    const user = userOf(raw.user);
    const serial = checkSerialNumber(serialNumber);
    const key =
      typeof raw.secretKey === 'string'
        ? readKey(raw.secretKey, raw.encoding ?? this.#encoding)
        : keyOfBytes(raw.secretKey);
    const kind = readKind(raw.kind);
    const alone = kind === undefined ? raw.trouble : inColumn(kind, this.#columns.get('kind'));
    if (alone !== undefined) {
      return refused(address, [alone], safeSerial(serialNumber, serial?.showSerial, key), user);
    }

    const interval = readTimeInterval(raw.timeInterval, settings.timeInterval, this.#implied.timeInterval);
    const hash = readHashFunction(
      raw.hashFunction,
      settings.hashFunction,
      impliedHash(this.#implied, 'bytes' in key ? key.bytes : undefined),
    );
    const digits = readDigits(raw.digits);
    const manufacturer = singleLine(raw.manufacturer ?? '') || (settings.manufacturer ?? '');
    const model = singleLine(raw.model ?? '') || (settings.model ?? '');

    if (
      serial === undefined &&
      'bytes' in key &&
      typeof interval === 'number' &&
      typeof hash === 'string' &&
      digits === undefined &&
      manufacturer !== '' &&
      model !== '' &&
      (user === '' || namesUser(user))
    ) {
      this.#count(serialNumber, key.bytes, (raw.hashFunction ?? '').trim() === '');
      const token = {
        secretKey: key.secretKey,
        timeIntervalInSeconds: interval,
        hashFunction: hash,
        manufacturer: this.#intern(manufacturer),
        model: this.#intern(model),
      };
      return user === '' ? { address, serialNumber, token } : { address, serialNumber, user, token };
    }

    const troubles: Invalidity[] = [];
    const add = (field: TokenField, trouble: Invalidity): void => {
      troubles.push(inColumn(trouble, this.#columns.get(field)));
    };
    if (serial !== undefined) add('serialNumber', serial);
    if ('reason' in key) add('secretKey', key);
    if (typeof interval === 'object') add('timeInterval', interval);
    if (typeof hash === 'object') add('hashFunction', hash);
    if (digits !== undefined) add('digits', digits);
    if (manufacturer === '') {
      add('manufacturer', { reason: 'manufacturer-missing', detail: 'the manufacturer is empty' });
    }
    if (model === '') add('model', { reason: 'model-missing', detail: 'the model is empty' });
    if (user !== '' && !namesUser(user)) add('user', { reason: 'user-malformed', detail: USER_MALFORMED });
    return refused(address, troubles, safeSerial(serialNumber, serial?.showSerial, key), user);
  }

  #count(serialNumber: string, keyBytes: number, hashUnsaid: boolean): void {
    if (serialNumber.length !== this.#lastLength && /^\d+$/.test(serialNumber)) {
      this.#lastLength = serialNumber.length;
      this.#serialLengths.add(serialNumber.length);
    }
    if (keyBytes === SHA256_KEY_BYTES && hashUnsaid) this.#longKeys += 1;
    if (keyBytes !== SHA256_KEY_BYTES && keyBytes !== SHA1_KEY_BYTES) this.#oddKeys += 1;
  }

  /** Things worth a look about the file as a whole. */
  remarks(): readonly string[] {
    const remarks: string[] = [];
    const { hashFunction, hashByKeyLength } = this.#implied;
    if (this.#longKeys > 0 && this.#settings.hashFunction === undefined) {
      if (hashByKeyLength === true) {
        remarks.push(
          `keys of ${SHA256_KEY_BYTES} bytes: ${this.#longKeys}; this layout means SHA-256 by that length; set hashFunction: hmacsha1 for this manifest in the job file if these are SHA-1 tokens`,
        );
      } else if (hashFunction !== undefined) {
        remarks.push(
          `keys of ${SHA256_KEY_BYTES} bytes: ${this.#longKeys}; the file does not say the hash function; SHA-1 is taken; ` +
            'set hashFunction: hmacsha256 for this manifest in the job file if these are SHA-256 tokens',
        );
      }
    }
    if (this.#oddKeys > 0) {
      remarks.push(
        `keys of another length than ${SHA1_KEY_BYTES} or ${SHA256_KEY_BYTES} bytes, which is what vendors make: ${this.#oddKeys}`,
      );
    }
    if (this.#serialLengths.size > 1) {
      const lengths = [...this.#serialLengths].sort((one, other) => one - other).join(', ');
      remarks.push(
        `serial numbers have different lengths (${lengths} digits); a spreadsheet may have dropped leading zeros`,
      );
    }
    return remarks;
  }
}

/** The literal word `upn` stands where nobody was filled in (formats.md, section 3). */
function userOf(cell: string | undefined): string {
  const user = (cell ?? '').trim();
  return user.length === 3 && user.toLowerCase() === 'upn' ? '' : user;
}

/** Beside a refused key, a serial number may be that key: columns do get swapped. */
function safeSerial(serialNumber: string, showSerial: boolean | undefined, key: object): string {
  const isKey = 'reason' in key && resemblesKey(serialNumber, SHORTEST_KEY_CHARACTERS);
  return (showSerial ?? !isKey) ? serialNumber : '';
}

/** The row with everything that is wrong with it: the first trouble is its reason. */
function refused(
  address: RowAddress,
  troubles: readonly Invalidity[],
  serialNumber: string,
  user: string,
): InvalidRow {
  const [first] = troubles;
  invariant(first !== undefined, 'a row was refused without a reason');
  return {
    address,
    reason: first.reason,
    detail: troubles.map((trouble) => trouble.detail).join('; '),
    ...(serialNumber === '' ? {} : { serialNumber }),
    ...(user === '' || resemblesKey(user, SHORTEST_KEY_CHARACTERS) ? {} : { user }),
  };
}

/** A quoted cell may hold line breaks; a name in the tenant does not. */
function singleLine(text: string): string {
  const bare = text.trim();
  return bare.includes('\n') || bare.includes('\r') ? bare.replace(/\s*[\r\n]\s*/g, ' ') : bare;
}

/** A million rows share a few names: each is kept once. */
function interner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    if (known.size < 1_000) known.set(text, text);
    return text;
  };
}
