// What does not change of tokens, in columns: a million of them take about 50 MB. Lists that are read one after the
// other share it, so that the second list of a tenant costs next to nothing.

import { IdIndex } from '../compact/id-index.js';
import { isSameMake, type Make, MakeColumn } from '../compact/make-column.js';
import { hashOfAscii, hashOfText, PositionIndex } from '../compact/position-index.js';
import { Succession } from '../compact/succession.js';
import { TextColumn } from '../compact/text-column.js';
import { serialKey } from '../lookup-key.js';
import type { PlainDevice } from './listed-devices.js';
import type { Device } from './observed.js';

/** What lists may say differently of one token. */
export type Standing = Pick<Device, 'status' | 'assignedToId' | 'lastUsedDateTime'>;

/** Where there is no token. */
const UNKNOWN_MAKE: Make = {
  timeIntervalInSeconds: undefined,
  hashFunction: '',
  manufacturer: '',
  model: '',
};

export class KnownTokens {
  /** A token stands where its id does. */
  readonly ids: IdIndex;
  readonly #serials = new TextColumn();
  readonly #makes = new MakeColumn();
  /** The first token of each serial number; and where there are several, all of them, by each. */
  readonly #bySerial: PositionIndex;
  readonly #groups = new Map<number, number[]>();
  readonly #order = new Succession();

  /** @param expected - tokens that are expected. There may be more. */
  constructor(expected: number) {
    this.ids = new IdIndex(expected);
    this.#bySerial = new PositionIndex((position) => hashOfText(this.keyAt(position)), expected);
  }

  get length(): number {
    return this.#serials.length;
  }

  /** Where a token is; it is added when it is not there. */
  add(device: Device): number {
    const position = this.ids.add(device.id);
    if (position < this.length) return position;
    this.#serials.push(device.serialNumber);
    this.#makes.push(device);
    this.#index(position, serialKey(device.serialNumber));
    return position;
  }

  /** The same of a token in its bytes, whose serial number is its own key; -1 when its id is no UUID. */
  addPlain(device: PlainDevice): number {
    const { bytes, serialStart, serialEnd } = device;
    const position = this.ids.addUuidAt(bytes, device.idStart);
    if (position < this.length) return position;
    this.#serials.pushAscii(bytes, serialStart, serialEnd);
    this.#makes.push(device.make);
    const hash = hashOfAscii(bytes, serialStart, serialEnd);
    const first = this.#bySerial.find(
      hash,
      (at) => this.#serials.isAscii(at, bytes, serialStart, serialEnd) || this.#isKeyed(at, device),
    );
    this.#note(first, hash, position);
    return position;
  }

  /** Whether a token is still described as it was. */
  isAsKnown(position: number, device: Device): boolean {
    return this.#serials.is(position, device.serialNumber) && isSameMake(this.makeAt(position), device);
  }

  /** The same of a token in its bytes. */
  isPlainlyAsKnown(position: number, { bytes, serialStart, serialEnd, make }: PlainDevice): boolean {
    return (
      this.#serials.isAscii(position, bytes, serialStart, serialEnd) &&
      isSameMake(this.makeAt(position), make)
    );
  }

  makeAt(position: number): Make {
    return this.#makes.at(position) ?? UNKNOWN_MAKE;
  }

  /** The `serialKey` of a token. */
  keyAt(position: number): string {
    return serialKey(this.#serials.at(position));
  }

  /** One of the tokens under a key; -1 when there is none. */
  find(key: string): number {
    const { guess } = this.#order;
    const isNext = guess >= 0 && guess < this.length && this.#serials.is(guess, key);
    const position = isNext ? guess : this.#find(key, hashOfText(key));
    if (position >= 0) this.#order.found(position);
    return position;
  }

  /** All tokens that share the serial number of this one; `undefined` when it has it alone. */
  groupOf(position: number): readonly number[] | undefined {
    return this.#groups.size === 0 ? undefined : this.#groups.get(position);
  }

  /** A token as a list has it. */
  device(position: number, { status, assignedToId, lastUsedDateTime }: Standing): Device {
    const { manufacturer, model, timeIntervalInSeconds, hashFunction } = this.makeAt(position);
    return {
      id: this.ids.at(position),
      serialNumber: this.#serials.at(position),
      manufacturer,
      model,
      timeIntervalInSeconds,
      hashFunction,
      status,
      assignedToId,
      lastUsedDateTime,
    };
  }

  /** Gives up what only adding takes, once a list has been read. */
  settle(): void {
    this.ids.settle();
    this.#bySerial.settle();
  }

  #index(position: number, key: string): void {
    const hash = hashOfText(key);
    this.#note(this.#find(key, hash), hash, position);
  }

  /** @param first - the first token with the serial number; negative when there was none. */
  #note(first: number, hash: number, position: number): void {
    if (first < 0) {
      this.#bySerial.add(hash, position);
      return;
    }
    const group = this.#groups.get(first) ?? [first];
    group.push(position);
    this.#groups.set(first, group);
    this.#groups.set(position, group);
  }

  #isKeyed(position: number, { bytes, serialStart, serialEnd }: PlainDevice): boolean {
    return this.keyAt(position) === bytes.toString('latin1', serialStart, serialEnd);
  }

  #find(key: string, hash: number): number {
    // Most serial numbers are their own key.
    return this.#bySerial.find(
      hash,
      (position) => this.#serials.is(position, key) || this.keyAt(position) === key,
    );
  }
}
