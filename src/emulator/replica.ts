// Eventual consistency: readers see each object as it was up to the lag ago (graph-api.md, section 7). It
// remembers only objects that changed within the lag, so its size is bounded by the pace of changes.

import type { Random } from '../random.js';
import { type Device, holderOf } from './device.js';

interface Version {
  readonly visibleAtMs: number;
  /** Absent when the object did not exist. */
  readonly device: Device | undefined;
}

/** By what a changed object may have to be found again although the indexes have moved on. */
export type ReplicaKey = `serial/${string}` | `user/${string}`;

function keysOf(device: Device): readonly ReplicaKey[] {
  const holder = holderOf(device);
  return holder === undefined
    ? [`serial/${device.serialNumber}`]
    : [`serial/${device.serialNumber}`, `user/${holder}`];
}

export class Replica {
  readonly #random: Random;
  /** Versions from old to new, by device id; the object whose last change is longest ago comes first. */
  readonly #histories = new Map<string, readonly Version[]>();
  readonly #idsByKey = new Map<ReplicaKey, Set<string>>();
  lagMs: number;

  constructor(lagMs: number, random: Random) {
    this.lagMs = lagMs;
    this.#random = random;
  }

  /** Notes a change. It becomes visible after a part of the lag, and hides every earlier one. */
  record(id: string, before: Device | undefined, after: Device | undefined, nowMs: number): void {
    if (this.lagMs === 0 && this.#histories.size === 0) return;
    this.#sweep(nowMs);
    const known = this.#histories.get(id) ?? [{ visibleAtMs: Number.NEGATIVE_INFINITY, device: before }];
    const visibleAtMs = nowMs + this.#random.next() * this.lagMs;
    this.#histories.delete(id);
    this.#histories.set(id, [...known, { visibleAtMs, device: after }]);
    for (const device of [before, after]) if (device !== undefined) this.#index(device);
  }

  /** The object never was: what was noted of it is shown to nobody. */
  forget(id: string): void {
    for (const { device } of this.#histories.get(id) ?? []) if (device !== undefined) this.#unindex(device);
    this.#histories.delete(id);
  }

  /** The object as a reader sees it now; `truth` is what it is. */
  view(id: string, truth: Device | undefined, nowMs: number): Device | undefined {
    const history = this.#histories.get(id);
    if (history === undefined) return truth;
    return history.findLast((version) => version.visibleAtMs <= nowMs)?.device;
  }

  /** The objects that changed lately and had this key before or after. */
  lately(key: ReplicaKey): Iterable<string> {
    return this.#idsByKey.get(key) ?? [];
  }

  /** Forgets objects whose changes everybody sees. The oldest come first, and none stays longer than the lag. */
  #sweep(nowMs: number): void {
    for (const [id, history] of this.#histories) {
      const last = history.at(-1);
      if (last !== undefined && last.visibleAtMs > nowMs) return;
      this.#histories.delete(id);
      for (const { device } of history) {
        if (device !== undefined) this.#unindex(device);
      }
    }
  }

  #index(device: Device): void {
    for (const key of keysOf(device)) {
      const ids = this.#idsByKey.get(key) ?? new Set();
      this.#idsByKey.set(key, ids.add(device.id));
    }
  }

  #unindex(device: Device): void {
    for (const key of keysOf(device)) {
      const ids = this.#idsByKey.get(key);
      ids?.delete(device.id);
      if (ids?.size === 0) this.#idsByKey.delete(key);
    }
  }
}
