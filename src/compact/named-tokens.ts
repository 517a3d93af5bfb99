// Which tokens of the tenant the rows of the files name, and by which row: for a plan that takes back what no row names,
// and for findings and audits that tell it. Pure.

import { serialKey } from '../lookup-key.js';
import { NumberColumn } from './number-column.js';

/** Rows, as far as they matter here. */
interface NamingRows {
  readonly length: number;
  at(n: number): { readonly serialNumber: string } | undefined;
  /** The serial number of a row may be had without the rest. */
  readonly parts?: { serialNumberAt(n: number): string | undefined };
}

interface ListedToken {
  readonly id: string;
  readonly serialNumber: string;
}

/** Tokens of the tenant, as far as they matter here. */
interface ListedTokens<Token extends ListedToken> {
  values(): Iterable<readonly Token[]>;
  /** Tokens by their positions, each of which stands where its id does. */
  readonly places?: {
    positions(): Iterable<number>;
    positionsOf(key: string): readonly number[];
    keyAt(position: number): string;
    isAlone(position: number): boolean;
    deviceAt(position: number): Token;
  };
  readonly ids?: { find(id: string): number };
}

export class NamedTokens<Token extends ListedToken> {
  readonly #tokens: ListedTokens<Token>;
  /** 1 + the last row that names the token at a position; 0 where none does. */
  readonly #rowsAt = new NumberColumn();
  /** The last row for each `serialKey`, where tokens have no positions. */
  readonly #rowsOf = new Map<string, number>();

  constructor(rows: NamingRows, tokens: ListedTokens<Token>) {
    this.#tokens = tokens;
    for (let n = 0; n < rows.length; n += 1) {
      const serialNumber = rows.parts?.serialNumberAt(n) ?? rows.at(n)?.serialNumber;
      if (serialNumber !== undefined) this.#note(serialKey(serialNumber), n);
    }
  }

  /** The last row that names a token of the tenant; −1 where none does. */
  rowOf({ id, serialNumber }: Token): number {
    const { places, ids } = this.#tokens;
    if (places === undefined || ids === undefined) return this.#rowsOf.get(serialKey(serialNumber)) ?? -1;
    return this.#rowsAt.at(ids.find(id)) - 1;
  }

  /** The tokens that no row names, those with the same serial number one behind the other. */
  *others(): Generator<Token, void> {
    const { places, ids } = this.#tokens;
    if (places === undefined || ids === undefined) {
      for (const alike of this.#tokens.values()) yield* alike.filter((token) => this.rowOf(token) < 0);
      return;
    }
    for (const position of places.positions()) {
      if (this.#rowsAt.at(position) > 0) continue;
      const alike = places.isAlone(position) ? [position] : places.positionsOf(places.keyAt(position));
      if (alike[0] === position) for (const place of alike) yield places.deviceAt(place);
    }
  }

  #note(key: string, n: number): void {
    const { places, ids } = this.#tokens;
    if (places === undefined || ids === undefined) this.#rowsOf.set(key, n);
    else for (const position of places.positionsOf(key)) this.#rowsAt.put(position, n + 1);
  }
}
