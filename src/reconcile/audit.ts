// What an audit says of the tenant: a row for each token of the inventory, and what about it needs a person. The
// difference from an expected list is in audit-expected.ts. Pure.

import type { IdCounts } from '../compact/id-counts.js';
import { NamedTokens } from '../compact/named-tokens.js';
import { MappedRows } from '../compact/rows.js';
import { userKey } from '../lookup-key.js';
import type { DesiredRows, RowAddress } from '../manifest/row.js';
import type { Device, Observed, User } from '../tenant/observed.js';
import { expectedFindings } from './audit-expected.js';
import { sortedDevices } from './audit-order.js';
import { heldCounts } from './held-counts.js';
import { disabled, gone } from './holder-findings.js';
import { TOKENS_PER_USER_MAX } from './tenant-findings.js';
import type { AuditedToken, Finding, RowVerdict, Verdict, VerdictCount, VerdictList } from './verdict.js';

export interface AuditInput {
  readonly devices: Observed['devices'];
  /** Holders by object id, and the users whom the expected list names, by `userKey`. */
  readonly users: Observed['users'];
  /** The expected list; empty when the job names no file. */
  readonly expected: DesiredRows;
  /** When the inventory was listed, ISO 8601: a token that waits and was not seen before waits since then, as far as is known. */
  readonly seenAt: string;
  /** Since when this ledger's runs have found tokens assigned and not activated, by serial number. */
  readonly waitingSince: Pick<ReadonlyMap<string, string>, 'get'>;
  /** Tokens that have waited since before this, ISO 8601, are findings; none when left out. */
  readonly waitedTooLong?: string;
  /** Tokens that were last used before this, ISO 8601, are findings; none when left out. */
  readonly unusedSince?: string;
}

export interface Audited {
  readonly rows: VerdictList;
  readonly findings: readonly Finding[];
}

/** The audit of a tenant. Tokens stand in the order of their serial numbers. */
export function audit(input: AuditInput): Audited {
  const devices = sortedDevices(input.devices);
  const held = heldCounts(input.devices);
  const named = new NamedTokens(input.expected, input.devices);
  const rows = new MappedRows(devices, (device, n): RowVerdict => {
    const place = addressIn(input.expected, named.rowOf(device));
    const holder = holderOf(device, input);
    return {
      n,
      file: place?.file ?? '',
      line: place?.line ?? 0,
      serialNumber: device.serialNumber,
      user: holder?.userPrincipalName ?? '',
      verdict: verdictOf(device),
      already: true,
      reason: '',
      detail: '',
      next: '',
      deviceId: device.id,
      userId: device.assignedToId ?? '',
      attempts: 0,
      clientRequestId: '',
      requestId: '',
      token: tokenOf(device, holder, held, input),
    };
  });
  const aboutTokens: Finding[] = [];
  const counts = new Map<Verdict, VerdictCount>();
  for (const row of rows) {
    // An audit changes nothing: all that is, was so before.
    const count = (counts.get(row.verdict)?.count ?? 0) + 1;
    counts.set(row.verdict, { count, already: count });
    aboutTokens.push(...aboutToken(row, input));
  }
  return {
    rows: Object.assign(rows, { counts: () => counts }),
    findings: [
      ...duplicates(input),
      ...aboutTokens,
      ...crowded(devices, held),
      ...expectedFindings(input, named),
    ],
  };
}

function addressIn(expected: DesiredRows, n: number): RowAddress | undefined {
  return n < 0 ? undefined : (expected.parts?.addressAt(n) ?? expected.at(n)?.address);
}

/** Who holds a token is told by assignedTo, not by the status (graph-api.md, section 2.3). */
function verdictOf({ assignedToId, status }: Device): Verdict {
  if (assignedToId === undefined) return 'in-inventory';
  return status === 'activated' ? 'activated' : 'assigned';
}

function holderOf({ assignedToId }: Device, { users }: AuditInput): User | undefined {
  return assignedToId === undefined ? undefined : users.get(userKey(assignedToId));
}

function tokenOf(
  device: Device,
  holder: User | undefined,
  held: IdCounts,
  { seenAt, waitingSince }: AuditInput,
): AuditedToken {
  const { status, manufacturer, model, timeIntervalInSeconds, hashFunction, assignedToId } = device;
  const waits = verdictOf(device) === 'assigned';
  return {
    status,
    manufacturer,
    model,
    hashFunction,
    timeInterval: timeIntervalInSeconds ?? null,
    lastUsed: device.lastUsedDateTime ?? '',
    waitingSince: waits ? (waitingSince.get(device.serialNumber) ?? seenAt) : '',
    account: assignedToId === undefined ? '' : accountOf(holder),
    guest: holder?.isGuest ?? false,
    heldByUser: assignedToId === undefined ? 0 : held.of(assignedToId),
  };
}

function accountOf(holder: User | undefined): AuditedToken['account'] {
  if (holder === undefined) return 'missing';
  if (holder.accountEnabled === undefined) return 'unknown';
  return holder.accountEnabled ? 'enabled' : 'disabled';
}

function duplicates({ devices }: AuditInput): readonly Finding[] {
  const findings: Finding[] = [];
  for (const found of devices.values()) {
    const [first] = found;
    if (first === undefined || found.length === 1) continue;
    findings.push({
      kind: 'duplicate-serial',
      serialNumber: first.serialNumber,
      deviceId: found.map(({ id }) => id).join(' '),
      detail: `The tenant holds ${found.length} tokens with this serial number.`,
      next: 'Find out which is the one in hand, and delete the others from the inventory.',
    });
  }
  return findings;
}

/** What is to be said of one token and its holder. */
function aboutToken(row: RowVerdict, { waitedTooLong, unusedSince }: AuditInput): readonly Finding[] {
  const { token, serialNumber, deviceId, userId, user } = row;
  if (token === undefined || userId === '') return [];
  const found: Finding[] = [];
  const note = (kind: Finding['kind'], detail: string, next: string): void => {
    found.push({ kind, serialNumber, deviceId, userId, detail, next });
  };
  const who = user === '' ? userId : user;
  const about = { serialNumber, deviceId };
  if (token.account === 'missing') found.push(gone(about, userId));
  if (token.account === 'disabled') found.push(disabled(about, userId, user));
  if (token.guest)
    note(
      'holder-guest',
      `The holder, ${who}, is a guest, who cannot use it here.`,
      'Take the token back, so that it can go to somebody else.',
    );
  if (token.status === 'failedActivation') {
    note(
      'activation-failed',
      `The holder, ${who}, tried to activate the token and failed.`,
      'Let the holder try again with a fresh code; if it fails again, compare the secret with the vendor.',
    );
  }
  if (waitedTooLong !== undefined && token.waitingSince !== '' && token.waitingSince <= waitedTooLong) {
    note(
      'not-activated',
      `The token has been assigned since ${token.waitingSince.slice(0, 10)}, and ${who} has not activated it.`,
      'Remind the holder (https://aka.ms/mysecurityinfo), or take the token back.',
    );
  }
  if (unusedSince !== undefined && token.lastUsed !== '' && token.lastUsed < unusedSince) {
    note(
      'unused',
      `${who} used the token last on ${token.lastUsed.slice(0, 10)}.`,
      'Ask whether it is still needed; if not, take it back.',
    );
  }
  return found;
}

function crowded(devices: Iterable<Device>, held: IdCounts): readonly Finding[] {
  if (held.most <= TOKENS_PER_USER_MAX) return [];
  const tokens = new Map<string, Device[]>();
  for (const device of devices) {
    const { assignedToId } = device;
    if (assignedToId === undefined || held.of(assignedToId) <= TOKENS_PER_USER_MAX) continue;
    const known = tokens.get(assignedToId);
    if (known === undefined) tokens.set(assignedToId, [device]);
    else known.push(device);
  }
  return [...tokens].map(
    ([userId, of]): Finding => ({
      kind: 'too-many-tokens',
      serialNumber: of.map(({ serialNumber }) => serialNumber).join(' '),
      deviceId: of.map(({ id }) => id).join(' '),
      userId,
      detail: `One user (${userId}) holds ${of.length} hardware tokens; ${TOKENS_PER_USER_MAX} is the most that Entra allows.`,
      next: 'Take back those that the person no longer has.',
    }),
  );
}
