// Settings as they are written in a job file.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { emulatorSettingsSchema, withChanges } from '../../src/emulator/settings.js';

describe('emulator settings', () => {
  it('have a kind, quick and consistent service by default', () => {
    expect(emulatorSettingsSchema.parse({})).toMatchObject({
      seed: 1,
      latency: { p5: 0, p95: 0 },
      throttle: {
        writes: [],
        reads: [],
        retryAfter: 'seconds',
        minRetryAfter: 0,
        costOfRejection: 0,
        spurious: 0,
      },
      consistency: { lag: 0 },
      pageSize: 100,
      maxPageSize: 500,
      shape: 'flat',
      faultsOn: 'all',
      limits: { methodsPerUser: 5 },
      duplicateSerialStatus: 409,
      alreadyAssigned: 'refuse',
      failedActivationAfter: 3,
      bulk: { maxItems: 100, refuseStatus: 413, answers: 'full' },
    });
    expect(
      Object.values(emulatorSettingsSchema.parse({}).faults).every((probability) => probability === 0),
    ).toBe(true);
  });

  it('take durations as people write them, and one limit or several', () => {
    const settings = emulatorSettingsSchema.parse({
      latency: { p5: '80ms', p95: '0.4s' },
      throttle: { writes: { kind: 'fixed-window', quota: 3000, window: '150s' } },
    });
    expect(settings.latency).toEqual({ p5: 80, p95: 400 });
    expect(settings.throttle.writes).toEqual([{ kind: 'fixed-window', quota: 3000, window: 150_000 }]);
  });

  it.each([
    { colour: 'blue' },
    { faults: { explosion: 1 } },
    { faults: { status500: 1.5 } },
    { latency: { p5: '400ms', p95: '80ms' } },
    { latency: { p5: '0ms', p95: '80ms' } },
    { consistency: { lag: '5' } },
    { consistency: { lag: 5 } },
    { throttle: { writes: { kind: 'token-bucket', rate: 0, burst: 1 } } },
    { throttle: { writes: { kind: 'token-bucket', rate: 1 } } },
  ])('are not %o', (settings) => {
    expect(emulatorSettingsSchema.safeParse(settings).success).toBe(false);
  });

  it('can be described by a JSON Schema for editors', () => {
    const schema = z.toJSONSchema(emulatorSettingsSchema, { io: 'input' });
    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { seed: { default: 1 } },
    });
  });

  it('are changed key by key, each as a whole', () => {
    const current = emulatorSettingsSchema.parse({
      seed: 5,
      faults: { status500: 0.5, stall: 0.5 },
      pageSize: 7,
    });
    expect(withChanges(current, { faults: { stall: 0.1 } })).toMatchObject({
      settings: { seed: 5, pageSize: 7, faults: { status500: 0, stall: 0.1 } },
    });
    expect(withChanges(current, { fault: {} })).toHaveProperty('problem');
    expect(withChanges(current, undefined)).toHaveProperty('problem');
  });
});
