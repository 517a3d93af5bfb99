// The words of the progress line.

import { describe, expect, it } from 'vitest';
import { barLength, ProgressMeter } from '../../src/cli/progress-view.js';

const at = (seconds: number, done: number, gateUntilSeconds = 0) => ({
  nowMs: seconds * 1_000,
  done,
  accepted: done,
  gateUntilMs: gateUntilSeconds * 1_000,
});

describe('the progress line', () => {
  it('tells the pace of the last seconds, and not of the burst at the start', () => {
    const meter = new ProgressMeter(1_000, at(0, 0));
    expect(meter.view(at(1, 200))).toMatchObject({ pace: '200.0/s', left: '4 s' });
    for (let second = 2; second <= 40; second += 1) meter.view(at(second, 200 + (second - 1) * 10));
    expect(meter.view(at(41, 600))).toMatchObject({ done: 600, pace: '10.0/s', left: '40 s' });
  });

  it('says how long the gate stays closed in whole seconds, and that it is open', () => {
    const meter = new ProgressMeter(10, at(0, 0));
    expect(meter.view(at(1, 1, 3.2)).gate).toBe('closed 3 s');
    expect(meter.view(at(4, 2, 3.2)).gate).toBe('open');
  });

  it('guesses nothing while no row has come to its end, and nothing is left at the end', () => {
    const meter = new ProgressMeter(3, at(0, 0));
    expect(meter.view(at(5, 0))).toMatchObject({ pace: '0.0/s', left: '–' });
    expect(meter.view(at(6, 3)).left).toBe('0 s');
  });

  it.each([
    [200, 24],
    [80, 24],
    [60, 8],
    [20, 4],
  ])('has on a screen of %i columns a bar of %i', (columns, length) => {
    expect(barLength(columns)).toBe(length);
  });
});
