// Activation: a code that is fresh when it leaves, one more in a later step, and never a third.

import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { Secret } from '../../src/secret.js';
import { gathered } from '../gathered.js';
import type { WorldOptions } from '../rehearsed-run.js';
import { creations, inWorld, states, verdicts } from './scene.js';

const COMPUTED = { rules: { activation: 'computed' } } as const;
const CODES = { rules: { activation: 'codes' } } as const;

/** The scene with another secret in the manifest than the one that the tenant was given. */
function wrongSecrets(count: number) {
  const scene = creations(count);
  const devices = scene.rows.map(({ serialNumber }) => ({
    ...{ id: `id-${serialNumber}`, serialNumber, manufacturer: 'Contoso', model: 'T1' },
    ...{ timeIntervalInSeconds: 30 as const, hashFunction: 'hmacsha1' as const },
    secretKey: new Secret('NEVERTHISONE2345'),
  }));
  return { ...scene, devices };
}

function codesOf(requests: readonly { readonly url: string; readonly body?: string }[]): readonly string[] {
  return requests.flatMap(({ url, body }) => (url.endsWith('/activate') ? [body ?? ''] : []));
}

/** Notes when each code was sent, and what it was. */
function noting(sent: { readonly atMs: number; readonly body: string }[], now: () => number) {
  const between: NonNullable<WorldOptions['between']> = (transport) => ({
    close: () => transport.close(),
    send: async (request) => {
      if (request.url.endsWith('/activate')) sent.push({ atMs: now(), body: request.body ?? '' });
      return transport.send(request);
    },
  });
  return between;
}

describe('an activation with a computed code', () => {
  it('activates what was created and assigned in the same run', async () => {
    const scene = creations(30);
    await inWorld({ ...scene, ...COMPUTED }, async (world) => {
      await world.provision(world.session(), scene.rows);
      expect(await states(world)).toEqual({ done: 90 });
      expect(new Set(await verdicts(world))).toEqual(new Set(['activated']));
      expect(world.emulator.truth().devices.map(({ status }) => status)).toEqual(Array(30).fill('activated'));
    });
  });

  it.each([
    [30, 'hmacsha1'],
    [30, 'hmacsha256'],
    [60, 'hmacsha1'],
    [60, 'hmacsha256'],
  ] as const)('takes the interval of %i s and %s of the token', async (interval, hashFunction) => {
    const scene = creations(4);
    const rows = scene.rows.map((row): DesiredRow => {
      if (row.token === undefined) throw new Error('the scene describes its tokens');
      return { ...row, token: { ...row.token, timeIntervalInSeconds: interval, hashFunction } };
    });
    // With no tolerance, only the code of this very step is taken.
    await inWorld({ ...scene, rows, ...COMPUTED, settings: { activationTolerance: '0s' } }, async (world) => {
      await world.provision(world.session(), rows);
      expect(new Set(await verdicts(world))).toEqual(new Set(['activated']));
    });
  });

  it('is computed after the gate has opened, and away from the edges of its step', async () => {
    const scene = creations(60);
    const sent: { readonly atMs: number; readonly body: string }[] = [];
    const clocks: Clock[] = [];
    // Two minutes of throttling, and a service that takes the code of this very step alone.
    const settings = {
      activationTolerance: '0s',
      throttle: { writes: { kind: 'token-bucket', rate: 1.5, burst: 2 } },
    } as const;
    const between = noting(sent, () => clocks[0]?.wallMs() ?? 0);
    await inWorld({ ...scene, ...COMPUTED, settings, between }, async (world, clock) => {
      clocks.push(clock);
      await world.provision(world.session(), scene.rows);
      expect(new Set(await verdicts(world))).toEqual(new Set(['activated']));
      const into = sent.map(({ atMs }) => atMs % 30_000);
      expect(Math.min(...into)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...into)).toBeLessThanOrEqual(28_500);
    });
  });

  it('that is refused is followed by one other in a later step, and by no third', async () => {
    const scene = wrongSecrets(5);
    const sent: { readonly atMs: number; readonly body: string }[] = [];
    const clocks: Clock[] = [];
    const between = noting(sent, () => clocks[0]?.wallMs() ?? 0);
    await inWorld({ ...scene, ...COMPUTED, between }, async (world, clock) => {
      clocks.push(clock);
      await world.provision(world.session(), scene.rows);
      expect(new Set(await verdicts(world))).toEqual(new Set(['rejected code-refused']));
      expect(sent).toHaveLength(10);
      expect(new Set(sent.map(({ body }) => body)).size).toBe(10);
      const steps = sent.map(({ atMs }) => Math.floor(atMs / 30_000));
      expect(Math.max(...steps)).toBeGreaterThan(Math.min(...steps));
      // What was assigned stays so.
      expect(world.truth('S0')).toMatchObject([{ status: 'assigned', holder: scene.users[0]?.id }]);
      await world.provision(world.session(), scene.rows);
      expect(sent).toHaveLength(10);
    });
  });

  it('that was refused once before the run was stopped is followed by one other, and by no third', async () => {
    const scene = wrongSecrets(1);
    const sent: { readonly atMs: number; readonly body: string }[] = [];
    await inWorld({ ...scene, ...COMPUTED, between: noting(sent, () => 0) }, async (world) => {
      const session = world.session();
      await world.provision(session, scene.rows, {
        settled: async (record) => {
          await world.ledger.settled(record);
          if (record.outcome === 'transient') session.halt.abort();
        },
      });
      expect(sent).toHaveLength(1);
      await world.provision(world.session(), scene.rows);
      expect(sent).toHaveLength(2);
      expect(await verdicts(world)).toEqual(['rejected code-refused']);
    });
  });

  it('whose answer was lost is looked up before another is sent', async () => {
    const scene = creations(10);
    await inWorld({ ...scene, ...COMPUTED }, async (world) => {
      world.emulator.plan({ fault: 'resetAfter', path: '/activate', times: 6 });
      await world.provision(world.session(), scene.rows);
      expect(new Set(await verdicts(world))).toEqual(new Set(['activated']));
      expect(codesOf(world.transport.writes)).toHaveLength(10);
    });
  });

  it('never comes into the ledger', async () => {
    const scene = creations(3);
    const sent: { readonly atMs: number; readonly body: string }[] = [];
    await inWorld({ ...scene, ...COMPUTED, between: noting(sent, () => 0) }, async (world) => {
      await world.provision(world.session(), scene.rows);
      const records: unknown[] = [
        await gathered(world.ledger.eachAction('run-1')),
        await gathered(world.ledger.eachRow('run-1')),
      ];
      for await (const event of world.ledger.events('run-1')) records.push(event);
      const codes = sent.map(({ body }) => /\d{6}/.exec(body)?.[0] ?? 'none');
      expect(codes).toHaveLength(3);
      for (const code of codes) expect(JSON.stringify(records)).not.toContain(`"${code}"`);
    });
  });
});

describe('an activation with a code that was read out', () => {
  const withCode = (row: DesiredRow, code: string): DesiredRow => ({ ...row, code: new Secret(code) });

  it('is sent once, and rows without a code are assigned and wait', async () => {
    const scene = wrongSecrets(3);
    const rows = scene.rows.map((row, n) => (n === 0 ? withCode(row, '000000') : row));
    await inWorld({ ...scene, rows, ...CODES }, async (world) => {
      await world.provision(world.session(), rows);
      expect(await verdicts(world)).toEqual(['rejected code-refused', 'assigned', 'assigned']);
      expect(codesOf(world.transport.writes)).toEqual(['{"verificationCode":"000000"}']);
    });
  });

  it('activates the token when it is right', async () => {
    const scene = creations(2);
    // A token whose secret the tenant alone knows takes any code in the rehearsal.
    const devices = scene.rows.map(({ serialNumber }) => ({
      ...{ id: `id-${serialNumber}`, serialNumber, manufacturer: 'Contoso', model: 'T1' },
      ...{ timeIntervalInSeconds: 30 as const, hashFunction: 'hmacsha1' as const },
    }));
    const rows = scene.rows.map((row) => withCode(row, '123456'));
    await inWorld({ ...scene, devices, rows, ...CODES }, async (world) => {
      await world.provision(world.session(), rows);
      expect(await verdicts(world)).toEqual(['activated', 'activated']);
    });
  });
});
