// What an audit keeps beside the list of the tenant: the order of the tokens, and who holds more than one. Pure.

import { IdIndex } from '../compact/id-index.js';
import { NumberColumn } from '../compact/number-column.js';
import { RowTable } from '../compact/rows.js';
import { TextColumn } from '../compact/text-column.js';
import type { Device, Observed } from '../tenant/observed.js';

const order = new Intl.Collator('en', { numeric: true });

function bySerial(one: Device, other: Device): number {
  return order.compare(one.serialNumber, other.serialNumber) || order.compare(one.id, other.id);
}

/** Tokens in the order of their serial numbers. */
export class SortedDevices extends RowTable<Device> {
  readonly #devices: Observed['devices'];
  /** The keys of the serial numbers in their order; each stands for the tokens that have it. */
  readonly #keys: TextColumn;
  /** Where each token's key stands, and of several with one key which one it is. */
  readonly #keyOf = new NumberColumn();
  readonly #which = new Map<number, number>();

  constructor(devices: Observed['devices']) {
    super();
    this.#devices = devices;
    this.#keys = sortedKeys(devices);
    for (let key = 0; key < this.#keys.length; key += 1) {
      const tokens = devices.get(this.#keys.at(key))?.length ?? 0;
      for (let nth = 0; nth < tokens; nth += 1) {
        if (nth > 0) this.#which.set(this.#keyOf.length, nth);
        this.#keyOf.push(key);
      }
    }
  }

  get length(): number {
    return this.#keyOf.length;
  }

  at(position: number): Device | undefined {
    if (position < 0 || position >= this.length) return undefined;
    const tokens = this.#devices.get(this.#keys.at(this.#keyOf.at(position))) ?? [];
    if (tokens.length === 1) return tokens[0];
    return tokens.toSorted(bySerial)[this.#which.get(position) ?? 0];
  }
}

function sortedKeys(devices: Observed['devices']): TextColumn {
  return sortedNumbers(devices) ?? sortedTexts(devices);
}

/** So many digits are a number that is exact. */
const DIGITS_MAX = 15;

/** The keys, when they are digits of one length: as numbers a million of them take eight megabytes. */
function sortedNumbers(devices: Observed['devices']): TextColumn | undefined {
  const numbers = new Float64Array(devices.size);
  let length = 0;
  let count = 0;
  for (const key of devices.keys()) {
    if (count === 0) length = key.length;
    if (key.length !== length || length > DIGITS_MAX || !/^\d+$/.test(key)) return undefined;
    numbers[count] = Number(key);
    count += 1;
  }
  numbers.sort();
  const column = new TextColumn();
  for (const number of numbers) column.push(String(number).padStart(length, '0'));
  return column;
}

function sortedTexts(devices: Observed['devices']): TextColumn {
  const keys = [...devices.keys()];
  // Digits of one length are in the same order for a person as for a processor, which is far quicker.
  const length = keys[0]?.length ?? 0;
  const isPlain = keys.every((key) => key.length === length && /^\d*$/.test(key));
  if (isPlain) keys.sort();
  else keys.sort((one, other) => order.compare(one, other));
  const column = new TextColumn();
  for (const key of keys) column.push(key);
  return column;
}

/** How many tokens of the inventory each user holds. */
export class HeldCounts {
  /** Of those who hold more than one. */
  readonly #several = new Map<string, number>();

  constructor(devices: Iterable<Device>) {
    const holders = new IdIndex();
    for (const { assignedToId } of devices) {
      if (assignedToId === undefined) continue;
      const before = holders.length;
      if (holders.add(assignedToId) !== before)
        this.#several.set(assignedToId, (this.#several.get(assignedToId) ?? 1) + 1);
    }
  }

  /** How many the user has who holds most. */
  get most(): number {
    return Math.max(1, ...new Set(this.#several.values()));
  }

  /** @param userId - of somebody who holds a token. */
  of(userId: string): number {
    return this.#several.get(userId) ?? 1;
  }
}
