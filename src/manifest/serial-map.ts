// Serial numbers for files that have none: an authenticator's export knows its entries by name (formats.md,
// section 12). A name that is in no map leaves its token without a serial number, and its row invalid.

import type { NamedToken } from './formats/decode-json-token.js';
import type { RawToken } from './raw-token.js';

/** Serial number by the name of an entry, in lower case. */
export type SerialMap = ReadonlyMap<string, string>;

/** The name under which an entry is looked up. */
export function entryKey(name: string): string {
  return name.trim().toLowerCase();
}

/**
 * @example
 * withSerialNumber({ raw, names: ['Contoso:helga', 'helga'] }, new Map([['helga', '0012345']]));
 */
export function withSerialNumber({ raw, names }: NamedToken, map: SerialMap | undefined): RawToken {
  for (const name of names) {
    const serialNumber = map?.get(entryKey(name));
    if (serialNumber !== undefined) return { ...raw, serialNumber };
  }
  const detail =
    map === undefined
      ? 'the file has no serial numbers; name a table of entry names and serial numbers with serialMap for this manifest in the job file'
      : 'the serial map of this manifest does not have the name of this entry';
  return raw.trouble === undefined ? { ...raw, trouble: { reason: 'serial-missing', detail } } : raw;
}
