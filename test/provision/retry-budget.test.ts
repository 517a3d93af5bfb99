// What is sent again to a service that fails, as a share of what succeeds.

import { describe, expect, it } from 'vitest';
import { RetryBudget } from '../../src/provision/retry-budget.js';

describe('the retry budget', () => {
  it('lets fifty failures be repeated soon, with back-off and jitter', () => {
    const budget = new RetryBudget();
    const waits = Array.from({ length: 50 }, (_, at) => budget.waitMs(1, at / 50, undefined));
    expect(Math.min(...waits)).toBe(250);
    expect(Math.max(...waits)).toBeLessThan(500);
    expect(budget.waitMs(3, 0.5, undefined)).toBe(45_000);
  });

  it('is filled by a tenth with each success, and no further than fifty', () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 50; n += 1) budget.waitMs(1, 0, undefined);
    for (let n = 0; n < 9; n += 1) budget.succeeded();
    expect(budget.waitMs(1, 0, undefined)).toBe(30_000);
    for (let n = 0; n < 2; n += 1) budget.succeeded();
    expect(budget.waitMs(1, 0, undefined)).toBe(250);
    for (let n = 0; n < 10_000; n += 1) budget.succeeded();
    const soon = Array.from({ length: 60 }, () => budget.waitMs(1, 0, undefined)).filter((ms) => ms < 1_000);
    expect(soon).toHaveLength(50);
  });

  it('never shortens what the service asks for', () => {
    const budget = new RetryBudget();
    expect(budget.waitMs(1, 0, 90)).toBe(90_000);
    for (let n = 0; n < 50; n += 1) budget.waitMs(1, 0, undefined);
    expect(budget.waitMs(1, 0, 90)).toBe(90_000);
  });
});
