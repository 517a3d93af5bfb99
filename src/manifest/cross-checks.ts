// Looks across all rows of a job for things that are suspicious and yet may be meant. Pure: the hash that
// stands for a secret is handed in. Nothing here stops a row.

import { NumberColumn } from '../compact/number-column.js';
import type { Rows } from '../compact/rows.js';
import { TextIndex } from '../compact/text-index.js';
import { userKey } from '../lookup-key.js';
import type { Secret } from '../secret.js';
import { formatAddress, formatAddresses } from './address.js';
import type { DesiredRow, Warning } from './row.js';
import { WarningList } from './warnings.js';

/** Hardware and software tokens together, per user (graph-api.md, section 2.4). */
const TOKENS_PER_USER = 5;

/** A value that is the same for the same secret and tells nothing about it. */
export type Fingerprint = (secret: Secret) => string;

/**
 * Warnings about secrets that stand twice, users with too many tokens, and serial numbers that may have lost
 * their leading zeros.
 */
export function crossChecks(rows: Rows<DesiredRow>, fingerprint: Fingerprint): readonly Warning[] {
  const warnings = new WarningList();
  const secrets = new SharedSecrets(fingerprint);
  const users = new UserCounts();
  let hasZeros = false;
  let position = 0;
  for (const row of rows) {
    secrets.see(row, position);
    users.see(row, position);
    hasZeros ||= row.serialNumber.startsWith('0');
    position += 1;
  }
  secrets.warn(rows, warnings);
  users.warn(rows, warnings);
  if (hasZeros) warnAboutLostZeros(rows, warnings);
  return warnings.list();
}

/** Graph never shows a secret again, so that this is the last moment to see it (formats.md, section 14, rule 9). */
class SharedSecrets {
  readonly #fingerprint: Fingerprint;
  readonly #prints = new TextIndex();
  /** For each fingerprint the first row that has it, and the others where there are any. */
  readonly #first = new NumberColumn();
  readonly #others = new Map<number, number[]>();

  constructor(fingerprint: Fingerprint) {
    this.#fingerprint = fingerprint;
  }

  see({ token }: DesiredRow, position: number): void {
    if (token === undefined) return;
    const print = this.#prints.add(this.#fingerprint(token.secretKey));
    if (print === this.#first.length) {
      this.#first.push(position);
      return;
    }
    const others = this.#others.get(print);
    if (others === undefined) this.#others.set(print, [position]);
    else others.push(position);
  }

  warn(rows: Rows<DesiredRow>, warnings: WarningList): void {
    for (const [print, positions] of this.#others) {
      const address = rows.at(this.#first.at(print))?.address;
      if (address === undefined) continue;
      const addresses = positions.flatMap((position) => rows.at(position)?.address ?? []);
      warnings.add('shared-secret', {
        ...address,
        message: `the same secret key stands at ${formatAddresses(addresses)}; two tokens would show the same codes`,
      });
    }
  }
}

class UserCounts {
  readonly #users = new TextIndex();
  readonly #counts = new NumberColumn();
  /** Rows by which a user has one token too many, in their order. */
  readonly #crowded: number[] = [];

  see({ user, invalid }: DesiredRow, position: number): void {
    if (user === undefined || invalid !== undefined) return;
    const known = this.#users.add(userKey(user));
    if (known === this.#counts.length) this.#counts.push(0);
    const count = this.#counts.at(known) + 1;
    this.#counts.set(known, count);
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
