// Which tokens of the tenant the rows of the files name, and by which row. Pure.

import { NumberColumn } from '../compact/number-column.js';
import { serialKey } from '../lookup-key.js';
import type { DesiredRows } from '../manifest/row.js';
import type { Device, Devices } from '../tenant/observed.js';

export class NamedTokens {
  readonly #devices: Devices;
  /** 1 + the last row that names the token at a position; 0 where none does. */
  readonly #rowsAt = new NumberColumn();
  /** The last row for each `serialKey`, where tokens have no positions. */
  readonly #rowsOf = new Map<string, number>();

  constructor(rows: DesiredRows, devices: Devices) {
    this.#devices = devices;
    for (let n = 0; n < rows.length; n += 1) {
      const serialNumber = serialNumberOf(rows, n);
      if (serialNumber !== undefined) this.#note(serialKey(serialNumber), n);
    }
  }

  /** The last row that names a token of the tenant; −1 where none does. */
  rowOf({ id, serialNumber }: Device): number {
    const { places, ids } = this.#devices;
    if (places === undefined || ids === undefined) return this.#rowsOf.get(serialKey(serialNumber)) ?? -1;
    // A token stands where its id does.
    return this.#rowsAt.at(ids.find(id)) - 1;
  }

  /** The tokens that no row names, those with the same serial number one behind the other. */
  *others(): Generator<Device, void> {
    const { places } = this.#devices;
    if (places === undefined) {
      for (const tokens of this.#devices.values()) yield* tokens.filter((token) => this.rowOf(token) < 0);
      return;
    }
    for (const position of places.positions()) {
      if (this.#rowsAt.at(position) > 0) continue;
      const alike = places.isAlone(position) ? [position] : places.positionsOf(places.keyAt(position));
      if (alike[0] === position) for (const place of alike) yield places.deviceAt(place);
    }
  }

  #note(key: string, n: number): void {
    const { places, ids } = this.#devices;
    if (places === undefined || ids === undefined) this.#rowsOf.set(key, n);
    else for (const position of places.positionsOf(key)) this.#rowsAt.put(position, n + 1);
  }
}

/** Of a plain row the serial number is had without the rest. */
function serialNumberOf(rows: DesiredRows, n: number): string | undefined {
  const { parts } = rows;
  const known = parts?.isPlain(n) === true ? parts.serialNumberAt(n) : undefined;
  return known ?? rows.at(n)?.serialNumber;
}
