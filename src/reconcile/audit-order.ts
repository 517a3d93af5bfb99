// The order in which an audit tells of the tokens. Pure.

import { type Rows, RowTable } from '../compact/rows.js';
import type { Device, Devices, TokenPlaces } from '../tenant/observed.js';

const order = new Intl.Collator('en', { numeric: true });

function bySerial(one: Device, other: Device): number {
  return order.compare(one.serialNumber, other.serialNumber) || order.compare(one.id, other.id);
}

/** Tokens in the order of their serial numbers, letter case aside, and those with the same one in the order of their ids. */
export function sortedDevices(devices: Devices): Rows<Device> {
  const { places } = devices;
  if (places !== undefined) return new SortedDevices(places);
  return [...devices]
    .flatMap(([key, alike]) => alike.map((device) => ({ key, device })))
    .sort((one, other) => order.compare(one.key, other.key) || bySerial(one.device, other.device))
    .map(({ device }) => device);
}

class SortedDevices extends RowTable<Device> {
  readonly #devices: TokenPlaces;
  readonly #positions: Uint32Array;

  constructor(devices: TokenPlaces) {
    super();
    this.#devices = devices;
    this.#positions = sortedByNumber(devices) ?? sortedByText(devices);
  }

  get length(): number {
    return this.#positions.length;
  }

  at(n: number): Device | undefined {
    const position = this.#positions[n];
    return position === undefined ? undefined : this.#devices.deviceAt(position);
  }
}

/** What one list of serial numbers has in common: a few letters, and behind them digits, always as many. */
const LETTERS_AND_DIGITS = /^(\D*)(\d+)$/;

/** So many digits are a number that is exact. */
const DIGITS_MAX = 15;

/**
 * By the numbers in the keys of serial numbers that all look alike: a million numbers take eight megabytes, and are
 * sorted without a comparison of texts. `undefined` for others.
 */
function sortedByNumber(devices: TokenPlaces): Uint32Array | undefined {
  const [first] = devices.positions();
  if (first === undefined) return undefined;
  const [, letters = '', { length } = ''] = LETTERS_AND_DIGITS.exec(devices.keyAt(first)) ?? [];
  if (length === 0 || length > DIGITS_MAX) return undefined;
  const numbers = new Float64Array(devices.length);
  let count = 0;
  for (const position of devices.positions()) {
    const key = devices.keyAt(position);
    const digits = key.slice(letters.length);
    if (!key.startsWith(letters) || digits.length !== length || !/^\d+$/.test(digits)) return undefined;
    numbers[count] = Number(digits);
    count += 1;
  }
  numbers.sort();
  const positions = new Uint32Array(devices.length);
  let place = 0;
  // A number that stands there as often as there are tokens with it.
  while (place < numbers.length) {
    const alike = devices.positionsOf(`${letters}${String(numbers[place]).padStart(length, '0')}`);
    positions.set(alike.length < 2 ? alike : alike.toSorted(byDevice(devices)), place);
    place += Math.max(1, alike.length);
  }
  return positions;
}

function sortedByText(devices: TokenPlaces): Uint32Array {
  const positions = Uint32Array.from(devices.positions());
  const keys = Array.from(positions, (position) => devices.keyAt(position));
  const compare = byDevice(devices);
  return Uint32Array.from(positions.keys())
    .sort(
      (one, other) =>
        order.compare(keys[one] ?? '', keys[other] ?? '') ||
        compare(positions[one] ?? 0, positions[other] ?? 0),
    )
    .map((place) => positions[place] ?? 0);
}

function byDevice(devices: TokenPlaces): (one: number, other: number) => number {
  return (one, other) => bySerial(devices.deviceAt(one), devices.deviceAt(other));
}
