// A run as a whole: throttling never costs a row, and a service that is to blame never costs all of them.

import { describe, expect, it } from 'vitest';
import { gathered } from '../gathered.js';
import type { WorldOptions } from '../rehearsed-run.js';
import { assignments, inWorld, states, verdicts } from './scene.js';

describe('throttling', () => {
  it('never uses up the attempts of a row, and no write leaves inside a gate', async () => {
    const scene = assignments(40);
    const throttle = { writes: { kind: 'token-bucket', rate: 1, burst: 3 }, retryAfter: 'decimal' } as const;
    await inWorld({ ...scene, attemptsMax: 1, settings: { throttle } }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(await states(world)).toEqual({ done: 40 });
      const actions = await gathered(world.ledger.eachAction('run-1'));
      expect(new Set(actions.map(({ attempts }) => attempts))).toEqual(new Set([1]));
      const { throttled } = await world.ledger.tally('run-1');
      expect(throttled).toBeGreaterThan(0);
      expect(throttled).toBe(actions.reduce((sum, action) => sum + action.throttled, 0));
      expect(world.transport.insideGate).toEqual([]);
    });
  });

  it('that is endless for one row never makes it fail', async () => {
    const scene = assignments(1);
    await inWorld(
      { ...scene, attemptsMax: 1, settings: { throttle: { spurious: 0.98 }, seed: 4 } },
      async (world) => {
        await world.provision(world.session(), scene.rows);
        const [action] = await gathered(world.ledger.eachAction('run-1'));
        expect(action).toMatchObject({ state: 'done', attempts: 1 });
        expect(action?.throttled).toBeGreaterThan(8);
      },
    );
  });

  it('for longer than ten minutes ends the run, and leaves its rows to a later one', async () => {
    const scene = assignments(20);
    const throttle = { writes: { kind: 'token-bucket', rate: 1, burst: 5 }, retryAfter: 'huge' } as const;
    await inWorld({ ...scene, settings: { throttle } }, async (world) => {
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'throttled-too-long',
      });
      expect(await states(world)).toEqual({ done: 5, pending: 15 });
      world.emulator.change({
        ...world.emulator.settings,
        throttle: { ...world.emulator.settings.throttle, writes: [] },
      });
      await world.provision(world.session(), scene.rows);
      expect(await states(world)).toEqual({ done: 20 });
    });
  });
});

describe('a run that comes to nothing', () => {
  const MINUTE_MS = 60_000;

  it('for as long as the job allows ends with a word, and is carried on later', async () => {
    const scene = assignments(20);
    const stop = { afterMs: 600 * MINUTE_MS, withoutProgressMs: 15 * MINUTE_MS };
    const throttle = {
      writes: { kind: 'token-bucket', rate: 0.0001, burst: 5 },
      retryAfter: 'absent',
    } as const;
    await inWorld({ ...scene, stop, settings: { throttle } }, async (world) => {
      const fromMs = world.clock.monotonicMs();
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'no-progress',
        message: 'Microsoft Graph has taken no write for 15 min 0 s.',
      });
      expect(world.clock.monotonicMs() - fromMs).toBeLessThanOrEqual(17 * MINUTE_MS);
      expect(await states(world)).toEqual({ done: 5, pending: 15 });
      world.emulator.change({
        ...world.emulator.settings,
        throttle: { ...world.emulator.settings.throttle, writes: [] },
      });
      await world.provision(world.session(), scene.rows);
      expect(await states(world)).toEqual({ done: 20 });
    });
  });

  it('is not one that is slow', async () => {
    const scene = assignments(20);
    const stop = { afterMs: 600 * MINUTE_MS, withoutProgressMs: 2 * MINUTE_MS };
    const throttle = {
      writes: { kind: 'token-bucket', rate: 0.02, burst: 1 },
      retryAfter: 'decimal',
    } as const;
    await inWorld({ ...scene, stop, settings: { throttle } }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(await states(world)).toEqual({ done: 20 });
    });
  });

  it('or takes longer than the job allows ends with a word, and is carried on later', async () => {
    const scene = assignments(60);
    const stop = { afterMs: 2 * MINUTE_MS, withoutProgressMs: 60 * MINUTE_MS };
    const throttle = {
      writes: { kind: 'token-bucket', rate: 0.2, burst: 1 },
      retryAfter: 'decimal',
    } as const;
    await inWorld({ ...scene, stop, settings: { throttle } }, async (world) => {
      const fromMs = world.clock.monotonicMs();
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'deadline-passed',
      });
      expect(world.clock.monotonicMs() - fromMs).toBeLessThanOrEqual(3 * MINUTE_MS);
      const { done = 0, pending = 0 } = await states(world);
      expect([done + pending, done > 5, pending > 5]).toEqual([60, true, true]);
    });
  });
});

describe('a service that forbids', () => {
  it('one write after another ends the run after five, and refuses no row', async () => {
    const scene = assignments(60);
    await inWorld(
      { ...scene, concurrency: 1, settings: { permissions: { methodsWrite: false } } },
      async (world) => {
        await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
          code: 'permission-missing',
          exitCode: 1,
        });
        expect(await states(world)).toEqual({ pending: 60 });
        expect(world.transport.writes.length).toBeLessThan(10);
        const told = (await world.verdicts(undefined)).map(({ verdict, reason }) => `${verdict} ${reason}`);
        expect(new Set(told)).toEqual(new Set(['unsent stopped']));
      },
    );
  });

  it('every write of a job with three rows ends the run as well', async () => {
    const scene = assignments(3);
    await inWorld({ ...scene, settings: { permissions: { methodsWrite: false } } }, async (world) => {
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'permission-missing',
      });
      expect(await states(world)).toEqual({ pending: 3 });
    });
  });

  it('carries on where it stopped, once the permission is there', async () => {
    const scene = assignments(10);
    await inWorld({ ...scene, settings: { permissions: { methodsWrite: false } } }, async (world) => {
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'permission-missing',
      });
      const { settings } = world.emulator;
      world.emulator.change({ ...settings, permissions: { ...settings.permissions, methodsWrite: true } });
      await world.provision(world.session(), scene.rows);
      expect(new Set(await verdicts(world))).toEqual(new Set(['assigned']));
    });
  });

  it('one user among many refuses that row alone, after a second request', async () => {
    for (const n of [0, 7]) {
      const scene = assignments(20);
      await inWorld({ ...scene, between: forbidding(scene.users[n]?.id ?? '') }, async (world) => {
        await world.provision(world.session(), scene.rows);
        expect(await states(world)).toEqual({ done: 19, refused: 1 });
        const told = await verdicts(world);
        expect(told[n]).toBe('rejected forbidden');
        expect(told.filter((one) => one === 'assigned')).toHaveLength(19);
      });
    }
  });

  it('the last row of all does not reject it, because nothing shows that the permission is still there', async () => {
    const scene = assignments(20);
    await inWorld(
      { ...scene, concurrency: 1, between: forbidding(scene.users[19]?.id ?? '') },
      async (world) => {
        await world.provision(world.session(), scene.rows);
        expect(await states(world)).toEqual({ done: 19, pending: 1 });
        expect((await verdicts(world))[19]).toBe('unsent permission-in-doubt');
      },
    );
  });

  it.each([1, 8])('for a while in mid-run rejects nobody (%i at once)', async (concurrency) => {
    const scene = assignments(20);
    let writes = 0;
    const between: WorldOptions['between'] = (transport, session) => {
      const forbid = forbidding('/users/')(transport, session);
      return {
        close: () => transport.close(),
        send: (request) => {
          if (request.method === 'POST' && request.url.includes('/users/')) writes += 1;
          return writes > 5 && writes < 9 ? forbid.send(request) : transport.send(request);
        },
      };
    };
    await inWorld({ ...scene, concurrency, between }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(new Set(await verdicts(world))).toEqual(new Set(['assigned']));
    });
  });

  it('a row and is stopped before it asks again tries that row again when it is carried on', async () => {
    const scene = assignments(60);
    const between = forbidding(scene.users[0]?.id ?? '');
    await inWorld({ ...scene, concurrency: 1, between }, async (world) => {
      const session = world.session();
      await world.provision(session, scene.rows, {
        settled: async (record) => {
          if (record.n === 20) session.halt.abort();
          await world.ledger.settled(record);
        },
      });
      expect((await gathered(world.ledger.eachAction('run-1')))[0]).toMatchObject({
        state: 'pending',
        reason: 'forbidden',
      });
      await world.provision(world.session(), scene.rows);
      expect((await verdicts(world))[0]).toBe('rejected forbidden');
    });
  });
});

/** The service forbids writes to one user, an administrator say. */
function forbidding(userId: string): NonNullable<WorldOptions['between']> {
  return (transport) => ({
    close: () => transport.close(),
    send: async (request) =>
      request.method === 'POST' && request.url.includes(userId)
        ? {
            kind: 'answer',
            status: 403,
            headers: {},
            body: '{"error":{"code":"accessDenied","message":"No."}}',
          }
        : transport.send(request),
  });
}

describe('a run that cannot go on', () => {
  it('because nobody is signed in any more stops, and refuses no row', async () => {
    const scene = assignments(60);
    await inWorld(scene, async (world) => {
      world.emulator.plan({ fault: 'status401', method: 'POST', times: 1_000 });
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'sign-in-failed',
      });
      expect(await states(world)).toEqual({ pending: 60 });
      expect(world.transport.writes.length).toBeLessThanOrEqual(8);
    });
  });

  it('because the service fails one request after another stops, and gives up no row', async () => {
    const scene = assignments(200);
    await inWorld(scene, async (world) => {
      world.emulator.plan({ fault: 'status500', method: 'POST', times: 10_000 });
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'graph-failed',
        message: expect.stringMatching(
          /^Microsoft Graph fails one request after another; the last said: \S/,
        ) as unknown,
        data: 'What was sent is recorded, and what is in doubt will be looked up; the other rows were not sent.',
        next: 'Wait until the service is well again, then run: oathbatch resume',
      });
      const found = await states(world);
      expect(Object.keys(found).sort()).toEqual(['pending', 'sent']);
      expect(world.transport.writes.length).toBeLessThan(60);
    });
  });

  it('because the ledger fails lets no further request leave', async () => {
    const scene = assignments(60);
    await inWorld(scene, async (world) => {
      const session = world.session();
      let records = 0;
      const running = world.provision(session, scene.rows, {
        sent: (record) => {
          records += 1;
          return records > 10 ? Promise.reject(new Error('disk full')) : world.ledger.sent(record);
        },
      });
      await expect(running).rejects.toThrow('disk full');
      expect(world.transport.writes).toHaveLength(10);
      expect(session.halt.signal.aborted).toBe(true);
    });
  });
});
