// What comes within a turn of the event loop, together.

import { describe, expect, it } from 'vitest';
import { TurnBatch } from '../../src/graph/turn-batch.js';
import { nextTurn } from '../../src/turn.js';

describe('a batch of a turn', () => {
  it('delivers what comes within a turn of the event loop at its end, together', async () => {
    const delivered: (readonly string[])[] = [];
    const batch = new TurnBatch<string>((items) => delivered.push(items));
    batch.push('a');
    await Promise.resolve();
    batch.push('b');
    expect(delivered).toEqual([]);
    await nextTurn();
    expect(delivered).toEqual([['a', 'b']]);
    batch.push('c');
    await nextTurn();
    expect(delivered).toEqual([['a', 'b'], ['c']]);
  });

  it('delivers at once when it is asked to, and nothing twice', async () => {
    const delivered: (readonly string[])[] = [];
    const batch = new TurnBatch<string>((items) => delivered.push(items));
    batch.flush();
    batch.push('a');
    batch.flush();
    expect(delivered).toEqual([['a']]);
    await nextTurn();
    expect(delivered).toEqual([['a']]);
  });
});
