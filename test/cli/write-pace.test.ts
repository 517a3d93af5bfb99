// What the pacer starts from: what the job asks for, and what its last run has learned.

import { describe, expect, it } from 'vitest';
import { writePace } from '../../src/cli/write-pace.js';
import { Pacer } from '../../src/graph/pacer.js';

const CONCURRENCY = 16;

const documented = { rate: 'documented', concurrency: CONCURRENCY } as const;

describe('the pace of the writes', () => {
  it('is what is documented, with its burst, when nothing was learned', () => {
    expect(writePace(documented, undefined)).toEqual({ rate: 20, burst: 3_000, likely: 20 });
  });

  it('starts from a slower rate that was learned', () => {
    expect(writePace(documented, 5)).toEqual({ rate: 5, burst: 3_000, likely: 20, remembered: 5 });
  });

  it('is never faster for what was learned', () => {
    expect(writePace(documented, 60)).toEqual(writePace(documented, undefined));
    expect(writePace({ ...documented, rate: 10 }, 60)).toEqual(
      writePace({ ...documented, rate: 10 }, undefined),
    );
  });

  it('of a number is a ceiling', () => {
    expect(writePace({ ...documented, rate: 10 }, undefined)).toMatchObject({
      rate: 10,
      burst: 1,
      ceiling: 10,
    });
    expect(writePace({ ...documented, rate: 10, burst: 50 }, 4)).toMatchObject({
      rate: 4,
      burst: 50,
      ceiling: 10,
    });
  });

  it('is found out by auto, which tries what was learned before what is documented', () => {
    expect(writePace({ ...documented, rate: 'auto' }, 7)).toEqual({ burst: 1, likely: 20, remembered: 7 });
    expect(new Pacer(writePace({ ...documented, rate: 'auto' }, 7)).view().pace).toBeUndefined();
  });

  it('is not held when the service is said to throttle nobody', () => {
    expect(writePace({ ...documented, rate: 'unlimited' }, 7)).toEqual({ burst: 1 });
  });
});
