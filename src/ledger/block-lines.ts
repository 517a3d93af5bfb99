// The lines of a run's blocks as rows: no more than a block is unpacked at a time, however many there are.

import { RowTable } from '../compact/rows.js';
import { linesOf } from './packed-lines.js';

interface Unpacked {
  readonly first: number;
  readonly lines: readonly string[];
}

const NOTHING: Unpacked = { first: 0, lines: [] };

export class BlockLines extends RowTable<string> {
  readonly #blocks: readonly number[];
  readonly #textOf: (block: number) => string;
  /** Where the lines of each block begin, and behind them where those of the last one end. */
  #starts: readonly number[] | undefined;
  /** The block that was looked at last: those who go through the lines ask for one after the other. */
  #near = NOTHING;

  /**
   * @param blocks - their numbers, in their order.
   * @param textOf - the lines of a block, each with its line break.
   */
  constructor(blocks: readonly number[], textOf: (block: number) => string) {
    super();
    this.#blocks = blocks;
    this.#textOf = textOf;
  }

  /** It takes a pass through all of them, once. */
  get length(): number {
    this.#starts ??= this.#counted();
    return this.#starts.at(-1) ?? 0;
  }

  at(position: number): string | undefined {
    if (position < 0 || position >= this.length) return undefined;
    const { first, lines } = this.#near;
    const isNear = position >= first && position < first + lines.length;
    if (!isNear) this.#near = this.#around(position);
    return this.#near.lines[position - this.#near.first];
  }

  override *[Symbol.iterator](): Generator<string, void> {
    for (const block of this.#blocks) yield* linesOf(this.#textOf(block));
  }

  #counted(): readonly number[] {
    const starts = [0];
    let end = 0;
    for (const block of this.#blocks) {
      end += linesOf(this.#textOf(block)).length;
      starts.push(end);
    }
    return starts;
  }

  #around(position: number): Unpacked {
    const starts = this.#starts ?? [];
    const place = starts.findIndex((start) => start > position) - 1;
    const block = this.#blocks[place];
    return block === undefined ? NOTHING : { first: starts[place] ?? 0, lines: linesOf(this.#textOf(block)) };
  }
}
