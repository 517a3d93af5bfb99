// The course of a run, from the lines of its chain.

import { describe, expect, it } from 'vitest';
import { ActionCounter, CourseBuilder, leastSeconds, nearnessOf } from '../../src/report/course.js';

const START = Date.parse('2026-11-22T09:00:00.000Z');

function event(word: string, second: number, status = 0, outcome = '') {
  return { event: word, at: new Date(START + second * 1_000).toISOString(), status, outcome };
}

describe('the course of a run', () => {
  it('counts what left, what was accepted and what was throttled, second by second', () => {
    const course = new CourseBuilder();
    course.add(event('began', -5));
    course.add(event('sent', 0));
    course.add(event('settled', 0.2, 201, 'done'));
    course.add(event('sent', 0.9));
    course.add(event('settled', 1.1, 429, 'throttled'));
    course.add(event('sent', 3));
    course.add(event('settled', 3.5, 409, 'refused'));
    course.add(event('concluded', 9));
    expect(course.build(undefined)).toEqual({
      startedAt: '2026-11-22T09:00:00.000Z',
      stretchSeconds: 1,
      points: [
        { atSeconds: 0, sent: 2, accepted: 1, throttled: 0 },
        { atSeconds: 1, sent: 0, accepted: 0, throttled: 1 },
        { atSeconds: 3, sent: 1, accepted: 1, throttled: 0 },
      ],
    });
  });

  it.each([
    ['a lost answer', event('settled', 1, 0, 'ambiguous')],
    ['a failure of the server', event('settled', 1, 503, 'transient')],
    ['what a read settled', event('settled', 1, 0, 'done')],
  ])('does not take %s for accepted', (_what, settled) => {
    const course = new CourseBuilder();
    course.add(event('sent', 0));
    course.add(settled);
    expect(course.build(undefined)?.points).toEqual([{ atSeconds: 0, sent: 1, accepted: 0, throttled: 0 }]);
  });

  it('joins seconds into longer stretches, so that no chart has more than 240', () => {
    const course = new CourseBuilder();
    for (let second = 0; second < 1_000; second += 1) course.add(event('sent', second));
    const built = course.build({ rate: 20, burst: 3_000, source: 'documented' });
    expect(built?.stretchSeconds).toBe(5);
    expect(built?.points).toHaveLength(200);
    expect(built?.points.reduce((sum, { sent }) => sum + sent, 0)).toBe(1_000);
    expect(built?.points[1]).toEqual({ atSeconds: 5, sent: 5, accepted: 0, throttled: 0 });
    expect(built?.allowance).toEqual({ rate: 20, burst: 3_000, source: 'documented' });
  });

  it('keeps what a clock that was set back says at the beginning', () => {
    const course = new CourseBuilder();
    course.add(event('sent', 10));
    course.add(event('sent', -3_600));
    expect(course.build(undefined)?.points).toEqual([{ atSeconds: 0, sent: 2, accepted: 0, throttled: 0 }]);
  });

  it('is none when nothing was sent', () => {
    const course = new CourseBuilder();
    course.add(event('began', 0));
    expect(course.build(undefined)).toBeUndefined();
  });
});

describe('the least time', () => {
  it.each([
    [0, 0],
    [40, 0],
    [41, 1 / 15],
    [340, 20],
  ])('for %i writes at 15 a second after 40 at once is %d s', (writes, seconds) => {
    expect(leastSeconds({ rate: 15, burst: 40, source: 'rehearsal' }, writes)).toBeCloseTo(seconds, 10);
  });
});

describe('the plan against what happened', () => {
  it('counts each kind of write by what became of it, and adds up', () => {
    const states = ['done', 'done', 'already', 'refused', 'given-up', 'sent', 'pending'] as const;
    const counter = new ActionCounter();
    const actions = [
      ...states.map((state) => ({ kind: 'create', state })),
      { kind: 'assign', state: 'done' as const },
    ] as const;
    for (const action of actions) counter.add(action);
    const tallies = counter.tallies();
    expect(tallies).toEqual([
      { kind: 'create', planned: 7, done: 2, already: 1, refused: 1, givenUp: 1, inDoubt: 1, notSent: 1 },
      { kind: 'assign', planned: 1, done: 1, already: 0, refused: 0, givenUp: 0, inDoubt: 0, notSent: 0 },
    ]);
  });
});

describe('how near a run came to the bound', () => {
  const allowance = { rate: 10, burst: 100, source: 'job' } as const;

  it('is its time over the least that the throttle allows', () => {
    expect(nearnessOf(allowance, 1_100, 103)).toEqual({ leastSeconds: 100, ratioToLeast: 1.03 });
  });

  it('is not told for writes that fit into the burst, nor where the limit is not known', () => {
    expect(nearnessOf(allowance, 100, 4)).toEqual({ leastSeconds: 0, ratioToLeast: null });
    expect(nearnessOf(undefined, 1_100, 103)).toEqual({ leastSeconds: null, ratioToLeast: null });
  });
});
