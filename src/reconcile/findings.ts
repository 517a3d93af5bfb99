// What list calls show that no row explains: two tokens with one serial number, a token whose properties are
// not those of the manifest, an activation that failed. What needs more than that is in tenant-findings.ts. Pure.

import type { Rows } from '../compact/rows.js';
import { serialKey } from '../lookup-key.js';
import type { DesiredRow } from '../manifest/row.js';
import type { Device } from '../tenant/observed.js';
import type { Finding, FindingKind } from './verdict.js';

/** The findings about the job's rows, in the order of the rows. Rows that were refused are passed over. */
export function findFindings(
  rows: Rows<DesiredRow>,
  devices: ReadonlyMap<string, readonly Device[]>,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const row of rows) {
    if (row.invalid !== undefined) continue;
    findings.push(...rowFindings(row, devices.get(serialKey(row.serialNumber)) ?? []));
  }
  return findings;
}

/** The findings about one row, beside the tokens with its serial number. */
export function rowFindings(row: DesiredRow, found: readonly Device[]): readonly Finding[] {
  const [device] = found;
  if (device === undefined || (found.length === 1 && isAsTold(row, device))) return NONE;
  if (found.length > 1) return [duplicate(row, found)];
  return [...mismatches(row, device), ...failedActivation(row, device)];
}

const NONE: readonly Finding[] = [];

/** A quick look, for almost all tokens are. */
function isAsTold({ token }: DesiredRow, device: Device): boolean {
  if (device.status === 'failedActivation') return false;
  return (
    token === undefined ||
    (device.timeIntervalInSeconds === token.timeIntervalInSeconds &&
      device.hashFunction === token.hashFunction &&
      device.manufacturer === token.manufacturer &&
      device.model === token.model)
  );
}

export function countFindings(findings: readonly Finding[]): Readonly<Record<FindingKind, number>> {
  const counts: Record<FindingKind, number> = {
    'duplicate-serial': 0,
    'legacy-duplicate': 0,
    'unlisted-token': 0,
    'unlisted-assignment': 0,
    'holder-disabled': 0,
    'holder-gone': 0,
    'too-many-tokens': 0,
    'interval-mismatch': 0,
    'hash-mismatch': 0,
    'manufacturer-mismatch': 0,
    'model-mismatch': 0,
    'activation-failed': 0,
    'not-activated': 0,
    'old-method': 0,
    'holder-guest': 0,
    unused: 0,
    'missing-token': 0,
    'missing-assignment': 0,
    'other-holder': 0,
    'unusable-row': 0,
  };
  for (const { kind } of findings) counts[kind] += 1;
  return counts;
}

function place(row: DesiredRow, device: Device): Omit<Finding, 'kind' | 'detail' | 'next'> {
  return {
    serialNumber: row.serialNumber,
    deviceId: device.id,
    file: row.address.file,
    line: row.address.line,
  };
}

function duplicate(row: DesiredRow, found: readonly Device[]): Finding {
  return {
    serialNumber: row.serialNumber,
    deviceId: found.map((device) => device.id).join(' '),
    file: row.address.file,
    line: row.address.line,
    kind: 'duplicate-serial',
    detail: `The tenant holds ${found.length} tokens with this serial number.`,
    next: 'Find out which is the one in hand, and delete the others from the inventory.',
  };
}

/** Properties of a token that are not those of the manifest. */
export function mismatches(row: DesiredRow, device: Device): readonly Finding[] {
  const { token } = row;
  if (token === undefined) return [];
  const compare = (kind: FindingKind, what: string, wanted: string, shown: string): readonly Finding[] =>
    shown === '' || shown.trim().toLowerCase() === wanted.trim().toLowerCase()
      ? []
      : [
          {
            ...place(row, device),
            kind,
            detail: `The tenant says ${what} ${shown}; the manifest says ${wanted}.`,
            next:
              kind === 'interval-mismatch' || kind === 'hash-mismatch'
                ? 'Its codes will not be accepted. Find out which is right; an unassigned token can be corrected.'
                : 'Correct the inventory or the manifest; codes are not affected.',
          },
        ];
  return [
    ...compare(
      'interval-mismatch',
      'time interval',
      `${token.timeIntervalInSeconds}`,
      device.timeIntervalInSeconds === undefined ? '' : `${device.timeIntervalInSeconds}`,
    ),
    ...compare('hash-mismatch', 'hash function', token.hashFunction, device.hashFunction),
    ...compare('manufacturer-mismatch', 'manufacturer', token.manufacturer, device.manufacturer),
    ...compare('model-mismatch', 'model', token.model, device.model),
  ];
}

function failedActivation(row: DesiredRow, device: Device): readonly Finding[] {
  if (device.status !== 'failedActivation') return [];
  return [
    {
      ...place(row, device),
      kind: 'activation-failed',
      detail: 'The holder tried to activate the token and failed.',
      next: 'Let the holder try again with a fresh code; if it fails again, compare the secret with the vendor.',
    },
  ];
}
