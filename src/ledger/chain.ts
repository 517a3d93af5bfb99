// The hash chain over a run's events: each hash covers the one before, so that a line that was changed or
// taken out of the middle shows. It is evidence, not protection: whoever can write the whole file can make a
// new chain.

import { createHash } from 'node:crypto';

/** The hash of an event's fields behind the event whose hash is `previous` (empty for the first): hexadecimal SHA-256. */
export function chainHash(previous: string, fields: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(`${previous}\n${JSON.stringify(fields)}`)
    .digest('hex');
}
