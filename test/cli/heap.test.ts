// When memory may be taken for speed.

import { describe, expect, it } from 'vitest';
import { maySpendMemory } from '../../src/cli/heap.js';

describe('a larger heap, and a thread', () => {
  it.each([
    { isUnlimited: true, rows: 200_000, may: true },
    { isUnlimited: true, rows: 200_001, may: false },
    { isUnlimited: false, rows: 10, may: false },
  ])('are for runs that nobody throttles, up to 200,000 rows: %o', ({ may, ...work }) => {
    expect(maySpendMemory(work)).toBe(may);
  });
});
