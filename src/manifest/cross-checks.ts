// Looks across all rows of a job for things that are suspicious and yet may be meant. Pure. Nothing here stops a row.

import { NumberColumn } from '../compact/number-column.js';
import { hashOfText, PositionIndex } from '../compact/position-index.js';
import type { Rows } from '../compact/rows.js';
import type { TextIndex } from '../compact/text-index.js';
import { userKey } from '../lookup-key.js';
import type { Secret } from '../secret.js';
import { formatAddress, formatAddresses } from './address.js';
import type { DesiredRow, DesiredRows, Warning } from './row.js';
import { WarningList } from './warnings.js';

/** Hardware and software tokens together, per user (graph-api.md, section 2.4). */
const TOKENS_PER_USER = 5;

/**
 * Warnings about secrets that stand twice, users with too many tokens, and serial numbers that may have lost
 * their leading zeros.
 *
 * @param names - keys of users, to which those of the rows are added.
 */
export function crossChecks(rows: DesiredRows, names: TextIndex): readonly Warning[] {
  const warnings = new WarningList();
  const secrets = new SharedSecrets(rows);
  const users = new UserCounts();
  let hasZeros = false;
  for (let position = 0; position < rows.length; position += 1) {
    const { secretKey, name, serialNumber } = partsAt(rows, position, names);
    if (secretKey !== undefined) secrets.see(secretKey, position);
    if (name >= 0) users.see(name, position);
    hasZeros ||= serialNumber.startsWith('0');
  }
  secrets.warn(warnings);
  secrets.release();
  users.warn(rows, warnings);
  if (hasZeros) warnAboutLostZeros(rows, warnings);
  return warnings.list();
}

/** What is looked at of a row. */
interface Parts {
  readonly secretKey: Secret | undefined;
  /** Where the key of the user stands whom the row names; −1 where it names none, or cannot be used. */
  readonly name: number;
  readonly serialNumber: string;
}

const NO_PARTS: Parts = { secretKey: undefined, name: -1, serialNumber: '' };

/** Of a plain row, which almost all are, the parts are had without the rest. */
function partsAt(rows: DesiredRows, position: number, names: TextIndex): Parts {
  const { parts } = rows;
  if (parts?.isPlain(position) === true) {
    const secretKey = parts.secretAt(position);
    const serialNumber = parts.serialNumberAt(position);
    const name = parts.nameIn(names, position);
    if (secretKey !== undefined && serialNumber !== undefined && name >= 0) {
      return { secretKey: secretKey === 'none' ? undefined : secretKey, name, serialNumber };
    }
  }
  const row = rows.at(position);
  if (row === undefined) return NO_PARTS;
  const { user, invalid, serialNumber, token } = row;
  const name = user === undefined || invalid !== undefined ? -1 : names.add(userKey(user));
  return { secretKey: token?.secretKey, name, serialNumber };
}

/** Graph never shows a secret again, so that this is the last moment to see it (formats.md, section 14, rule 9). */
class SharedSecrets {
  readonly #rows: Rows<DesiredRow>;
  readonly #first: PositionIndex;
  /** By the position of the first row with a secret, the others that have it. */
  readonly #others = new Map<number, number[]>();

  constructor(rows: Rows<DesiredRow>) {
    this.#rows = rows;
    this.#first = new PositionIndex(
      (position) => rows.at(position)?.token?.secretKey.hash(hashOfText) ?? 0,
      rows.length,
    );
  }

  see(secretKey: Secret, position: number): void {
    const hash = secretKey.hash(hashOfText);
    const first = this.#first.find(
      hash,
      (other) => this.#rows.at(other)?.token?.secretKey.is(secretKey) === true,
    );
    if (first < 0) {
      this.#first.add(hash, position);
      return;
    }
    const others = this.#others.get(first);
    if (others === undefined) this.#others.set(first, [position]);
    else others.push(position);
  }

  release(): void {
    this.#first.release();
  }

  warn(warnings: WarningList): void {
    for (const [first, positions] of this.#others) {
      const address = this.#rows.at(first)?.address;
      if (address === undefined) continue;
      const addresses = positions.flatMap((position) => this.#rows.at(position)?.address ?? []);
      warnings.add('shared-secret', {
        ...address,
        message: `the same secret key stands at ${formatAddresses(addresses)}; two tokens would show the same codes`,
      });
    }
  }
}

class UserCounts {
  readonly #counts = new NumberColumn();
  /** Rows by which a user has one token too many, in their order. */
  readonly #crowded: number[] = [];

  /** @param name - where the key of the row's user stands. */
  see(name: number, position: number): void {
    const count = this.#counts.at(name) + 1;
    this.#counts.put(name, count);
    if (count === TOKENS_PER_USER + 1) this.#crowded.push(position);
  }

  warn(rows: Rows<DesiredRow>, warnings: WarningList): void {
    for (const position of this.#crowded) {
      const row = rows.at(position);
      if (row === undefined) continue;
      warnings.add('crowded-user', {
        ...(row.userAddress ?? row.address),
        message: `'${row.user ?? ''}' gets more than ${TOKENS_PER_USER} tokens; Entra takes ${TOKENS_PER_USER} for a user, authenticator apps counted in`,
      });
    }
  }
}

/** A spreadsheet turns 0012345 into 12345: the assignment then names a token that is in no manifest. */
function warnAboutLostZeros(rows: Rows<DesiredRow>, warnings: WarningList): void {
  const withZeros = new Map<string, DesiredRow>();
  for (const row of rows) {
    if (row.serialNumber.startsWith('0')) {
      withZeros.set(row.serialNumber.replace(/^0+/, ''), row);
    }
  }
  for (const row of rows) {
    if (row.token !== undefined || row.invalid !== undefined || row.serialNumber.startsWith('0')) continue;
    const likely = withZeros.get(row.serialNumber);
    if (likely === undefined) continue;
    warnings.add('lost-zeros', {
      ...row.address,
      message: `serial number '${row.serialNumber}' stands in no manifest, but '${likely.serialNumber}' does at ${formatAddress(likely.address)}; a spreadsheet may have dropped the zeros`,
    });
  }
}
