// Gathers what comes within one turn of the event loop, for receivers to whom each delivery costs more than what is in it.

export class TurnBatch<Item> {
  readonly #deliver: (items: readonly Item[]) => void;
  #items: Item[] = [];

  constructor(deliver: (items: readonly Item[]) => void) {
    this.#deliver = deliver;
  }

  /** Delivers it at the end of this turn, with all others. */
  push(item: Item): void {
    if (this.#items.length === 0) setImmediate(() => this.flush());
    this.#items.push(item);
  }

  /** Delivers at once what there is. */
  flush(): void {
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#deliver(items);
  }
}
