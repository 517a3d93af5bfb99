// The faults that have a promise of their own in docs/reliability.md, one at a time, each with its name; the drawn
// seeds mix them.

import { afterAll, describe, expect, it } from 'vitest';
import { type Drawn, draw, type FaultClass } from './draw.js';
import { differences, verdictsIn, violations } from './invariants.js';
import type { Played } from './played.js';
import { Playground } from './playground.js';

const DAY_MS = 86_400_000;
const EIGHT_HOURS_MS = DAY_MS / 3;

const playground = new Playground();
afterAll(() => playground.close());

/** Twelve rows of two writes each, about half a second each, and nothing goes wrong. */
function quiet(changes: Partial<Drawn> = {}): Drawn {
  const drawn = draw(1);
  return {
    ...drawn,
    ...{ rows: Array<'create-and-assign'>(12).fill('create-and-assign'), classes: new Set<FaultClass>() },
    ...{ settings: { ...drawn.quiet, latency: { p5: 200, p95: 400 } }, hasSameFortune: true },
    ...{ concurrency: 2, pace: { rate: 20, burst: 1 }, crashes: [], signalsAfterMs: [], diskFailures: [] },
    ...{ tokenLifetimeMs: undefined, revokedMs: undefined, jumps: [], isOnDisk: false, isRunAgain: true },
    flushMs: undefined,
    ...changes,
  };
}

/** By the clock on the wall. */
function concludedMs({ conclusion }: Played): number {
  return Date.parse(conclusion?.at ?? '');
}

function expectAllAssigned(played: Played): void {
  expect(violations(played)).toEqual([]);
  expect(played.run?.state).toBe('finished');
  const verdicts = verdictsIn(played.conclusion).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(Array<string>(12).fill('assigned'));
}

describe('the wall clock', () => {
  it.each([
    ['a day ahead', DAY_MS],
    ['a day back', -DAY_MS],
  ])('that jumps %s in mid-run changes nothing in the reports but the times', async (_what, byMs) => {
    const jumps = [{ atMs: 1_500, byMs, isSleep: false }];
    const [played, undisturbed] = [await playground.play(quiet({ jumps })), await playground.play(quiet())];
    expectAllAssigned(played);
    expect(differences(played, undisturbed)).toEqual([]);
    expect(played.wire.writes).toBe(undisturbed.wire.writes);
    // By the monotonic clock it took a few seconds longer at most.
    expect(Math.abs(concludedMs(played) - byMs - concludedMs(undisturbed))).toBeLessThanOrEqual(30_000);
  });
});

describe('a wall clock that is set back again before anybody has left since', () => {
  it('makes the queue anew once more, and ends nothing', async () => {
    // Found by drawing: it was taken for a queue that stands still for no reason.
    const played = await playground.play(draw(829));
    expect(violations(played)).toEqual([]);
    expect(played.ends).toEqual(['exit']);
  });
});

describe('a computer that sleeps for eight hours in mid-run', () => {
  it.each([
    ['and counts them', true],
    ['and does not count them', false],
  ])('%s settles by a read what was in the air, and goes on', async (_what, isSleepCounted) => {
    const jumps = [{ atMs: 1_500, byMs: EIGHT_HOURS_MS, isSleep: true }];
    const undisturbed = await playground.play(quiet());
    const played = await playground.play(quiet({ jumps, isSleepCounted }));
    expectAllAssigned(played);
    expect(concludedMs(played) - concludedMs(undisturbed)).toBeGreaterThan(EIGHT_HOURS_MS / 2);
    expect(played.failures).toEqual([]);
  });
});

function expectCarriedOn(played: Played): void {
  expectAllAssigned(played);
  expect(played.failures).toEqual(['ledger-failed']);
  expect(played.ends.slice(0, 2)).toEqual(['failure', 'exit']);
}

describe('a ledger that cannot be written', () => {
  it.each(['database or disk is full', 'disk I/O error', 'fsync: input/output error'])(
    'because of "%s" ends the run at once, and is carried on by resume',
    async (message) => {
      for (const isKept of [true, false]) {
        const diskFailures = [{ life: 0, at: 8, isKept, message, isInFlush: false }];
        expectCarriedOn(await playground.play(quiet({ diskFailures })));
      }
    },
  );

  // The violations hold that nothing is sent, written or flushed after it.
  it('because a flush beside the work has failed ends the run at once: it is not repeated, and nothing leaves', async () => {
    for (const at of [1, 2, 3, 5, 8]) {
      const diskFailures = [
        { life: 0, at, isKept: true, message: 'EIO: i/o error, fdatasync', isInFlush: true },
      ];
      expectCarriedOn(await playground.play(quiet({ diskFailures, flushMs: 4 })));
    }
  });
});

describe('a token that expires in mid-run', () => {
  it.each([1, 4, 16])('is renewed once for all, with %i requests at once', async (concurrency) => {
    const played = await playground.play(quiet({ tokenLifetimeMs: 1_000, concurrency }));
    expectAllAssigned(played);
    expect(played.tokens.expired).toBeGreaterThan(0);
    expect(played.tokens.asked).toBeLessThanOrEqual(played.tokens.expired);
    expect(played.ends.slice(0, 1)).toEqual(['exit']);
  });
});

describe('a permission that is revoked in mid-run', () => {
  it('stops the run, rejects no row, and the run is carried on when it is there again', async () => {
    const played = await playground.play(quiet({ revokedMs: [500, 4_000] }));
    expectAllAssigned(played);
    expect(played.failures).toEqual(['permission-missing']);
    expect(played.ends.slice(0, 2)).toEqual(['failure', 'exit']);
  });
});
