import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../src/graph/back-off.js';

describe('the back-off', () => {
  it('doubles from half a second to twenty', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => backOffMs(attempt, 1, undefined))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ]);
  });

  it('is never shorter than half of its ceiling, and never longer than it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, draw) => {
          const ceiling = backOffMs(attempt, 1, undefined);
          const ms = backOffMs(attempt, draw, undefined);
          expect(ms).toBeGreaterThanOrEqual(ceiling / 2);
          expect(ms).toBeLessThanOrEqual(ceiling);
        },
      ),
    );
  });

  it('is never shorter than the service asks', () => {
    expect(backOffMs(1, 0, 30)).toBe(30_000);
    expect(backOffMs(1, 0, 0)).toBe(250);
  });
});
