// How a row's place is written in a sentence: `file:line`.

import type { RowAddress } from './row.js';

/** A sentence names at most this many rows; a serial number that stands in a thousand lines must stay readable. */
const NAMED_ROWS = 4;

/** @example formatAddress({ file: 'tokens.csv', line: 12 }); // 'tokens.csv:12' */
export function formatAddress(address: RowAddress): string {
  return `${address.file}:${address.line}`;
}

/** @example formatAddresses([a, b]); // 'tokens.csv:12, tokens.csv:15' */
export function formatAddresses(addresses: readonly RowAddress[]): string {
  const named = addresses.slice(0, NAMED_ROWS).map(formatAddress).join(', ');
  const rest = addresses.length - NAMED_ROWS;
  return rest > 0 ? `${named} and ${rest} more` : named;
}
