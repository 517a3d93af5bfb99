// What is gone through row by row: a plain array, or a table in columns that makes each row when it is looked at. A
// million rows pass through the stages as these, and never as a million objects.

/**
 * Rows in an order that stays. An array of rows is one too. `filter`, `map` and `flatMap` make arrays, as those of
 * arrays do: they are for what is found in few rows; all rows are gone through one by one.
 */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
  /** The row at a position from 0; `undefined` where there is none. */
  at(position: number): Row | undefined;
  find(isIt: (row: Row) => boolean): Row | undefined;
  some(isSo: (row: Row) => boolean): boolean;
  filter(isSo: (row: Row) => boolean): readonly Row[];
  map<Made>(make: (row: Row, position: number) => Made): readonly Made[];
  flatMap<Made>(make: (row: Row, position: number) => Made | readonly Made[]): readonly Made[];
  entries(): Iterable<readonly [position: number, row: Row]>;
  /** The rows that may be anything but ordinary, in their order, of a table that knows them. */
  unusual?(): Iterable<Row>;
}

/**
 * The rows among which all are that are anything but ordinary. What is ordinary, the table says; an array does not
 * know, and gives all its rows.
 */
export function unusualRows<Row>(rows: Rows<Row>): Iterable<Row> {
  return rows.unusual?.() ?? rows;
}

/** A table that makes its rows when they are looked at. */
export abstract class RowTable<Row> implements Rows<Row> {
  abstract get length(): number;
  abstract at(position: number): Row | undefined;

  *[Symbol.iterator](): Generator<Row, void> {
    for (let position = 0; position < this.length; position += 1) {
      const row = this.at(position);
      if (row !== undefined) yield row;
    }
  }

  *entries(): Generator<readonly [position: number, row: Row], void> {
    for (let position = 0; position < this.length; position += 1) {
      const row = this.at(position);
      if (row !== undefined) yield [position, row];
    }
  }

  find(isIt: (row: Row) => boolean): Row | undefined {
    for (const row of this) if (isIt(row)) return row;
    return undefined;
  }

  some(isSo: (row: Row) => boolean): boolean {
    return this.find(isSo) !== undefined;
  }

  filter(isSo: (row: Row) => boolean): readonly Row[] {
    const found: Row[] = [];
    for (const row of this) if (isSo(row)) found.push(row);
    return found;
  }

  map<Made>(make: (row: Row, position: number) => Made): readonly Made[] {
    return Array.from(this, make);
  }

  flatMap<Made>(make: (row: Row, position: number) => Made | readonly Made[]): readonly Made[] {
    const made: Made[] = [];
    for (const [position, row] of this.entries()) {
      const some = make(row, position);
      if (isList(some)) made.push(...some);
      else made.push(some);
    }
    return made;
  }
}

function isList<Made>(some: Made | readonly Made[]): some is readonly Made[] {
  return Array.isArray(some);
}

/** Rows that are made from others when they are looked at. */
export class MappedRows<From, Row> extends RowTable<Row> {
  readonly #rows: Rows<From>;
  readonly #make: (row: From, position: number) => Row;

  constructor(rows: Rows<From>, make: (row: From, position: number) => Row) {
    super();
    this.#rows = rows;
    this.#make = make;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(position: number): Row | undefined {
    const row = this.#rows.at(position);
    return row === undefined ? undefined : this.#make(row, position);
  }
}

/** Some of the rows, in an order of their own, by their positions. */
export class ChosenRows<Row> extends RowTable<Row> {
  readonly #rows: Rows<Row>;
  readonly #positions: { readonly length: number; at(position: number): number };

  constructor(rows: Rows<Row>, positions: { readonly length: number; at(position: number): number }) {
    super();
    this.#rows = rows;
    this.#positions = positions;
  }

  get length(): number {
    return this.#positions.length;
  }

  at(position: number): Row | undefined {
    if (position < 0 || position >= this.length) return undefined;
    return this.#rows.at(this.#positions.at(position));
  }
}

/** How many rows are so. */
export function countThat<Row>(rows: Iterable<Row>, isSo: (row: Row) => boolean): number {
  let count = 0;
  for (const row of rows) if (isSo(row)) count += 1;
  return count;
}
