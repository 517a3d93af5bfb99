// When the run stops because the service is to blame, and not its rows.

import { describe, expect, it } from 'vitest';
import type { Outcome, OutcomeKind } from '../../src/provision/outcome.js';
import { ServiceHealth } from '../../src/provision/service-health.js';

function outcome(kind: OutcomeKind, status = kind === 'forbidden' ? 403 : 500): Outcome {
  return { kind, status, reason: kind, detail: '' };
}

const CONCURRENCY = 18;
const NOT_CONNECTED = outcome('transient', 0);

/** What the health is said to be after each of these outcomes. */
function healthAfter(...outcomes: readonly Outcome[]): readonly string[] {
  const health = new ServiceHealth(CONCURRENCY);
  return outcomes.map((one) => health.observe(one).kind);
}

function times(count: number, one: Outcome): readonly Outcome[] {
  return Array.from({ length: count }, () => one);
}

describe('a service', () => {
  it('that forbids five writes without a success between them takes no more', () => {
    expect(healthAfter(...times(5, outcome('forbidden')))).toEqual([
      'well',
      'well',
      'well',
      'well',
      'forbidden',
    ]);
  });

  it.each<OutcomeKind>(['refused', 'throttled', 'transient', 'ambiguous'])(
    'that forbids is not excused by something %s in between',
    (kind) => {
      expect(healthAfter(...times(4, outcome('forbidden')), outcome(kind), outcome('forbidden')).at(-1)).toBe(
        'forbidden',
      );
    },
  );

  it('that forbids one user after another, with a success between them, goes on', () => {
    const many = Array.from({ length: 50 }, () => [
      ...times(4, outcome('forbidden')),
      outcome('done'),
    ]).flat();
    expect(new Set(healthAfter(...many))).toEqual(new Set(['well']));
  });

  it.each([
    ['answers that are lost', outcome('ambiguous')],
    ['connections that are refused', NOT_CONNECTED],
  ])('is failing after forty %s', (_what, one) => {
    expect(healthAfter(...times(39, one)).at(-1)).toBe('well');
    expect(healthAfter(...times(40, one)).at(-1)).toBe('failing');
  });

  it('with more requests in flight is failing when all of them were lost twice', () => {
    const health = new ServiceHealth(64);
    const seen = times(128, outcome('ambiguous')).map((one) => health.observe(one).kind);
    expect([seen.indexOf('failing'), seen.length]).toEqual([127, 128]);
  });

  it.each<OutcomeKind>(['done', 'refused', 'forbidden'])(
    'is not failing when it answers in between: %s',
    (kind) => {
      const many = [...times(39, outcome('ambiguous')), outcome(kind), ...times(39, outcome('ambiguous'))];
      expect(new Set(healthAfter(...many))).toEqual(new Set(['well']));
    },
  );

  it.each<readonly [string, Outcome]>([
    ['throttling', outcome('throttled', 429)],
    ['a lag', outcome('transient', 404)],
    ['concurrency', outcome('transient', 409)],
  ])('is never failing for %s, however long', (_what, one) => {
    expect(new Set(healthAfter(...times(500, one)))).toEqual(new Set(['well']));
  });

  it('that forbade everything in a job too small for the limit has forbidden it all', () => {
    const health = new ServiceHealth(CONCURRENCY);
    const first = outcome('forbidden');
    health.observe(first);
    expect(health.allForbidden()).toBe(first);
    health.observe(outcome('done'));
    expect(health.allForbidden()).toBeUndefined();
  });
});
