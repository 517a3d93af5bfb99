// The input files of a job, from the settings of the schema to what the manifest stage takes: paths are located,
// secrets are wrapped, and what was left out is not there.

import type { AssignmentsSource, LeaversSource, ManifestSource } from '../manifest/load.js';
import { Secret } from '../secret.js';
import type { JobSettings } from './schema.js';

type Locate = (written: string) => { readonly path: string; readonly absolutePath: string };

type ManifestSettings = JobSettings['manifests'][number];

export function toManifest(settings: ManifestSettings, located: Locate): ManifestSource {
  const { path, defaults, serialMap, password, key, ...said } = settings;
  return {
    ...given(said),
    ...(serialMap === undefined ? {} : { serialMap: located(serialMap) }),
    ...(defaults === undefined ? {} : { defaults: given(defaults) }),
    ...(password === undefined ? {} : { password: toSecret(password, located) }),
    ...(key === undefined ? {} : { key: toSecret(key, located) }),
    ...located(path),
  };
}

export function toAssignments(
  { path, ...said }: JobSettings['assignments'][number],
  located: Locate,
): AssignmentsSource {
  return { ...given(said), ...located(path) };
}

export function toLeavers({ path, ...said }: JobSettings['leavers'][number], located: Locate): LeaversSource {
  return { ...given(said), ...located(path) };
}

function toSecret(written: string | { readonly file: string }, located: Locate): Secret | ReturnType<Locate> {
  return typeof written === 'string' ? new Secret(written) : located(written.file);
}

/** A group of keys without those that were left out. */
type Given<Group> = { readonly [Key in keyof Group]?: Exclude<Group[Key], undefined> };

/**
 * The same keys, without those that are `undefined`: a setting that was left out is not there.
 *
 * @example
 * given({ timeInterval: 30, hashFunction: undefined }); // { timeInterval: 30 }
 */
export function given<Group extends object>(group: Group): Given<Group>;
export function given(group: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
}
