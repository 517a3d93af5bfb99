// A rehearsal tenant some years on, for audits: tokens are held and used, some lie in a drawer, people have left.
// The same files give the same tenant, apart from the day.

import { createHash } from 'node:crypto';
import { isoTime } from '../clock.js';
import type { SeedDevice, SeedUser, TenantSeed } from '../emulator/tenant.js';

/** One in so many. */
const DISABLED = 25;
const GUEST = 120;
const NEVER_ACTIVATED = 10;
const FAILED = 40;
const LEFT_IN_STOCK = 15;

const DAY_MS = 86_400_000;
const LAST_USED_DAYS_MAX = 400;

/** A number that is the same for the same text, and as good as drawn. */
function lot(what: string, text: string, below: number): number {
  return createHash('sha256').update(`${what}/${text}`).digest().readUInt32BE(0) % below;
}

/**
 * The tenant after years of use.
 *
 * @param holders - object ids by serial number.
 */
export function livedIn(seed: TenantSeed, holders: ReadonlyMap<string, string>, nowMs: number): TenantSeed {
  return {
    ...seed,
    users: seed.users.map(aged),
    devices: seed.devices.map((device) => used(device, holders.get(device.serialNumber), nowMs)),
  };
}

function aged(user: SeedUser): SeedUser {
  return {
    ...user,
    accountEnabled: lot('disabled', user.id, DISABLED) > 0,
    userType: lot('guest', user.id, GUEST) > 0 ? 'Member' : 'Guest',
  };
}

function used(device: SeedDevice, holder: string | undefined, nowMs: number): SeedDevice {
  const { serialNumber } = device;
  if (holder === undefined || lot('stock', serialNumber, LEFT_IN_STOCK) === 0) return device;
  const held = { ...device, assignedTo: holder };
  if (lot('failed', serialNumber, FAILED) === 0) return { ...held, status: 'failedActivation' };
  if (lot('waiting', serialNumber, NEVER_ACTIVATED) === 0) return { ...held, status: 'assigned' };
  // Most use their token every day; a few have not for a year.
  const days = lot('days', serialNumber, 8) > 0 ? 0 : lot('last', serialNumber, LAST_USED_DAYS_MAX);
  const lastUsedDateTime = isoTime(nowMs - days * DAY_MS - lot('hour', serialNumber, DAY_MS));
  return { ...held, status: 'activated', lastUsedDateTime };
}
