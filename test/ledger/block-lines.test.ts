// The lines of blocks: rows to everybody else, and never more than a block of them in memory.

import { describe, expect, it } from 'vitest';
import { BlockLines } from '../../src/ledger/block-lines.js';

/** Blocks of different sizes, one of them with a line that is empty; and how often each was unpacked. */
function blocksOf(...blocks: readonly (readonly string[])[]) {
  const unpacked = blocks.map(() => 0);
  // Every other number, as where blocks were taken out.
  const numbers = blocks.map((_, place) => 2 * place);
  const lines = new BlockLines(numbers, (block) => {
    unpacked[block / 2] = (unpacked[block / 2] ?? 0) + 1;
    return (blocks[block / 2] ?? []).map((line) => `${line}\n`).join('');
  });
  return { lines, unpacked, all: blocks.flat() };
}

const SIZES = [['a', 'b', 'c'], ['d'], ['', 'f'], ['g', 'h', 'i', 'j']] as const;

describe('the lines of blocks', () => {
  it('are there by position, and in their order', () => {
    const { lines, all } = blocksOf(...SIZES);
    expect(lines.length).toBe(all.length);
    expect([...lines]).toEqual(all);
    for (const position of [9, 0, 5, 3, 4, 2, 9, 1, 8, 6, 7]) expect(lines.at(position)).toBe(all[position]);
    expect([lines.at(-1), lines.at(10)]).toEqual([undefined, undefined]);
  });

  it('are unpacked a block at a time: twice for the first pass by position, and once for each other', () => {
    const { lines, unpacked } = blocksOf(...SIZES);
    const pass = (): void => {
      for (let position = 0; position < lines.length; position += 1) lines.at(position);
    };
    pass();
    expect(unpacked).toEqual([2, 2, 2, 2]);
    pass();
    for (const _ of lines) expect(unpacked[0]).toBe(4);
    expect(unpacked).toEqual([4, 4, 4, 4]);
  });

  it('of no block are none', () => {
    const { lines } = blocksOf();
    expect([lines.length, lines.at(0), [...lines]]).toEqual([0, undefined, []]);
  });
});
