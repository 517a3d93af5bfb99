// Answers that are lost, late or wrong: each row is carried out once, and what is true is found out by reading.

import { describe, expect, it } from 'vitest';
import type { PlannedFault } from '../../src/emulator/emulator.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { gathered } from '../gathered.js';
import { member, RehearsedWorld, stockToken, type WorldOptions, wanted } from '../rehearsed-run.js';
import { synchronousLedger } from '../synchronous-ledger.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { inVirtualTime } from '../virtual-run.js';

const ADA = member(1);
const BOB = member(2);
const DEVICES = 'hardwareOathDevices';
const METHODS = 'hardwareOathMethods';

interface Told {
  readonly verdict: string;
  readonly reason: string;
  readonly attempts: number;
  readonly states: readonly string[];
  readonly world: RehearsedWorld;
  /** Writes that changed the tenant. */
  readonly effects: number;
  readonly writes: number;
  /** How long the row was worked on. */
  readonly tookMs: number;
}

type Options = Omit<Partial<WorldOptions>, 'ledger'> & { readonly serial?: string };

/** One row, for a user: what became of it while these faults happened. */
function carriedOut(faults: readonly PlannedFault[], options: Options = {}): Promise<Told> {
  return inVirtualTime(async (clock) => {
    const ledger = synchronousLedger(temporaryDirectory());
    const world = new RehearsedWorld(clock, { ledger, users: [ADA, BOB], ...options });
    const rows = [wanted(0, options.serial ?? 'S1', ADA.userPrincipalName)];
    const session = world.session();
    await world.begin(session, rows);
    for (const fault of faults) world.emulator.plan(fault);
    const startedMs = clock.monotonicMs();
    await world.provision(session, rows);
    const tookMs = clock.monotonicMs() - startedMs;
    await world.emulator.settled();
    const [verdict] = await world.verdicts(session);
    const actions = await gathered(ledger.eachAction('run-1'));
    const log = world.emulator.truth().log.filter((entry) => entry.write && entry.batch === undefined);
    await ledger.close();
    return {
      ...{ verdict: verdict?.verdict ?? '', reason: verdict?.reason ?? '', attempts: verdict?.attempts ?? 0 },
      ...{ states: actions.map(({ state }) => state), world },
      effects: log.filter(({ effect }) => effect).length,
      writes: world.transport.writes.length,
      tookMs,
    };
  });
}

function holderIn(told: Told): readonly (string | undefined)[] {
  return told.world.truth('S1').map(({ holder }) => holder);
}

describe('a row without faults', () => {
  it('is created, assigned and verified, with one request each', async () => {
    const told = await carriedOut([]);
    expect(told).toMatchObject({
      verdict: 'assigned',
      reason: '',
      attempts: 2,
      states: ['done', 'done'],
      writes: 2,
    });
    expect(holderIn(told)).toEqual([ADA.id]);
  });
});

describe('an answer that is lost', () => {
  it.each([
    ['the connection is reset', 'resetAfter', 'POST', DEVICES],
    ['a gateway fails', 'errorAfter', 'POST', DEVICES],
    ['the body is no JSON', 'garbage', 'POST', DEVICES],
    ['nothing comes in time', 'stallAfter', 'POST', DEVICES],
    ['the connection is reset', 'resetAfter', 'POST', METHODS],
    ['a gateway fails', 'errorAfter', 'POST', METHODS],
    ['the body is no JSON', 'garbage', 'POST', METHODS],
    ['nothing comes in time', 'stallAfter', 'POST', METHODS],
  ] as const)(
    'after its effect never sends the row twice: %s (%s, %s %s)',
    async (_what, fault, method, path) => {
      const told = await carriedOut([{ fault, method, path }]);
      expect(told).toMatchObject({
        verdict: 'assigned',
        attempts: 2,
        states: ['done', 'done'],
        writes: 2,
        effects: 2,
      });
      expect(holderIn(told)).toEqual([ADA.id]);
    },
  );

  it.each([
    ['the connection is reset', 'resetBefore', DEVICES],
    ['the service fails', 'status503', DEVICES],
    ['a proxy answers with a page', 'garbageBefore', DEVICES],
    ['nothing comes in time', 'stall', DEVICES],
    ['the connection is reset', 'resetBefore', METHODS],
    ['the service fails', 'status500', METHODS],
  ] as const)('without an effect sends the row again: %s (%s %s)', async (_what, fault, path) => {
    const told = await carriedOut([{ fault, method: 'POST', path }]);
    expect(told).toMatchObject({
      verdict: 'assigned',
      attempts: 3,
      states: ['done', 'done'],
      writes: 3,
      effects: 2,
    });
    expect(holderIn(told)).toEqual([ADA.id]);
  });

  it('of a create that takes effect only after the row was sent again leaves one token', async () => {
    const told = await carriedOut([{ fault: 'resetLate', method: 'POST', path: DEVICES }], {
      settings: { lateBy: '30s' },
    });
    expect(told).toMatchObject({ verdict: 'assigned', effects: 2 });
    expect(holderIn(told)).toEqual([ADA.id]);
  });

  it('and lists that lag behind never make a row refused that has its effect', async () => {
    for (const fault of ['resetAfter', 'duplicateDelivery'] as const) {
      for (const [path, seed] of [DEVICES, METHODS].flatMap((one) =>
        [1, 2, 3, 4, 5].map((n) => [one, n] as const),
      )) {
        const told = await carriedOut([{ fault, method: 'POST', path }], {
          attemptsMax: 8,
          settings: { consistency: { lag: '15s' }, seed },
        });
        expect(told, `${fault} ${path}, seed ${seed}`).toMatchObject({ verdict: 'assigned' });
        expect(holderIn(told)).toEqual([ADA.id]);
      }
    }
  });
});

describe('a request that is delivered twice', () => {
  it.each([DEVICES, METHODS])('is so already, and not refused: %s', async (path) => {
    const told = await carriedOut([{ fault: 'duplicateDelivery', method: 'POST', path }]);
    expect(told).toMatchObject({ verdict: 'assigned', attempts: 2, effects: 2 });
    expect(told.states).toContain('already');
    expect(holderIn(told)).toEqual([ADA.id]);
  });
});

describe('a creation that is delivered twice, to a service that says of the second that the serial number exists', () => {
  it.each([400, 409] as const)(
    'with %d, is found although lists lag by a minute',
    async (duplicateSerialStatus) => {
      for (let seed = 1; seed <= 10; seed += 1) {
        const settings = { consistency: { lag: '60s' }, duplicateSerialStatus, seed };
        const told = await carriedOut([{ fault: 'duplicateDelivery', method: 'POST', path: DEVICES }], {
          attemptsMax: 8,
          settings,
        });
        expect(told, `seed ${seed}`).toMatchObject({ verdict: 'assigned' });
        expect(holderIn(told)).toEqual([ADA.id]);
      }
    },
  );
});

describe('a creation that is refused with words', () => {
  /** The service refuses to create anything, and says this. */
  const saying = (message: string): Options => ({
    between: (transport) => ({
      close: () => transport.close(),
      send: async (request) =>
        request.method === 'POST' && request.url.endsWith(DEVICES)
          ? {
              kind: 'answer',
              status: 400,
              headers: {},
              body: JSON.stringify({ error: { code: 'badRequest', message } }),
            }
          : transport.send(request),
    }),
  });

  it.each(['The serial number exists already.', 'A duplicate serial number.'])(
    'of another one is looked for, for a minute: %s',
    async (message) => {
      const told = await carriedOut([], saying(message));
      expect(told).toMatchObject({ verdict: 'rejected', attempts: 1 });
      expect(told.tookMs).toBeGreaterThanOrEqual(60_000);
    },
  );

  it('of something that does not exist is not held up', async () => {
    const told = await carriedOut([], saying("The property 'colour' does not exist on this type."));
    expect(told).toMatchObject({ verdict: 'rejected', attempts: 1 });
    expect(told.tookMs).toBeLessThan(30_000);
  });
});

describe('an answer that may pass', () => {
  it.each([
    ['a conflict of concurrency', 'conflict409', METHODS],
    ['a conflict of concurrency', 'conflict409', DEVICES],
    ['a token that is not visible yet', 'late404', METHODS],
  ] as const)('is tried again: %s (%s %s)', async (_what, fault, path) => {
    const told = await carriedOut([{ fault, method: 'POST', path, times: 2 }]);
    expect(told).toMatchObject({ verdict: 'assigned', attempts: 4, states: ['done', 'done'] });
  });

  it('is given up after so many tries as the job says, and the row is told so', async () => {
    const told = await carriedOut([{ fault: 'late404', method: 'POST', path: METHODS, times: 100 }], {
      attemptsMax: 3,
    });
    expect(told).toMatchObject({
      verdict: 'rejected',
      reason: 'given-up',
      attempts: 4,
      states: ['done', 'given-up'],
    });
    expect(holderIn(told)).toEqual([undefined]);
  });

  it('but may have had its effect is never told as a failure', async () => {
    const told = await carriedOut([{ fault: 'status500', method: 'POST', path: METHODS, times: 100 }], {
      attemptsMax: 3,
    });
    expect(told).toMatchObject({
      verdict: 'unknown',
      reason: 'answer-lost',
      attempts: 4,
      states: ['done', 'sent'],
    });
  });

  it('and takes effect after the last try is found in the end', async () => {
    const told = await carriedOut([{ fault: 'resetLate', method: 'POST', path: METHODS }], {
      attemptsMax: 1,
      settings: { lateBy: '90s', seed: 5 },
    });
    expect(told).toMatchObject({ verdict: 'assigned', effects: 2, writes: 2 });
    expect(holderIn(told)).toEqual([ADA.id]);
  });
});

describe('a refusal', () => {
  it('for good ends the row after one request, with what the service said', async () => {
    const full = Array.from({ length: 5 }, (_, n) => stockToken(`OLD${n}`, { assignedTo: ADA.id }));
    const told = await carriedOut([], { devices: full });
    expect(told).toMatchObject({
      verdict: 'rejected',
      reason: 'refused',
      attempts: 2,
      states: ['done', 'refused'],
    });
    expect(holderIn(told)).toEqual([undefined]);
  });

  it('because another user got the token meanwhile is a conflict', async () => {
    const told = await inVirtualTime(async (clock) => {
      const ledger = synchronousLedger(temporaryDirectory());
      const world = new RehearsedWorld(clock, { ledger, users: [ADA, BOB], devices: [stockToken('S1')] });
      const rows = [wanted(0, 'S1', ADA.userPrincipalName)];
      const session = world.session();
      await world.begin(session, rows);
      await world.emulator.handle({
        ...{ method: 'POST', path: `/beta/users/${BOB.id}/authentication/hardwareOathMethods` },
        ...{ headers: { 'content-type': 'application/json' }, body: '{"device":{"id":"id-S1"}}' },
      });
      await world.provision(session, rows);
      const verdicts = [await world.verdicts(session), await world.verdicts(undefined)].flat();
      await ledger.close();
      return { verdicts, holder: world.truth('S1')[0]?.holder };
    });
    // The same whether the lists say so or, when they were not read, the ledger.
    expect(told.verdicts.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['conflict', 'held-by-other'],
      ['conflict', 'held-by-other'],
    ]);
    expect(told.verdicts[1]?.detail).toContain(BOB.id);
    expect(told.holder).toBe(BOB.id);
  });
});

/** Two rows; the creation of the first loses its answer behind a list that lags, and then the permission goes. */
async function forbiddenAfterDoubt(fault: PlannedFault['fault'], lives: number) {
  return inVirtualTime(async (clock) => {
    const ledger = synchronousLedger(temporaryDirectory());
    const devices = [stockToken('S2')];
    const settings = { consistency: { lag: '60s' }, seed: 3 };
    const world: RehearsedWorld = new RehearsedWorld(clock, {
      ...{ ledger, users: [ADA, BOB], devices, settings },
      between: (transport, { halt }) => ({
        close: () => transport.close(),
        send: async (request) => {
          const result = await transport.send(request);
          if (request.method !== 'POST' || !request.url.endsWith(DEVICES)) return result;
          world.emulator.change(
            emulatorSettingsSchema.parse({ ...settings, permissions: { inventoryWrite: false } }),
          );
          if (lives > 1) halt.abort();
          return result;
        },
      }),
    });
    const rows = [wanted(0, 'S1'), wanted(1, 'S2', ADA.userPrincipalName)];
    let session = world.session();
    await world.begin(session, rows);
    world.emulator.plan({ fault, method: 'POST', path: DEVICES });
    for (let life = 0; life < lives; life += 1) {
      session = world.session();
      await world.provision(session, rows);
    }
    await world.emulator.settled();
    const told = await world.verdicts(world.session());
    await ledger.close();
    return { told: told[0], truth: world.truth('S1') };
  });
}

describe('a request that is forbidden after one in doubt', () => {
  it.each([1, 3])('is not told as unsent when the first had its effect (lives: %i)', async (lives) => {
    const { told, truth } = await forbiddenAfterDoubt('resetAfter', lives);
    expect(truth).toHaveLength(1);
    expect(told).toMatchObject({ verdict: 'in-inventory' });
  });

  it('and is unknown when no list shows an effect', async () => {
    const { told, truth } = await forbiddenAfterDoubt('resetBefore', 1);
    expect(truth).toEqual([]);
    expect(told).toMatchObject({ verdict: 'unknown', reason: 'answer-lost' });
    expect(told?.detail).toMatch(/403.*an earlier request is in doubt/);
  });
});

describe('a secret', () => {
  it('leaves in the body that creates its token, and in nothing else', async () => {
    const { world } = await carriedOut([{ fault: 'resetBefore', method: 'POST', path: DEVICES }]);
    const withSecret = world.transport.requests.filter(({ request }) =>
      JSON.stringify(request).includes('LEAKCANARY'),
    );
    expect(withSecret.map(({ request }) => `${request.method} ${request.url}`)).toEqual(
      Array.from(
        { length: 2 },
        () => `POST http://graph.test/beta/directory/authenticationMethodDevices/${DEVICES}`,
      ),
    );
    for (const { request } of withSecret) {
      expect(`${request.url} ${JSON.stringify(request.headers)}`).not.toContain('LEAKCANARY');
    }
  });
});
