// Looks across all rows of a job for things that are suspicious and yet may be meant. Pure: the hash that
// stands for a secret is handed in. Nothing here stops a row.

import { userKey } from '../lookup-key.js';
import type { Secret } from '../secret.js';
import { formatAddress, formatAddresses } from './address.js';
import type { DesiredRow, RowAddress, Warning } from './row.js';
import { WarningList } from './warnings.js';

/** Hardware and software tokens together, per user (graph-api.md, section 2.4). */
const TOKENS_PER_USER = 5;

/** A value that is the same for the same secret and tells nothing about it. */
export type Fingerprint = (secret: Secret) => string;

/**
 * Warnings about secrets that stand twice, users with too many tokens, and serial numbers that may have lost
 * their leading zeros.
 */
export function crossChecks(rows: readonly DesiredRow[], fingerprint: Fingerprint): readonly Warning[] {
  const warnings = new WarningList();
  warnAboutSharedSecrets(rows, fingerprint, warnings);
  warnAboutCrowdedUsers(rows, warnings);
  warnAboutLostZeros(rows, warnings);
  return warnings.list();
}

/** Graph never shows a secret again, so that this is the last moment to see it (formats.md, section 14, rule 9). */
function warnAboutSharedSecrets(
  rows: readonly DesiredRow[],
  fingerprint: Fingerprint,
  warnings: WarningList,
): void {
  const first = new Map<string, RowAddress>();
  const others = new Map<string, RowAddress[]>();
  for (const row of rows) {
    if (row.token === undefined) continue;
    const key = fingerprint(row.token.secretKey);
    if (!first.has(key)) first.set(key, row.address);
    else append(others, key, row.address);
  }
  for (const [key, addresses] of others) {
    const address = first.get(key);
    if (address === undefined) continue;
    warnings.add('shared-secret', {
      ...address,
      message: `the same secret key stands at ${formatAddresses(addresses)}; two tokens would show the same codes`,
    });
  }
}

function warnAboutCrowdedUsers(rows: readonly DesiredRow[], warnings: WarningList): void {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (row.user === undefined || row.invalid !== undefined) continue;
    const user = userKey(row.user);
    const count = (counts.get(user) ?? 0) + 1;
    counts.set(user, count);
    if (count !== TOKENS_PER_USER + 1) continue;
    warnings.add('crowded-user', {
      ...(row.userAddress ?? row.address),
      message: `'${row.user}' gets more than ${TOKENS_PER_USER} tokens; Entra takes ${TOKENS_PER_USER} for a user, authenticator apps counted in`,
    });
  }
}

/** A spreadsheet turns 0012345 into 12345: the assignment then names a token that is in no manifest. */
function warnAboutLostZeros(rows: readonly DesiredRow[], warnings: WarningList): void {
  const withZeros = new Map<string, DesiredRow>();
  for (const row of rows) {
    if (row.serialNumber.startsWith('0')) {
      withZeros.set(row.serialNumber.replace(/^0+/, ''), row);
    }
  }
  if (withZeros.size === 0) return;
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

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
