// The hash by which a resumed run recognises its job: of what the job says, not of how the file is written.

import { createHash } from 'node:crypto';
import { applyOverride } from './overrides.js';
import type { KeyPath } from './yaml-source.js';

/** A secret as a job file has it: where, and how it is written. */
export interface WrittenSecret {
  readonly path: KeyPath;
  readonly written: unknown;
}

/** The keys of a credential that hold a secret. */
const CREDENTIAL_SECRETS = ['clientSecret', 'certificatePassword'] as const;

/** The keys of a manifest that hold a secret, unless they name a file. */
const MANIFEST_SECRETS = ['password', 'key'] as const;

/** Every secret of a job, whether it is written as it should be or not. */
export function secretsIn(job: unknown): readonly WrittenSecret[] {
  const secrets: WrittenSecret[] = [];
  for (const key of CREDENTIAL_SECRETS) {
    const written = propertyOf(propertyOf(job, 'credential'), key);
    if (written !== undefined) secrets.push({ path: ['credential', key], written });
  }
  const webhook = propertyOf(propertyOf(job, 'digest'), 'webhook');
  if (webhook !== undefined) secrets.push({ path: ['digest', 'webhook'], written: webhook });
  const manifests = propertyOf(job, 'manifests');
  if (!Array.isArray(manifests)) return secrets;
  manifests.forEach((manifest: unknown, index) => {
    for (const key of MANIFEST_SECRETS) {
      const written = propertyOf(manifest, key);
      // Anything but a text is refused by the schema, or names a file.
      if (typeof written === 'string') secrets.push({ path: ['manifests', index, key], written });
    }
  });
  return secrets;
}

function propertyOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const entry = Object.entries(value).find(([name]) => name === key);
  const found: unknown = entry?.[1];
  return found;
}

/**
 * SHA-256, in hexadecimal, of a job with its overrides and references to the environment in place. Secrets are
 * left as they are written, as the names of variables: a renewed secret is still the same job, and a hash of a
 * secret belongs into no ledger.
 *
 * @param written - the job before references were replaced.
 * @param expanded - the job after it.
 */
export function effectiveHash(written: unknown, expanded: unknown): string {
  const hashed = secretsIn(written).reduce(
    (job, secret) => applyOverride(job, secret.path, secret.written),
    expanded,
  );
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
