// The difference between an audited tenant and the list of what it should hold: what is missing, what is
// somebody else's, what no line names, and what has other properties than the manifest says. Pure.

import { isSameMake } from '../compact/make-column.js';
import type { NamedTokens } from '../compact/named-tokens.js';
import { serialKey, userKey } from '../lookup-key.js';
import type { DesiredRow, DesiredRows } from '../manifest/row.js';
import type { Device, Observed } from '../tenant/observed.js';
import { mismatches } from './findings.js';
import { unlistedFindings } from './tenant-findings.js';
import type { Finding } from './verdict.js';

interface Expectation {
  readonly expected: DesiredRows;
  readonly devices: Observed['devices'];
  readonly users: Observed['users'];
}

/** Nothing when there is no list: then nothing is expected, and nothing is unexpected either. */
export function expectedFindings(given: Expectation, named: NamedTokens<Device>): readonly Finding[] {
  const { expected: rows, devices, users } = given;
  if (rows.length === 0) return [];
  const findings: Finding[] = [];
  const isSo = asExpected(given);
  for (let n = 0; n < rows.length; n += 1) {
    const row = isSo(n) ? undefined : rows.at(n);
    if (row === undefined) continue;
    findings.push(...aboutRow(row, devices.get(serialKey(row.serialNumber)) ?? [], users));
  }
  return [...findings, ...unlistedFindings({ rows, devices, users }, named, isSo)];
}

/**
 * Tells the rows whose token is held by the one whom they name, and is what the manifest says, by numbers alone: almost
 * all are such. The long way would find nothing about them.
 */
function asExpected({ expected: { parts }, devices, users }: Expectation): (n: number) => boolean {
  const { places: tokens, people } = devices;
  const { places: members } = users;
  if (parts === undefined || tokens === undefined || members === undefined || members.people !== people)
    return () => false;
  return (n) => {
    const person = parts.isPlain(n) ? members.memberAt(parts.nameIn(members.names, n)) : -1;
    const serialNumber = person < 0 ? undefined : parts.serialNumberAt(n);
    if (serialNumber === undefined) return false;
    const [token = -1] = tokens.positionsOf(serialKey(serialNumber));
    // Where there are several with its serial number, nothing is said of the row either.
    if (token < 0 || tokens.holderAt(token) !== person) return false;
    const make = parts.makeAt(n);
    return make === 'none' || (make !== undefined && isSameMake(make, tokens.makeAt(token)));
  };
}

function aboutRow(row: DesiredRow, found: readonly Device[], users: Observed['users']): readonly Finding[] {
  const at = { serialNumber: row.serialNumber, file: row.address.file, line: row.address.line };
  if (row.invalid !== undefined) {
    const detail = `The line of the list cannot be used: ${row.invalid.detail}.`;
    return [{ ...at, kind: 'unusable-row', deviceId: '', detail, next: 'Mend the line.' }];
  }
  const [device] = found;
  if (device === undefined) {
    return [
      {
        ...at,
        kind: 'missing-token',
        deviceId: '',
        detail: 'The list has this token, and the tenant does not.',
        next: 'Create it with an onboarding job, or take it from the list.',
      },
    ];
  }
  // Which of several is meant cannot be known; that there are several is a finding of its own.
  if (found.length > 1) return [];
  return [...mismatches(row, device), ...aboutHolder(row, device, users, at)];
}

function aboutHolder(
  row: DesiredRow,
  device: Device,
  users: Observed['users'],
  at: Pick<Finding, 'serialNumber' | 'file' | 'line'>,
): readonly Finding[] {
  if (row.user === undefined) return [];
  const wanted = users.get(userKey(row.user));
  const holder = device.assignedToId;
  if (wanted !== undefined && holder?.toLowerCase() === wanted.id.toLowerCase()) return [];
  const unknown = wanted === undefined ? ', whom the tenant does not know' : '';
  if (holder === undefined) {
    return [
      {
        ...at,
        kind: 'missing-assignment',
        deviceId: device.id,
        ...(wanted === undefined ? {} : { userId: wanted.id }),
        detail: `The list gives this token to ${row.user}${unknown}, and nobody holds it.`,
        next: 'Assign it with an onboarding job, or correct the list.',
      },
    ];
  }
  return [
    {
      ...at,
      kind: 'other-holder',
      deviceId: device.id,
      userId: holder,
      detail: `The list gives this token to ${row.user}${unknown}, and another user holds it (${holder}).`,
      next: 'Find out who has it in hand, and correct the list or the tenant.',
    },
  ];
}
