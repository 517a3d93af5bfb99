// What a job says of a manifest, with what stands in files of its own: passwords, keys, serial numbers.

import { resolve } from 'node:path';
import { Secret } from '../secret.js';
import { FileRefusal, type FileTrouble } from './file-refusal.js';
import { serialMapCsv } from './formats/serial-map-csv.js';
import { isInvalidRow } from './formats/table-format.js';
import type { ManifestOptions } from './manifest-options.js';
import { STANDARD_INPUT } from './read-bytes.js';
import { FileReading } from './read-rows.js';
import { readSecretFile } from './read-secret-file.js';
import { entryKey, type SerialMap } from './serial-map.js';

/** A file that a job names. */
export interface NamedSource {
  /** As it is shown: relative when it was given so, with forward slashes. */
  readonly path: string;
  /** Where it is; `path` from the current directory when left out. */
  readonly absolutePath?: string;
}

/** A vendor's file of tokens. */
export interface ManifestSource extends NamedSource, Omit<ManifestOptions, 'serials' | 'password' | 'key'> {
  /** What an encrypted container is opened with, or the file that holds it. */
  readonly password?: Secret | NamedSource;
  readonly key?: Secret | NamedSource;
  /** A table of entry names and serial numbers, for a file that has none. */
  readonly serialMap?: NamedSource;
  /** It was processed before: its tokens are rows only where an assignment names them now. */
  readonly known?: boolean;
}

/** Where a file is. */
export function locate({ path, absolutePath = path }: NamedSource): string {
  return absolutePath === STANDARD_INPUT ? absolutePath : resolve(absolutePath);
}

/**
 * @param refused - is told of every file that cannot be used; what it should have held is left out.
 *
 * @example
 * const options = await readManifestOptions(source, (file, error) => problems.push({ file, error }));
 */
export async function readManifestOptions(
  source: ManifestSource,
  refused: (file: string, error: unknown) => void,
  signal?: AbortSignal,
): Promise<ManifestOptions> {
  const {
    serialMap,
    password,
    key,
    path: _path,
    absolutePath: _absolutePath,
    known: _known,
    ...said
  } = source;
  const opened = async (secret: Secret | NamedSource | undefined): Promise<Secret | undefined> => {
    if (secret === undefined || secret instanceof Secret) return secret;
    return readSecretFile(locate(secret)).catch((error: unknown) => {
      refused(secret.path, error);
      return undefined;
    });
  };
  const serials =
    serialMap === undefined
      ? undefined
      : await readSerialMap(serialMap, signal).catch((error: unknown) => {
          refused(serialMap.path, error);
          return new Map<string, string>();
        });
  const openedPassword = await opened(password);
  const openedKey = await opened(key);
  return {
    ...said,
    ...(serials === undefined ? {} : { serials }),
    ...(openedPassword === undefined ? {} : { password: openedPassword }),
    ...(openedKey === undefined ? {} : { key: openedKey }),
  };
}

/** @throws {FileRefusal} with every line that cannot be used. */
async function readSerialMap(source: NamedSource, signal: AbortSignal | undefined): Promise<SerialMap> {
  const serials = new Map<string, string>();
  const troubles: FileTrouble[] = [];
  const reading = new FileReading(locate(source), source.path, { table: serialMapCsv }, signal);
  for await (const batch of reading.rows()) {
    for (const row of batch) {
      const { line } = row.address;
      if (isInvalidRow(row)) troubles.push({ line, message: row.detail });
      else if (serials.has(entryKey(row.name))) {
        const message = 'the name of the entry stands on an earlier line as well; which is right?';
        troubles.push({ line, message });
      } else serials.set(entryKey(row.name), row.serialNumber);
    }
  }
  if (troubles.length > 0) throw new FileRefusal('input-invalid', troubles);
  return serials;
}
