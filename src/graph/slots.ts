// Numbered places for what comes and goes much. V8's Map and Set grow new tables meanwhile, and an old table keeps alive
// what it held until all memory is looked through: pages of a list, for one.

export class Slots<Item extends object> {
  readonly #items: (Item | undefined)[] = [];
  readonly #free: number[] = [];

  /** @returns its number, which another one has once it is removed. */
  add(item: Item): number {
    const at = this.#free.pop() ?? this.#items.length;
    this.#items[at] = item;
    return at;
  }

  /** Once for each number that {@link add} has given. @returns what was there. */
  remove(at: number): Item | undefined {
    const item = this.#items[at];
    if (item === undefined) return undefined;
    this.#items[at] = undefined;
    this.#free.push(at);
    return item;
  }

  /** What is there now. */
  all(): readonly Item[] {
    return this.#items.filter((item) => item !== undefined);
  }
}
