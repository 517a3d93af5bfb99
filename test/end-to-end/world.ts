// A tenant and the files of a job, made up and as large as a test wants, with every kind of row in it, and
// what the ground truth must be when the job has been carried out.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base32nopad } from '@scure/base';
import { saveSnapshot } from '../../src/emulator/snapshot-file.js';
import type { SnapshotDevice, TenantSnapshot } from '../../src/emulator/tenant.js';
import { seededRandom } from '../../src/random.js';

/** What a row meets in the tenant, and what the job must make of it. */
export type RowKind =
  | 'in-stock'
  | 'absent'
  | 'already-assigned'
  | 'already-activated'
  | 'held-by-other'
  | 'bad-secret'
  | 'unknown-user'
  | 'guest';

export interface WorldRow {
  readonly kind: RowKind;
  readonly serialNumber: string;
  readonly user: string;
  readonly userId: string;
  /** The line of the manifest. */
  readonly line: number;
}

export interface World {
  readonly directory: string;
  readonly job: string;
  readonly snapshot: string;
  readonly state: string;
  readonly reports: string;
  readonly rows: readonly WorldRow[];
}

export type Composition = Readonly<Partial<Record<RowKind, number>>>;

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Writes the files of a world into a fresh directory. `jobLines` are further lines of the job file. */
export function makeWorld(composition: Composition, jobLines: readonly string[] = []): World {
  const directory = mkdtempSync(join(tmpdir(), 'oathbatch-world-'));
  const random = seededRandom(7);
  const kinds = Object.entries(composition).flatMap(([kind, count]) => Array<string>(count).fill(kind));
  // Mixed, so that every part of a run meets every kind of row.
  const order = kinds.map((kind) => ({ kind, draw: random.next() })).sort((a, b) => a.draw - b.draw);
  const rows = order.map(({ kind }, index): WorldRow => {
    const user = `user${index}@contoso.example`;
    return {
      kind: toKind(kind),
      serialNumber: `00${70_000_000 + index}`,
      user,
      userId: uuid(index + 1),
      line: index + 2,
    };
  });

  const key = (): string => base32nopad.encode(Uint8Array.from({ length: 20 }, () => random.next() * 256));
  const manifest = rows.map(
    ({ kind, serialNumber }) =>
      `,${serialNumber},${kind === 'bad-secret' ? '01890189018901890189018901890189' : key()},30,Contoso,C100`,
  );
  const assignments = rows.map(({ serialNumber, user }) => `${serialNumber},${user}`);
  const job = [
    'name: world',
    'kind: onboarding',
    'graph: emulator',
    'manifests: [{ path: tokens.csv }]',
    'assignments: [{ path: assignments.csv }]',
    ...jobLines,
  ];
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(directory, name);
    writeFileSync(path, `${lines.join('\r\n')}\r\n`);
    return path;
  };
  write('tokens.csv', ['upn,serial number,secret key,time interval,manufacturer,model', ...manifest]);
  write('assignments.csv', ['serial number,user', ...assignments]);
  const snapshot = join(directory, 'tenant', 'tenant.json');
  mkdirSync(join(directory, 'tenant'));
  saveSnapshot(snapshot, tenantOf(rows));
  return {
    directory,
    job: write('job.yaml', job),
    snapshot,
    state: join(directory, 'state'),
    reports: join(directory, 'reports'),
    rows,
  };
}

const KINDS: readonly RowKind[] = [
  'in-stock',
  'absent',
  'already-assigned',
  'already-activated',
  'held-by-other',
  'bad-secret',
  'unknown-user',
  'guest',
];

function toKind(text: string): RowKind {
  const kind = KINDS.find((known) => known === text);
  if (kind === undefined) throw new Error(`no kind of row: ${text}`);
  return kind;
}

/** The user who holds what is held by others, and what no row names. */
export const STRANGER_ID = uuid(0xf_ffff);

/** Tokens of the tenant that no row names: nothing may happen to them. */
export const BYSTANDERS = 25;

function tenantOf(rows: readonly WorldRow[]): TenantSnapshot {
  const users = rows
    .filter(({ kind }) => kind !== 'unknown-user')
    .map(({ kind, user, userId }) => ({
      id: userId,
      userPrincipalName: user,
      displayName: user,
      accountEnabled: true,
      userType: kind === 'guest' ? ('Guest' as const) : ('Member' as const),
    }));
  const stranger = {
    id: STRANGER_ID,
    userPrincipalName: 'stranger@contoso.example',
    displayName: 'Stranger',
    accountEnabled: true,
    userType: 'Member' as const,
  };
  const devices = rows
    .filter(({ kind }) => kind !== 'absent')
    .map((row, index) => device(uuid(0x10_0000 + index), row.serialNumber, custodyOf(row)));
  const bystanders = Array.from({ length: BYSTANDERS }, (_, index) =>
    device(
      uuid(0x20_0000 + index),
      `BYSTANDER${index}`,
      index % 5 === 0 ? { kind: 'stock' } : held(STRANGER_ID, 'activated'),
    ),
  );
  return {
    policy: { state: 'enabled', includeTargets: [], excludeTargets: [] },
    users: [...users, stranger],
    devices: [...devices, ...bystanders],
  };
}

function device(id: string, serialNumber: string, custody: SnapshotDevice['custody']): SnapshotDevice {
  return {
    id,
    serialNumber,
    displayName: null,
    manufacturer: 'Contoso',
    model: 'C100',
    timeIntervalInSeconds: 30,
    hashFunction: 'hmacsha1',
    lastUsedDateTime: null,
    isLegacy: false,
    custody,
  };
}

function held(by: string, status: 'assigned' | 'activated'): SnapshotDevice['custody'] {
  return { kind: 'held', by, sinceMs: 0, status, wrongCodes: 0 };
}

function custodyOf(row: WorldRow): SnapshotDevice['custody'] {
  switch (row.kind) {
    case 'already-assigned':
      return held(row.userId, 'assigned');
    case 'already-activated':
      return held(row.userId, 'activated');
    case 'held-by-other':
      return held(STRANGER_ID, 'activated');
    case 'in-stock':
    case 'absent':
    case 'bad-secret':
    case 'unknown-user':
    case 'guest':
      return { kind: 'stock' };
  }
}
