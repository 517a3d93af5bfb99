// The hash by which a resumed run recognises its job: of what the job says, not of how the file is written.

import { createHash } from 'node:crypto';
import { applyOverride } from './overrides.js';
import type { KeyPath } from './yaml-source.js';

export const CLIENT_SECRET: KeyPath = ['credential', 'clientSecret'];

/** The client secret as a job file has it; `undefined` when it has none. */
export function clientSecretIn(job: unknown): unknown {
  if (typeof job !== 'object' || job === null || !('credential' in job)) return undefined;
  const { credential } = job;
  if (typeof credential !== 'object' || credential === null || !('clientSecret' in credential))
    return undefined;
  return credential.clientSecret;
}

/**
 * SHA-256, in hexadecimal, of a job with its overrides and references to the environment in place. The client
 * secret is left as it is written, as the name of a variable: a renewed secret is still the same job, and a
 * hash of a secret belongs into no ledger.
 *
 * @param written - the job before references were replaced.
 * @param expanded - the job after it.
 */
export function effectiveHash(written: unknown, expanded: unknown): string {
  const secret = clientSecretIn(written);
  const hashed = secret === undefined ? expanded : applyOverride(expanded, CLIENT_SECRET, secret);
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex');
}

/** JSON with the keys of every object in order, so that their order in the file does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}
