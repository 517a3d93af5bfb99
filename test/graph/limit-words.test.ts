import { describe, expect, it } from 'vitest';
import { LimitListener } from '../../src/graph/limit-words.js';

const APPLICATION = '00000000-0000-0000-0000-0000000000aa';
const TENANT = '00000000-0000-0000-0000-0000000000bb';

/** An answer of 429 that names a limit. */
const refused = (scope: string, information: string) => ({
  status: 429,
  headers: { 'x-ms-throttle-scope': scope, 'x-ms-throttle-information': information },
});

describe('what the service says of its limits', () => {
  it('is nothing where it says nothing', () => {
    const limits = new LimitListener();
    limits.heard({ status: 200, headers: {} });
    limits.heard({ status: 429, headers: { 'retry-after': '10' } });
    expect(limits.words()).toEqual({ named: [] });
  });

  it('names each limit with its count, the most frequent first, and never the application or the tenant', () => {
    const limits = new LimitListener();
    limits.heard(refused('', 'CPULimitExceeded'));
    for (let n = 0; n < 3; n += 1) {
      limits.heard(refused(`Tenant_Application/Write/${APPLICATION}/${TENANT}`, 'WriteLimitExceeded'));
    }
    expect(limits.words()).toEqual({
      named: [
        { scope: 'Tenant_Application/Write', reason: 'WriteLimitExceeded', count: 3 },
        { scope: '', reason: 'CPULimitExceeded', count: 1 },
      ],
    });
  });

  it('takes a name from a 429 alone', () => {
    const limits = new LimitListener();
    limits.heard({ ...refused('Tenant', 'WriteLimitExceeded'), status: 503 });
    expect(limits.words().named).toEqual([]);
  });

  it('keeps the highest share of a limit, and no number that is none', () => {
    const limits = new LimitListener();
    for (const text of ['0.8', '1.3', '0.95', '-1', '0', 'much', 'Infinity']) {
      limits.heard({ status: 204, headers: { 'x-ms-throttle-limit-percentage': text } });
    }
    expect(limits.words()).toEqual({ named: [], highestShare: 1.3 });
  });

  it('is bounded, whatever is sent', () => {
    const limits = new LimitListener();
    for (let n = 0; n < 100; n += 1) limits.heard(refused(`scope-${n}`, 'x'.repeat(10_000)));
    limits.heard(refused('scope-3', 'x'.repeat(80)));
    const { named } = limits.words();
    expect(named).toHaveLength(16);
    expect(named[0]).toEqual({ scope: 'scope-3', reason: 'x'.repeat(80), count: 2 });
  });
});
