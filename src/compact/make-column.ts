// A column of the makes of tokens: a million tokens are of a few makes, so that each different one is kept once.

import { NumberColumn, type NumberColumnMessage } from './number-column.js';

/** What tokens of one kind have in common. */
export interface Make {
  readonly timeIntervalInSeconds: number | undefined;
  readonly hashFunction: string;
  readonly manufacturer: string;
  readonly model: string;
}

/** So many makes are compared before a key is made to look one up. */
const COMPARED = 8;

/** A column for another thread. */
export interface MakeColumnMessage<Own extends Make = Make> {
  readonly codes: NumberColumnMessage;
  readonly makes: readonly Pick<Own, keyof Make>[];
}

export class MakeColumn<Own extends Make = Make> {
  #codes = new NumberColumn();
  readonly #makes: Pick<Own, keyof Make>[] = [];
  readonly #codeOf = new Map<string, number>();

  static fromMessage<Own extends Make>({ codes, makes }: MakeColumnMessage<Own>): MakeColumn<Own> {
    const column = new MakeColumn<Own>();
    column.#codes = NumberColumn.fromMessage(codes);
    for (const make of makes) column.#keep(make, keyOf(make));
    return column;
  }

  /** For another thread, to which the memory goes: the column is of no use afterwards. */
  toMessage(): MakeColumnMessage<Own> {
    return { codes: this.#codes.toMessage(), makes: this.#makes };
  }

  /** Adds what is a make, among other things. */
  push(own: Own): void {
    this.#codes.push(this.#codeFor(own));
  }

  /** Adds none. What is at its position says nothing. */
  skip(): void {
    this.#codes.push(0);
  }

  /** The make at a position; the same object for all that are of one. */
  at(position: number): Pick<Own, keyof Make> | undefined {
    return this.#makes[this.#codes.at(position)];
  }

  #codeFor(own: Own): number {
    for (let code = 0; code < this.#makes.length && code < COMPARED; code += 1) {
      const make = this.#makes[code];
      if (make !== undefined && isSameMake(make, own)) return code;
    }
    const key = keyOf(own);
    return this.#codeOf.get(key) ?? this.#keep(own, key);
  }

  #keep(
    { timeIntervalInSeconds, hashFunction, manufacturer, model }: Pick<Own, keyof Make>,
    key: string,
  ): number {
    this.#codeOf.set(key, this.#makes.length);
    return this.#makes.push({ timeIntervalInSeconds, hashFunction, manufacturer, model }) - 1;
  }
}

function keyOf({ timeIntervalInSeconds, hashFunction, manufacturer, model }: Make): string {
  return JSON.stringify([timeIntervalInSeconds, hashFunction, manufacturer, model]);
}

export function isSameMake(one: Make, other: Make): boolean {
  return (
    one.model === other.model &&
    one.manufacturer === other.manufacturer &&
    one.timeIntervalInSeconds === other.timeIntervalInSeconds &&
    one.hashFunction === other.hashFunction
  );
}
