// The tokens of a tenant by serial number, in columns: a million of them take about 100 MB, where as many objects
// in a Map take six times that. A token becomes an object when it is looked at.

import { IdColumn } from '../compact/id-column.js';
import { NumberColumn, RepeatingTextColumn } from '../compact/number-column.js';
import { hashOfText, PositionIndex } from '../compact/position-index.js';
import { TextColumn } from '../compact/text-column.js';
import { serialKey } from '../lookup-key.js';
import type { Device, Devices } from './observed.js';

type Found = readonly Device[];

export class DeviceTable implements Devices {
  /** The first token of each serial number, in the order in which they were met; the others, where there are any. */
  readonly #bySerial = new PositionIndex();
  readonly #others = new Map<number, number[]>();
  readonly #isOther = new Set<number>();

  readonly #byId = new PositionIndex();
  readonly #ids = new IdColumn();
  readonly #serials = new TextColumn();
  readonly #manufacturers = new RepeatingTextColumn();
  readonly #models = new RepeatingTextColumn();
  /** Plus 1; 0 when the service did not say. */
  readonly #intervals = new NumberColumn();
  readonly #hashFunctions = new RepeatingTextColumn();
  readonly #statuses = new RepeatingTextColumn();
  /** Empty when nobody holds it. */
  readonly #holders = new IdColumn();
  /** Of those that were used. */
  readonly #lastUsed = new Map<number, string>();
  #pages = 0;

  /** Adds a token; one whose id is known already is passed over. */
  add(device: Device): void {
    const { id } = device;
    const hash = hashOfText(id);
    if (this.#byId.find(hash, (position) => this.#ids.is(position, id)) >= 0) return;
    const position = this.#ids.push(id);
    this.#byId.add(hash, position);
    this.#serials.push(device.serialNumber);
    this.#manufacturers.push(device.manufacturer);
    this.#models.push(device.model);
    this.#intervals.push((device.timeIntervalInSeconds ?? -1) + 1);
    this.#hashFunctions.push(device.hashFunction);
    this.#statuses.push(device.status);
    this.#holders.push(device.assignedToId ?? '');
    if (device.lastUsedDateTime !== undefined && device.lastUsedDateTime !== '')
      this.#lastUsed.set(position, device.lastUsedDateTime);

    const key = serialKey(device.serialNumber);
    const first = this.#find(key);
    if (first < 0) {
      this.#bySerial.add(hashOfText(key), position);
      return;
    }
    this.#isOther.add(position);
    const others = this.#others.get(first);
    if (others === undefined) this.#others.set(first, [position]);
    else others.push(position);
  }

  /** Notes that a page of the list has been read to its end. */
  endPage(): void {
    this.#pages += 1;
  }

  get pages(): number {
    return this.#pages;
  }

  /** How many different serial numbers there are. */
  get size(): number {
    return this.#bySerial.length;
  }

  has(key: string): boolean {
    return this.#find(key) >= 0;
  }

  get(key: string): Found | undefined {
    const first = this.#find(key);
    return first < 0 ? undefined : this.#with(first);
  }

  forEach(use: (value: Found, key: string, map: ReadonlyMap<string, Found>) => void): void {
    for (const [key, value] of this.entries()) use(value, key, this);
  }

  readonly holders = (): Iterable<string> => this.#eachHolder();

  readonly soleHolder = (key: string): string => {
    const first = this.#find(key);
    return first < 0 || this.#others.has(first) ? '' : this.#holders.at(first);
  };

  *#eachHolder(): Generator<string, void> {
    for (let position = 0; position < this.#ids.length; position += 1) {
      const holder = this.#holders.at(position);
      if (holder !== '') yield holder;
    }
  }

  *keys(): MapIterator<string> {
    for (const first of this.#firsts()) yield serialKey(this.#serials.at(first));
  }

  *values(): MapIterator<Found> {
    for (const first of this.#firsts()) yield this.#with(first);
  }

  *entries(): MapIterator<[string, Found]> {
    for (const first of this.#firsts()) yield [serialKey(this.#serials.at(first)), this.#with(first)];
  }

  [Symbol.iterator](): MapIterator<[string, Found]> {
    return this.entries();
  }

  #find(key: string): number {
    // Most serial numbers are their own key.
    return this.#bySerial.find(
      hashOfText(key),
      (position) => this.#serials.is(position, key) || serialKey(this.#serials.at(position)) === key,
    );
  }

  *#firsts(): Generator<number, void> {
    for (let position = 0; position < this.#ids.length; position += 1) {
      if (!this.#isOther.has(position)) yield position;
    }
  }

  #with(first: number): Found {
    const device = this.#device(first);
    const others = this.#others.get(first);
    return others === undefined ? [device] : [device, ...others.map((position) => this.#device(position))];
  }

  #device(position: number): Device {
    const interval = this.#intervals.at(position);
    const holder = this.#holders.at(position);
    return {
      id: this.#ids.at(position),
      serialNumber: this.#serials.at(position),
      manufacturer: this.#manufacturers.at(position),
      model: this.#models.at(position),
      timeIntervalInSeconds: interval === 0 ? undefined : interval - 1,
      hashFunction: this.#hashFunctions.at(position),
      status: this.#statuses.at(position),
      assignedToId: holder === '' ? undefined : holder,
      lastUsedDateTime: this.#lastUsed.get(position),
    };
  }
}
