// Moments as text.

import { expect, it } from 'vitest';
import { isoTime } from '../src/clock.js';

it('a moment is told in UTC to the millisecond, whichever was told before', () => {
  const moments = [
    [0, '1970-01-01T00:00:00.000Z'],
    [1_795_881_600_001, '2026-11-28T16:00:00.001Z'],
    [1_795_881_600_001, '2026-11-28T16:00:00.001Z'],
    [1_795_881_600_002, '2026-11-28T16:00:00.002Z'],
    [1_795_881_600_001, '2026-11-28T16:00:00.001Z'],
    [0, '1970-01-01T00:00:00.000Z'],
  ] as const;
  for (const [ms, text] of moments) expect(isoTime(ms)).toBe(text);
});
