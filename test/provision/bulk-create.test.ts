// Creation in chunks: whatever becomes of a chunk, each of its rows comes to its own end, and none is created twice.

import { describe, expect, it } from 'vitest';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import type { HttpRequest } from '../../src/graph/transport.js';
import { gathered } from '../gathered.js';
import { member, type RehearsedWorld, stockToken, type WorldOptions, wanted } from '../rehearsed-run.js';
import { creations, inWorld, states, verdicts } from './scene.js';

const DEVICES = 'hardwareOathDevices';

/** How many tokens each request for many of them named. */
function chunks(world: RehearsedWorld): readonly number[] {
  return world.transport.writes
    .filter(({ method }) => method === 'PATCH')
    .map(({ body }) => (body ?? '').split('"@contentId"').length - 1);
}

function singles(world: RehearsedWorld): readonly HttpRequest[] {
  return world.transport.writes.filter(({ method }) => method === 'POST');
}

/** Every row has its token, and its user holds it. */
async function expectAll(world: RehearsedWorld, rows: number): Promise<void> {
  expect(await verdicts(world)).toEqual(Array.from({ length: rows }, () => 'assigned'));
  const { devices } = world.emulator.truth();
  expect(devices).toHaveLength(rows);
  for (const { serialNumber, holder } of devices) {
    expect(holder).toBe(member(Number(serialNumber.slice(1))).id);
  }
}

const CHUNK = { createChunk: 10 };

describe('a job whose tokens are created in chunks', () => {
  it('creates and assigns them with one request for each chunk', async () => {
    const scene = creations(25);
    await inWorld({ ...scene, ...CHUNK }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(chunks(world)).toEqual([10, 10, 5]);
      expect(singles(world)).toEqual([]);
      expect(await world.ledger.tally('run-1')).toEqual({ sent: 3, throttled: 0 });
      await expectAll(world, 25);
    });
  });

  it('leaves tokens that nobody is to hold in the inventory', async () => {
    const rows = Array.from({ length: 4 }, (_, n) => wanted(n, `S${n}`));
    await inWorld({ rows, ...CHUNK }, async (world) => {
      await world.provision(world.session(), rows);
      expect(chunks(world)).toEqual([4]);
      expect(new Set(await verdicts(world))).toEqual(new Set(['in-inventory']));
    });
  });

  it('believes the list and not the answers, which say nothing of single tokens', async () => {
    const scene = creations(10);
    const settings = { bulk: { answers: 'bare' as const, successStatus: 201 as const } };
    await inWorld({ ...scene, ...CHUNK, settings }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(world.transport.writes).toHaveLength(1);
      await expectAll(world, 10);
    });
  });

  it('comes to its end behind a list that lags', async () => {
    for (const lag of ['1s', '15s']) {
      const scene = creations(10);
      const settings = { consistency: { lag } };
      await inWorld({ ...scene, ...CHUNK, settings, attemptsMax: 8 }, async (world) => {
        await world.provision(world.session(), scene.rows);
        await expectAll(world, 10);
      });
    }
  });
});

describe('one bad token among many', () => {
  const full = member(3);
  const scene = {
    ...creations(10),
    devices: Array.from({ length: 5 }, (_, n) => stockToken(`OLD${n}`, { assignedTo: full.id })),
  };

  const shapes: readonly EmulatorSettingsInput['bulk'][] = [
    ...(['removed', 'annotated', 'error', 'absent'] as const).flatMap((failures) => [
      { failures },
      { failures, contentIds: false },
    ]),
    ...(['bare', 'empty'] as const).map((answers) => ({ answers, successStatus: 201 as const })),
    { onFailure: 'stop' },
    { onFailure: 'refuse' },
  ];

  it.each(shapes)('is refused by a request of its own, and the others are not (%o)', async (bulk) => {
    await inWorld({ ...scene, ...CHUNK, settings: { bulk } }, async (world) => {
      await world.provision(world.session(), scene.rows);
      const found = await verdicts(world);
      expect(found.filter((verdict) => verdict === 'assigned')).toHaveLength(9);
      expect(found[3]).toBe('rejected refused');
      expect(chunks(world)[0]).toBe(10);
      expect(world.truth('S3')).toMatchObject([{ holder: undefined }]);
    });
  });

  it('is not waited for when the answer names it', async () => {
    const clocked = async (bulk: EmulatorSettingsInput['bulk']): Promise<number> =>
      inWorld({ ...scene, ...CHUNK, settings: { bulk } }, async (world, clock) => {
        const fromMs = clock.monotonicMs();
        await world.provision(world.session(), scene.rows);
        return clock.monotonicMs() - fromMs;
      });
    expect(await clocked({ failures: 'annotated' })).toBeLessThan(20_000);
    expect(await clocked({ answers: 'bare' })).toBeGreaterThan(60_000);
  });

  it('leaves in the evidence what the answer said of it', async () => {
    await inWorld({ ...scene, ...CHUNK }, async (world) => {
      await world.provision(world.session(), scene.rows);
      const told: string[] = [];
      for await (const { n, detail } of world.ledger.events('run-1')) if (n === 3) told.push(detail);
      expect(told.join('\n')).toMatch(/failed in a chunk: HTTP 400 badRequest: /);
    });
  });
});

describe('a chunk that is refused as a whole', () => {
  it.each([413, 400] as const)('is halved until the service takes it: %i', async (refuseStatus) => {
    const scene = creations(40);
    const settings = { bulk: { maxItems: 3, refuseStatus } };
    await inWorld({ ...scene, ...CHUNK, settings }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(chunks(world)[0]).toBe(10);
      if (refuseStatus === 413) expect(chunks(world).slice(1, 3)).toEqual([5, 2]);
      expect(world.transport.writes.length).toBeLessThan(40);
      await expectAll(world, 40);
      // No row has a refusal of its chunk among its own attempts.
      for (const { attempts } of await gathered(world.ledger.eachAction('run-1'))) expect(attempts).toBe(1);
    });
  });

  it.each([400, 404, 405, 501] as const)(
    'and is not known to the service at all is sent token by token in the end: %i',
    async (refuseStatus) => {
      const scene = creations(60);
      const settings = { bulk: { maxItems: 1, refuseStatus } };
      await inWorld({ ...scene, ...CHUNK, settings }, async (world) => {
        await world.provision(world.session(), scene.rows);
        expect(chunks(world).length).toBeLessThan(20);
        expect(singles(world)).toHaveLength(120);
        await expectAll(world, 60);
      });
    },
  );
});

describe('a chunk in which assignTo is read over', () => {
  it('creates the tokens, and each is assigned by a request of its own', async () => {
    const scene = creations(10);
    await inWorld({ ...scene, ...CHUNK, settings: { bulk: { assignTo: 'ignore' } } }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(chunks(world)).toEqual([10]);
      expect(singles(world)).toHaveLength(10);
      await expectAll(world, 10);
    });
  });
});

describe('a chunk that is forbidden', () => {
  it('goes token by token, and the run stops when those are forbidden as well', async () => {
    const scene = creations(20);
    const settings = { permissions: { inventoryWrite: false } };
    await inWorld({ ...scene, ...CHUNK, settings }, async (world) => {
      await expect(world.provision(world.session(), scene.rows)).rejects.toMatchObject({
        code: 'permission-missing',
      });
      expect(await states(world)).toEqual({ pending: 40 });
    });
  });
});

describe('a chunk whose answer is lost', () => {
  it.each(['resetAfter', 'errorAfter', 'garbage', 'stallAfter'] as const)(
    'after its effect is not sent again: %s',
    async (fault) => {
      const scene = creations(10);
      await inWorld({ ...scene, ...CHUNK }, async (world) => {
        world.emulator.plan({ fault, method: 'PATCH', path: DEVICES });
        await world.provision(world.session(), scene.rows);
        expect(world.transport.writes).toHaveLength(1);
        await expectAll(world, 10);
      });
    },
  );

  it.each(['resetBefore', 'status503', 'stall', 'resetLate', 'duplicateDelivery'] as const)(
    'or had no effect, or a late one, leaves one token for each row: %s',
    async (fault) => {
      const scene = creations(10);
      await inWorld({ ...scene, ...CHUNK, settings: { lateBy: '8s' } }, async (world) => {
        world.emulator.plan({ fault, method: 'PATCH', path: DEVICES });
        await world.provision(world.session(), scene.rows);
        await world.emulator.settled();
        await expectAll(world, 10);
      });
    },
  );
});

describe('a chunk that is throttled', () => {
  it('is sent again when the service asked for it, and counts as no attempt of its rows', async () => {
    const scene = creations(30);
    const settings = {
      throttle: {
        writes: [{ kind: 'token-bucket' as const, rate: 0.1, burst: 1 }],
        retryAfter: 'seconds' as const,
      },
    };
    await inWorld({ ...scene, ...CHUNK, settings }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(world.transport.insideGate).toEqual([]);
      expect((await world.ledger.tally('run-1')).throttled).toBeGreaterThan(0);
      for (const { attempts } of await gathered(world.ledger.eachAction('run-1'))) expect(attempts).toBe(1);
      await expectAll(world, 30);
    });
  });
});

describe('a run that ends with a chunk under way', () => {
  const gone = (after: boolean): NonNullable<WorldOptions['between']> => {
    let isFirst = true;
    return (transport, session) => ({
      close: () => transport.close(),
      send: async (request) => {
        if (request.method !== 'PATCH' || !isFirst) return transport.send(request);
        isFirst = false;
        if (after) await transport.send(request);
        session.halt.abort();
        return { kind: 'lost', reason: 'the program has ended' };
      },
    });
  };

  it.each([true, false])(
    'settles each of its rows by the list when it is resumed (had an effect: %s)',
    async (after) => {
      const scene = creations(10);
      await inWorld({ ...scene, ...CHUNK, between: gone(after) }, async (world) => {
        await world.provision(world.session(), scene.rows);
        // The intent of every step of every row was on the disk before the request left.
        expect(await states(world)).toEqual({ sent: 20 });
        await world.provision(world.session(), scene.rows);
        await expectAll(world, 10);
        if (after) expect(world.transport.writes).toHaveLength(1);
        for (const { attempts } of await gathered(world.ledger.eachAction('run-1'))) expect(attempts).toBe(1);
      });
    },
  );

  it('sends nothing when it had already come to its end', async () => {
    const scene = creations(10);
    await inWorld({ ...scene, ...CHUNK }, async (world) => {
      await world.provision(world.session(), scene.rows);
      const before = world.transport.requests.length;
      await world.provision(world.session(), scene.rows);
      expect(world.transport.requests).toHaveLength(before);
    });
  });
});
