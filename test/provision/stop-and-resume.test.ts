// A run that is stopped, or whose program ends: what it leaves behind, and how it is carried on.

import { describe, expect, it } from 'vitest';
import type { RehearsedWorld, WorldOptions } from '../rehearsed-run.js';
import { assignments, creations, inWorld, states, verdicts } from './scene.js';

const METHODS = 'hardwareOathMethods';

describe('a stop', () => {
  /** Stops the run when so many writes have left. */
  function stopAfter(writes: number): NonNullable<WorldOptions['between']> {
    return (transport, session) => {
      let left = 0;
      return {
        close: () => transport.close(),
        send: (request) => {
          if (request.method === 'POST' && !request.url.endsWith('$batch')) {
            left += 1;
            if (left === writes) session.halt.abort();
          }
          return transport.send(request);
        },
      };
    };
  }

  it.each([1, 2, 5, 20, 33])(
    'after %i writes leaves nothing half told, and is carried on to the same end',
    async (writes) => {
      const scene = creations(20);
      let life = 0;
      const between: WorldOptions['between'] = (transport, session) => {
        life += 1;
        return life === 2 ? stopAfter(writes)(transport, session) : transport;
      };
      await inWorld(
        { ...scene, between, settings: { latency: { p5: '80ms', p95: '400ms' } } },
        async (world) => {
          const stopped = world.session();
          await world.provision(stopped, scene.rows);
          expect(
            Object.keys(await states(world)).every((state) => ['done', 'pending', 'sent'].includes(state)),
          ).toBe(true);
          const sent = world.transport.writes.length;
          // Nothing leaves after the stop but what had its turn already.
          expect(sent).toBeLessThanOrEqual(writes + 8);
          const told = (await world.verdicts(undefined)).map(({ verdict }) => verdict);
          expect(told.every((verdict) => verdict === 'unsent' || verdict === 'unknown')).toBe(true);

          await world.provision(world.session(), scene.rows);
          expect(new Set(await verdicts(world))).toEqual(new Set(['assigned']));
          expect(world.transport.writes).toHaveLength(40);
          expect(world.emulator.truth().devices).toHaveLength(20);
        },
      );
    },
  );

  it('before anything began sends nothing', async () => {
    const scene = assignments(5);
    await inWorld(scene, async (world) => {
      const session = world.session();
      session.halt.abort();
      await world.provision(session, scene.rows);
      expect(await states(world)).toEqual({ pending: 5 });
      expect(world.transport.writes).toEqual([]);
    });
  });
});

describe('a run that is carried on', () => {
  it.each(['create', 'assign'] as const)(
    'settles a %s of unknown outcome by reading, and sends nothing twice',
    async (kind) => {
      const scene = creations(1);
      await inWorld(scene, async (world) => {
        // The life before ended between sending and the answer: its effect is there, its record is `sent`.
        const early = world.session();
        await world.provision(early, scene.rows);
        const step = kind === 'create' ? 0 : 1;
        for (let later = step; later < 2; later += 1) {
          await world.ledger.settled({
            ...{
              runId: 'run-1',
              n: 0,
              step: later,
              at: '',
              outcome: '',
              status: 0,
              requestId: '',
              deviceId: '',
            },
            ...{ reason: '', detail: '', counts: false, state: later === step ? 'sent' : 'pending' },
          });
        }
        if (kind === 'create') await release(world);
        const before = world.transport.writes.length;
        await world.provision(world.session(), scene.rows);
        expect(await states(world)).toEqual({ done: 2 });
        expect(world.transport.writes.length - before).toBe(kind === 'create' ? 1 : 0);
        expect(await verdicts(world)).toEqual(['assigned']);
        expect(world.emulator.truth().devices).toHaveLength(1);
      });
    },
  );

  it('sends again what had no effect', async () => {
    const scene = assignments(1);
    await inWorld(scene, async (world) => {
      await world.ledger.sent({ runId: 'run-1', n: 0, step: 0, at: '', clientRequestId: 'lost' });
      await world.provision(world.session(), scene.rows);
      expect(await states(world)).toEqual({ done: 1 });
      expect(world.transport.writes).toHaveLength(1);
    });
  });

  it('explains a refusal whose reason it had not read before it ended', async () => {
    const scene = creations(1);
    await inWorld(scene, async (world) => {
      // The create took effect and its answer said: it is there already. Then the program ended.
      world.emulator.plan({ fault: 'duplicateDelivery', method: 'POST', path: 'hardwareOathDevices' });
      const ended = world.session();
      await world.provision(ended, scene.rows, {
        settled: async (record) => {
          await world.ledger.settled(record);
          if (record.outcome === 'refused') ended.halt.abort();
        },
      });
      expect(await states(world)).toEqual({ sent: 1, pending: 1 });
      await world.provision(world.session(), scene.rows);
      expect(await verdicts(world)).toEqual(['assigned']);
    });
  });

  it('and was finished sends no write', async () => {
    const scene = creations(10);
    await inWorld(scene, async (world) => {
      await world.provision(world.session(), scene.rows);
      const before = world.transport.requests.length;
      await world.provision(world.session(), scene.rows);
      expect(world.transport.requests).toHaveLength(before);
    });
  });
});

async function release(world: RehearsedWorld): Promise<void> {
  const [device] = world.emulator.truth().devices;
  await world.emulator.handle({
    ...{ method: 'DELETE', headers: {}, body: '' },
    path: `/beta/users/${device?.holder}/authentication/${METHODS}/${device?.id}`,
  });
}
