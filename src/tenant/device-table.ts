// The tokens of a tenant by serial number, in columns: a million of them take about 150 MB, where as many objects
// in a Map take four times that. A token becomes an object when it is looked at.

import { NumberColumn, RepeatingTextColumn } from '../compact/number-column.js';
import { TextColumn } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
import { serialKey } from '../lookup-key.js';
import type { Device } from './observed.js';

type Found = readonly Device[];

export class DeviceTable implements ReadonlyMap<string, Found> {
  /** Keys of serial numbers in the order in which they were first met. */
  readonly #keys = new TextIndex();
  /** For each key the first token that has it, and the others where there are any. */
  readonly #first = new NumberColumn();
  readonly #others = new Map<number, number[]>();

  readonly #ids = new TextIndex();
  readonly #serials = new TextColumn();
  readonly #manufacturers = new RepeatingTextColumn();
  readonly #models = new RepeatingTextColumn();
  /** Plus 1; 0 when the service did not say. */
  readonly #intervals = new NumberColumn();
  readonly #hashFunctions = new RepeatingTextColumn();
  readonly #statuses = new RepeatingTextColumn();
  /** Empty when nobody holds it, or when it was never used. */
  readonly #holders = new TextColumn();
  readonly #lastUsed = new TextColumn();

  /** Adds a token; one whose id is known already is passed over. */
  add(device: Device): void {
    const position = this.#ids.length;
    if (this.#ids.add(device.id) !== position) return;
    this.#serials.push(device.serialNumber);
    this.#manufacturers.push(device.manufacturer);
    this.#models.push(device.model);
    this.#intervals.push((device.timeIntervalInSeconds ?? -1) + 1);
    this.#hashFunctions.push(device.hashFunction);
    this.#statuses.push(device.status);
    this.#holders.push(device.assignedToId ?? '');
    this.#lastUsed.push(device.lastUsedDateTime ?? '');

    const keysBefore = this.#keys.length;
    const key = this.#keys.add(serialKey(device.serialNumber));
    if (key === keysBefore) {
      this.#first.push(position);
      return;
    }
    const others = this.#others.get(key);
    if (others === undefined) this.#others.set(key, [position]);
    else others.push(position);
  }

  /** How many different serial numbers there are. */
  get size(): number {
    return this.#keys.length;
  }

  has(key: string): boolean {
    return this.#keys.find(key) >= 0;
  }

  get(key: string): Found | undefined {
    const found = this.#keys.find(key);
    return found < 0 ? undefined : this.#with(found);
  }

  forEach(use: (value: Found, key: string, map: ReadonlyMap<string, Found>) => void): void {
    for (const [key, value] of this.entries()) use(value, key, this);
  }

  *keys(): MapIterator<string> {
    for (let key = 0; key < this.#keys.length; key += 1) yield this.#keys.at(key);
  }

  *values(): MapIterator<Found> {
    for (let key = 0; key < this.#keys.length; key += 1) yield this.#with(key);
  }

  *entries(): MapIterator<[string, Found]> {
    for (let key = 0; key < this.#keys.length; key += 1) yield [this.#keys.at(key), this.#with(key)];
  }

  [Symbol.iterator](): MapIterator<[string, Found]> {
    return this.entries();
  }

  #with(key: number): Found {
    const first = this.#device(this.#first.at(key));
    const others = this.#others.get(key);
    return others === undefined ? [first] : [first, ...others.map((position) => this.#device(position))];
  }

  #device(position: number): Device {
    const interval = this.#intervals.at(position);
    const holder = this.#holders.at(position);
    const lastUsed = this.#lastUsed.at(position);
    return {
      id: this.#ids.at(position),
      serialNumber: this.#serials.at(position),
      manufacturer: this.#manufacturers.at(position),
      model: this.#models.at(position),
      timeIntervalInSeconds: interval === 0 ? undefined : interval - 1,
      hashFunction: this.#hashFunctions.at(position),
      status: this.#statuses.at(position),
      assignedToId: holder === '' ? undefined : holder,
      lastUsedDateTime: lastUsed === '' ? undefined : lastUsed,
    };
  }
}
