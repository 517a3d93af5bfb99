// What the tenant holds: the truth, its indexes, and the view of a lagging reader. The one place where a
// token changes. It knows no rules of the API; the operations do.

import type { Clock } from '../clock.js';
import { invariant } from '../errors.js';
import type { Random } from '../random.js';
import { type Device, holderOf } from './device.js';
import { Replica, type ReplicaKey } from './replica.js';
import type { PolicyState, SeedUser } from './tenant.js';
import { UserDirectory } from './user-directory.js';

/** One change of the tenant, as it is after it. */
export type StoreChange =
  | { readonly kind: 'device'; readonly device: Device }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'policy'; readonly policy: PolicyState };

export interface StoreParts {
  readonly users: readonly SeedUser[];
  readonly devices: readonly Device[];
  readonly policy: PolicyState;
  readonly clock: Clock;
  readonly lagMs: number;
  readonly random: Random;
}

const NONE: readonly string[] = [];

export class Store {
  readonly users: UserDirectory;
  readonly replica: Replica;
  readonly #clock: Clock;
  readonly #devices = new Map<string, Device>();
  /** In the order of creation. A deleted token keeps its place, so that a page's position stays true. */
  readonly #order: string[] = [];
  readonly #idBySerial = new Map<string, string>();
  readonly #idsByHolder = new Map<string, readonly string[]>();
  readonly #listeners: ((change: StoreChange) => void)[] = [];
  #policy: PolicyState;
  #changes = 0;

  constructor(parts: StoreParts) {
    this.users = new UserDirectory(parts.users);
    this.#clock = parts.clock;
    this.#policy = parts.policy;
    this.replica = new Replica(parts.lagMs, parts.random);
    for (const device of parts.devices) {
      const holder = holderOf(device);
      invariant(!this.#devices.has(device.id), `the tenant's seed has the device ${device.id} twice`);
      invariant(
        device.isLegacy || !this.#idBySerial.has(device.serialNumber),
        `the tenant's seed has the serial number ${device.serialNumber} twice`,
      );
      invariant(
        holder === undefined || this.users.withId(holder)?.id === holder,
        `the tenant's seed assigns ${device.serialNumber} to nobody`,
      );
      this.#order.push(device.id);
      this.#store(device.id, undefined, device);
    }
  }

  /** Changes since the start: an operation had an effect when this went up. */
  get changes(): number {
    return this.#changes;
  }

  get policy(): PolicyState {
    return this.#policy;
  }

  setPolicy(policy: PolicyState): void {
    this.#policy = policy;
    this.#changed({ kind: 'policy', policy });
  }

  onChange(listener: (change: StoreChange) => void): void {
    this.#listeners.push(listener);
  }

  /** The truth. */
  device(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  /** The token with this serial number in the inventory, whatever readers see of it. Exact: case counts. */
  inventoryDevice(serialNumber: string): Device | undefined {
    const id = this.#idBySerial.get(serialNumber);
    return id === undefined ? undefined : this.#devices.get(id);
  }

  /** What the user truly holds, legacy tokens included. */
  countHeldBy(userId: string): number {
    return this.#idsByHolder.get(userId)?.length ?? 0;
  }

  /** What a reader sees. */
  seen(id: string): Device | undefined {
    return this.replica.view(id, this.#devices.get(id), this.#clock.monotonicMs());
  }

  seenHeldBy(userId: string): readonly Device[] {
    const ids = this.#idsByHolder.get(userId) ?? NONE;
    return this.#seenAmong(ids, `user/${userId}`).filter((device) => holderOf(device) === userId);
  }

  seenWithSerial(serialNumber: string): readonly Device[] {
    const id = this.#idBySerial.get(serialNumber);
    const ids = id === undefined ? NONE : [id];
    return this.#seenAmong(ids, `serial/${serialNumber}`).filter((device) => !device.isLegacy);
  }

  /** Positions of the inventory list, used up by deleted tokens as well. */
  get positions(): number {
    return this.#order.length;
  }

  /** What a reader sees at a position of the inventory list. */
  seenAt(position: number): Device | undefined {
    const id = this.#order[position];
    const device = id === undefined ? undefined : this.seen(id);
    return device?.isLegacy === true ? undefined : device;
  }

  /** The truth, in the order of creation. */
  *devices(): Iterable<Device> {
    for (const id of this.#order) {
      const device = this.#devices.get(id);
      if (device !== undefined) yield device;
    }
  }

  add(device: Device): void {
    invariant(!this.#devices.has(device.id), 'a new token has a new id');
    this.#order.push(device.id);
    this.#change(device.id, undefined, device);
  }

  replace(device: Device): void {
    const before = this.#devices.get(device.id);
    invariant(before !== undefined, 'only a token that exists is changed');
    invariant(before.serialNumber === device.serialNumber, 'a serial number never changes');
    this.#change(device.id, before, device);
  }

  remove(device: Device): void {
    invariant(this.#devices.has(device.id), 'only a token that exists is removed');
    this.#change(device.id, device, undefined);
  }

  /** Takes back a token that the same operation has added: nobody ever sees it, however far a reader lags. */
  withdraw(device: Device): void {
    this.remove(device);
    this.replica.forget(device.id);
  }

  #seenAmong(ids: readonly string[], key: ReplicaKey): readonly Device[] {
    const all = new Set([...ids, ...this.replica.lately(key)]);
    return [...all].flatMap((id) => this.seen(id) ?? []);
  }

  #change(id: string, before: Device | undefined, after: Device | undefined): void {
    this.#store(id, before, after);
    this.replica.record(id, before, after, this.#clock.monotonicMs());
    this.#changed(after === undefined ? { kind: 'removed', id } : { kind: 'device', device: after });
  }

  #changed(change: StoreChange): void {
    this.#changes += 1;
    for (const listener of this.#listeners) listener(change);
  }

  #store(id: string, before: Device | undefined, after: Device | undefined): void {
    if (after === undefined) this.#devices.delete(id);
    else this.#devices.set(id, after);

    if (before !== undefined && after === undefined && !before.isLegacy) {
      this.#idBySerial.delete(before.serialNumber);
    }
    if (before === undefined && after !== undefined && !after.isLegacy) {
      this.#idBySerial.set(after.serialNumber, id);
    }

    const oldHolder = before === undefined ? undefined : holderOf(before);
    const newHolder = after === undefined ? undefined : holderOf(after);
    if (oldHolder === newHolder) return;
    if (oldHolder !== undefined) this.#setHeld(oldHolder, (ids) => ids.filter((other) => other !== id));
    if (newHolder !== undefined) this.#setHeld(newHolder, (ids) => [...ids, id]);
  }

  #setHeld(userId: string, change: (ids: readonly string[]) => readonly string[]): void {
    const ids = change(this.#idsByHolder.get(userId) ?? NONE);
    if (ids.length === 0) this.#idsByHolder.delete(userId);
    else this.#idsByHolder.set(userId, ids);
  }
}
