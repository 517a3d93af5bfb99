// The rehearsal Graph inside a run: a tenant made from the job's own files, served on a loopback port, and
// kept in the state directory, so that the next run meets what this one left behind. Secrets are not kept:
// they come from the manifest again.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import { Emulator } from '../emulator/emulator.js';
import { serveEmulator } from '../emulator/server.js';
import type { EmulatorSettings } from '../emulator/settings.js';
import { loadSnapshot, SnapshotSaver } from '../emulator/snapshot-file.js';
import type { SeedUser, TenantSeed, TenantSnapshot } from '../emulator/tenant.js';
import type { Job } from '../job/job.js';
import { userKey } from '../lookup-key.js';
import type { Desired } from '../manifest/row.js';
import { livedIn } from './lived-in-tenant.js';

export interface Rehearsal {
  /** `http://127.0.0.1:PORT/beta` */
  readonly url: string;
  close(): Promise<void>;
}

const OBJECT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An object id that is the same for the same name in every rehearsal. */
function objectIdOf(user: string): string {
  if (OBJECT_ID.test(user)) return user.toLowerCase();
  const hex = createHash('sha256').update(userKey(user)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** `anna.keller@contoso.example` → `Anna Keller` */
function displayNameOf(user: string): string {
  return (user.split('@')[0] ?? user)
    .split(/[._-]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ');
}

/** The tenant that the job's files presuppose: their users, and their tokens as the job says. */
export function rehearsalTenant(
  desired: Desired,
  tokens: Job['emulator']['tenant']['tokens'],
  clock: Clock,
): TenantSeed {
  const names = new Map(
    desired.rows.flatMap(({ user }) => (user === undefined ? [] : [[userKey(user), user]])),
  );
  const users = [...names.values()].map((name) => ({
    id: objectIdOf(name),
    userPrincipalName: name.includes('@') ? name : `${name}@contoso.example`,
    displayName: displayNameOf(name),
    accountEnabled: true,
    userType: 'Member' as const,
  }));
  const devices = desired.rows.flatMap((row) =>
    row.token === undefined || row.invalid !== undefined || tokens === 'absent'
      ? []
      : [{ serialNumber: row.serialNumber, ...row.token }],
  );
  if (tokens !== 'in-use') return { users, devices };
  const holders = desired.rows.flatMap(({ serialNumber, user }) =>
    user === undefined ? [] : [[serialNumber, objectIdOf(user)] as const],
  );
  return livedIn({ users, devices }, new Map(holders), clock.wallMs());
}

/** The file that keeps a job's rehearsal tenant. */
function snapshotPath(stateDir: string, job: string): string {
  return join(stateDir, 'emulator', `${job}.json`);
}

/** Starts a rehearsal Graph for a job. */
export async function startRehearsal(
  job: Job,
  desired: Desired,
  stateDir: string,
  clock: Clock,
): Promise<Rehearsal> {
  return serveTenant({
    settings: job.emulator.settings,
    seed: rehearsalTenant(desired, job.emulator.tenant.tokens, clock),
    clock,
    keep: snapshotPath(stateDir, job.name),
  });
}

export interface RehearsalOptions {
  readonly settings: EmulatorSettings;
  readonly seed: TenantSeed;
  readonly clock: Clock;
  /** A file that keeps the tenant from one rehearsal to the next. */
  readonly keep?: string;
  readonly port?: number;
}

/** Serves a tenant on a loopback port. */
export async function serveTenant(options: RehearsalOptions): Promise<Rehearsal> {
  const { settings, seed, clock, keep, port } = options;
  const kept = keep === undefined ? undefined : await loadSnapshot(keep);
  const snapshot = kept === undefined ? undefined : withNewUsers(kept, seed);
  const emulator = new Emulator({ settings, seed, clock, ...(snapshot === undefined ? {} : { snapshot }) });
  const saver = keep === undefined ? undefined : new SnapshotSaver(emulator, keep);
  const server = await serveEmulator(emulator, port === undefined ? {} : { port });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await saver?.flush();
    },
  };
}

/** Users who were added to the files since the tenant was kept exist in the next rehearsal. */
function withNewUsers(kept: TenantSnapshot, seed: TenantSeed): TenantSnapshot {
  const known = new Set(kept.users.flatMap((user) => [user.id, userKey(user.userPrincipalName)]));
  const isNew = (user: SeedUser): boolean =>
    !known.has(user.id) && !known.has(userKey(user.userPrincipalName));
  return { ...kept, users: [...kept.users, ...seed.users.filter(isNew)] };
}
