// The tokens that a list shows by serial number, in columns: a million of them take about 60 MB, where as many objects
// in a Map take ten times that. A token becomes an object when it is looked at.

import { IdCounts } from '../compact/id-counts.js';
import { IdIndex } from '../compact/id-index.js';
import { InstantColumn } from '../compact/instant-column.js';
import type { Make } from '../compact/make-column.js';
import { NumberColumn, TextCodes } from '../compact/number-column.js';
import { KnownTokens } from './known-tokens.js';
import { NOBODY, type PlainDevice } from './listed-devices.js';
import type { Device, Devices, TokenPlaces } from './observed.js';

type Found = readonly Device[];

const NOWHERE: readonly number[] = [];

/** The list does not show the token. */
const ABSENT = 0;

export class DeviceTable implements Devices, TokenPlaces {
  /** Shared with the list before. */
  #known: KnownTokens;
  readonly people: IdIndex;
  /** For each known token 1 + the code of its status. */
  #statuses = new NumberColumn();
  #statusCodes = new TextCodes();
  /** For each known token 1 + the position of its holder; 0 when nobody holds it. */
  #holders = new NumberColumn();
  /** When each was used last. */
  #lastUsed = new InstantColumn();
  #size = 0;
  #length = 0;
  #pages = 0;

  /**
   * @param people - ids of users, to which those of the holders are added.
   * @param before - a list of the same tenant: what stands in both is kept once. That one stays as it is.
   * @param expected - tokens that are expected. There may be more.
   */
  constructor(people: IdIndex = new IdIndex(), before?: DeviceTable, expected = 0) {
    this.#known = before === undefined ? new KnownTokens(expected) : before.#known;
    this.people = before === undefined ? people : before.people;
  }

  /** Adds a token; one whose id is in the list already is passed over. */
  add(device: Device): void {
    const before = this.#known.length;
    const position = this.#known.add(device);
    if (position < before) {
      if (this.#statuses.at(position) !== ABSENT) return;
      if (!this.#known.isAsKnown(position, device)) {
        this.#separate();
        this.add(device);
        return;
      }
    }
    this.#list(position);
    this.#note(position, device);
  }

  /** The same of a token in its bytes; false, and nothing is added, when it is for {@link add}. */
  addPlain(device: PlainDevice): boolean {
    const { bytes, holderStart } = device;
    const holder = holderStart === NOBODY ? -1 : this.people.addUuidAt(bytes, holderStart);
    if (holder < 0 && holderStart !== NOBODY) return false;
    const before = this.#known.length;
    const position = this.#known.addPlain(device);
    if (position < 0) return false;
    if (position < before) {
      if (this.#statuses.at(position) !== ABSENT) return true;
      if (!this.#known.isPlainlyAsKnown(position, device)) return false;
    }
    this.#list(position);
    this.#statuses.put(position, this.#statusCodes.codeOf(device.status) + 1);
    this.#holders.put(position, holder + 1);
    if (device.lastUsedDateTime !== '') this.#lastUsed.put(position, device.lastUsedDateTime);
    return true;
  }

  /** Notes that a page of the list has been read to its end. */
  endPage(): void {
    this.#pages += 1;
  }

  /** Notes that the list has been read to its end. */
  endList(): void {
    this.#known.settle();
    this.people.settle();
  }

  get pages(): number {
    return this.#pages;
  }

  get places(): TokenPlaces {
    return this;
  }

  /** The ids of the tokens. */
  get ids(): IdIndex {
    return this.#known.ids;
  }

  get length(): number {
    return this.#length;
  }

  /** How many different serial numbers there are. */
  get size(): number {
    return this.#size;
  }

  has(key: string): boolean {
    return this.positionsOf(key).length > 0;
  }

  get(key: string): Found | undefined {
    const positions = this.positionsOf(key);
    const [first] = positions;
    if (first === undefined) return undefined;
    return positions.length === 1
      ? [this.deviceAt(first)]
      : positions.map((position) => this.deviceAt(position));
  }

  forEach(use: (value: Found, key: string, map: ReadonlyMap<string, Found>) => void): void {
    for (const [key, value] of this.entries()) use(value, key, this);
  }

  *keys(): MapIterator<string> {
    for (const first of this.#firsts()) yield this.#known.keyAt(first);
  }

  *values(): MapIterator<Found> {
    for (const first of this.#firsts()) yield this.#with(first);
  }

  *entries(): MapIterator<[string, Found]> {
    for (const first of this.#firsts()) yield [this.#known.keyAt(first), this.#with(first)];
  }

  [Symbol.iterator](): MapIterator<[string, Found]> {
    return this.entries();
  }

  readonly holders = (): Iterable<string> => this.#eachHolder();

  readonly heldCounts = (): IdCounts => {
    const counts = new IdCounts(this.people);
    for (const position of this.positions()) {
      const holder = this.#holders.at(position);
      if (holder > 0) counts.count(holder - 1);
    }
    return counts;
  };

  *positions(): Generator<number, void> {
    for (let position = 0; position < this.#statuses.length; position += 1) {
      if (this.#isListed(position)) yield position;
    }
  }

  positionsOf(key: string): readonly number[] {
    const first = this.#known.find(key);
    if (first < 0) return NOWHERE;
    const group = this.#known.groupOf(first);
    if (group !== undefined) return group.filter((position) => this.#isListed(position));
    return this.#isListed(first) ? [first] : NOWHERE;
  }

  keyAt(position: number): string {
    return this.#known.keyAt(position);
  }

  deviceAt(position: number): Device {
    const holder = this.#holderAt(position);
    const lastUsed = this.#lastUsed.at(position);
    return this.#known.device(position, {
      status: this.statusAt(position),
      assignedToId: holder === '' ? undefined : holder,
      lastUsedDateTime: lastUsed === '' ? undefined : lastUsed,
    });
  }

  isAlone(position: number): boolean {
    return this.#isListed(position) && this.#known.groupOf(position) === undefined;
  }

  holderAt(position: number): number {
    return this.#holders.at(position) - 1;
  }

  statusAt(position: number): string {
    return this.#statusCodes.textOf(this.#statuses.at(position) - 1);
  }

  makeAt(position: number): Make {
    return this.#known.makeAt(position);
  }

  #list(position: number): void {
    const isSecond = this.#known.groupOf(position)?.some((other) => this.#isListed(other)) === true;
    if (!isSecond) this.#size += 1;
    this.#length += 1;
  }

  #note(position: number, { status, assignedToId, lastUsedDateTime }: Device): void {
    this.#statuses.put(position, this.#statusCodes.codeOf(status) + 1);
    const isHeld = assignedToId !== undefined && assignedToId !== '';
    this.#holders.put(position, isHeld ? this.people.add(assignedToId) + 1 : 0);
    if (lastUsedDateTime !== undefined && lastUsedDateTime !== '')
      this.#lastUsed.put(position, lastUsedDateTime);
  }

  /** A token is not what it was: this list no longer shares with the one before. */
  #separate(): void {
    const own = new DeviceTable(this.people);
    for (const position of this.positions()) own.add(this.deviceAt(position));
    this.#known = own.#known;
    this.#statuses = own.#statuses;
    this.#statusCodes = own.#statusCodes;
    this.#holders = own.#holders;
    this.#lastUsed = own.#lastUsed;
  }

  #isListed(position: number): boolean {
    return this.#statuses.at(position) !== ABSENT;
  }

  #holderAt(position: number): string {
    const holder = this.#holders.at(position);
    return holder === 0 ? '' : this.people.at(holder - 1);
  }

  /** Of the tokens with each serial number the first. */
  *#firsts(): Generator<number, void> {
    for (const position of this.positions()) {
      const group = this.#known.groupOf(position);
      if (group === undefined || group.find((other) => this.#isListed(other)) === position) yield position;
    }
  }

  #with(first: number): Found {
    const group = this.#known.groupOf(first);
    if (group === undefined) return [this.deviceAt(first)];
    return group.filter((position) => this.#isListed(position)).map((position) => this.deviceAt(position));
  }

  *#eachHolder(): Generator<string, void> {
    for (const position of this.positions()) {
      const holder = this.#holderAt(position);
      if (holder !== '') yield holder;
    }
  }
}
