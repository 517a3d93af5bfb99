// What was put in one after the other is mostly asked for one after the other: files, lists and plans are gone through
// in the same order. The position behind the last one is looked at first, which costs less than to look one up.

/** So many guesses in vain, and no more is guessed until two that are asked for stand one behind the other again. */
const MISSES_MAX = 8;

export class Succession {
  #next = 0;
  #misses = 0;

  /** Where to look first; -1 for nowhere. */
  get guess(): number {
    return this.#misses < MISSES_MAX ? this.#next : -1;
  }

  /** Notes where it was. */
  found(position: number): void {
    this.#misses = position === this.#next ? 0 : this.#misses + 1;
    this.#next = position + 1;
  }
}
