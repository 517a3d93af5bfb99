// Taking back, replacing, deleting and creating again against the emulator: what the ledger says was done is what
// is true, under lost answers and stops as well, and nothing else is touched.

import { describe, expect, it } from 'vitest';
import type { SeedDevice } from '../../src/emulator/tenant.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { member, type RehearsedWorld, stockToken, wanted } from '../rehearsed-run.js';
import { inWorld, states, verdicts } from './scene.js';

const COUNT = 12;
const USERS = Array.from({ length: COUNT }, (_, n) => member(n));
const idOf = (n: number): string => USERS[n]?.id ?? '';

/** Each user holds a token OLDn; a token NEWn is in stock. */
const DEVICES: readonly SeedDevice[] = USERS.flatMap(({ id }, n) => [
  stockToken(`OLD${n}`, { assignedTo: id, status: 'activated' }),
  stockToken(`NEW${n}`),
]);

function rows(make: (n: number, user: string) => Partial<DesiredRow>): readonly DesiredRow[] {
  return USERS.map(({ userPrincipalName }, n) => {
    const { token: _token, ...row } = wanted(n, `OLD${n}`, userPrincipalName);
    return { ...row, ...make(n, userPrincipalName) };
  });
}

/** The truth of each token, in a word. */
function truth(world: RehearsedWorld, prefix: string): readonly string[] {
  return USERS.map((_, n) => {
    const [device] = world.truth(`${prefix}${n}`);
    if (device === undefined) return 'gone';
    return device.holder === undefined ? 'stock' : device.holder === idOf(n) ? 'own' : 'other';
  });
}

const all = (word: string): readonly string[] => Array<string>(COUNT).fill(word);

const LOST = [
  'resetAfter',
  'resetBefore',
  'garbage',
  'duplicateDelivery',
  'errorAfter',
  'late404',
  'conflict409',
] as const;

async function run(world: RehearsedWorld, wantedRows: readonly DesiredRow[]): Promise<void> {
  for (const fault of LOST) world.emulator.plan({ fault, method: 'DELETE', times: 2 });
  for (const fault of LOST) world.emulator.plan({ fault, method: 'POST', times: 1 });
  await world.provision(world.session(), wantedRows);
}

const SETTINGS = { consistency: { lag: '400ms' } } as const;

describe('under lost answers, doubled requests and a list that lags', () => {
  it('unassign brings each token back into the inventory', async () => {
    const wantedRows = rows(() => ({ action: 'unassign' }));
    await inWorld({ users: USERS, devices: DEVICES, rows: wantedRows, settings: SETTINGS }, async (world) => {
      await run(world, wantedRows);
      expect(truth(world, 'OLD')).toEqual(all('stock'));
      expect(await verdicts(world)).toEqual(all('in-inventory'));
    });
  });

  it('delete takes each token out of the inventory', async () => {
    const wantedRows = rows(() => ({ action: 'delete' }));
    await inWorld({ users: USERS, devices: DEVICES, rows: wantedRows, settings: SETTINGS }, async (world) => {
      await run(world, wantedRows);
      expect(truth(world, 'OLD')).toEqual(all('gone'));
      expect(await verdicts(world)).toEqual(all('deleted'));
      expect(truth(world, 'NEW')).toEqual(all('stock'));
    });
  });

  it('replace gives each user the new token, and takes the old one back', async () => {
    const wantedRows = rows((n) => ({ action: 'replace', serialNumber: `NEW${n}`, replaces: `OLD${n}` }));
    await inWorld({ users: USERS, devices: DEVICES, rows: wantedRows, settings: SETTINGS }, async (world) => {
      await run(world, wantedRows);
      expect(truth(world, 'OLD')).toEqual(all('stock'));
      expect(truth(world, 'NEW')).toEqual(all('own'));
      expect(await verdicts(world)).toEqual(all('assigned'));
    });
  });

  it('recreate puts a new token in the place of the old one, with another id', async () => {
    const devices = USERS.map(({ id }, n) => stockToken(`OLD${n}`, { assignedTo: id }));
    const wantedRows = USERS.map(({ userPrincipalName }, n) => ({
      ...wanted(n, `OLD${n}`, userPrincipalName),
      action: 'recreate' as const,
    }));
    const rules = { activation: 'computed' } as const;
    const scene = { users: USERS, devices, rows: wantedRows, settings: SETTINGS, rules };
    await inWorld(scene, async (world) => {
      await run(world, wantedRows);
      const { done = 0, already = 0 } = await states(world);
      expect(done + already).toBe(COUNT * 5);
      expect(truth(world, 'OLD')).toEqual(all('own'));
      // Only the secret of the manifest lets it be activated: it is the new one.
      expect(await verdicts(world)).toEqual(all('activated'));
      expect(world.truth('OLD0')[0]?.id).not.toBe('id-OLD0');
      expect(await world.ledger.recreated('emulator')).toEqual(
        new Set(USERS.map((_, n) => world.truth(`OLD${n}`)[0]?.id)),
      );
    });
  });

  it('a leaver gives back every token, and nobody else does', async () => {
    const devices = [
      ...DEVICES,
      ...[1, 2, 3].map((n) => stockToken(`MORE${n}`, { assignedTo: idOf(0), status: 'assigned' })),
    ];
    const wantedRows: readonly DesiredRow[] = [
      {
        ...{ n: 0, address: { file: 'leavers.csv', line: 2 }, serialNumber: '' },
        ...{ user: USERS[0]?.userPrincipalName ?? '', action: 'leave' },
      },
    ];
    await inWorld({ users: USERS, devices, rows: wantedRows, settings: SETTINGS }, async (world) => {
      world.emulator.plan({ fault: 'resetAfter', method: 'DELETE' });
      world.emulator.plan({ fault: 'duplicateDelivery', method: 'DELETE' });
      await world.provision(world.session(), wantedRows);
      expect(await verdicts(world)).toEqual(['in-inventory']);
      expect(world.emulator.truth().methods[idOf(0)]).toBeUndefined();
      expect(truth(world, 'OLD').slice(1)).toEqual(all('own').slice(1));
    });
  });
});

describe('a run that is stopped', () => {
  it.each([1, 5, 13, 21, 30, 47])('at write %i is carried on to the same end', async (stopAt) => {
    const devices = USERS.map(({ id }, n) => stockToken(`OLD${n}`, { assignedTo: id }));
    const wantedRows = USERS.map(({ userPrincipalName }, n) => ({
      ...wanted(n, `OLD${n}`, userPrincipalName),
      action: 'recreate' as const,
    }));
    await inWorld({ users: USERS, devices, rows: wantedRows, settings: SETTINGS }, async (world) => {
      const session = world.session();
      let writes = 0;
      await world.provision(session, wantedRows, {
        settled: async (record) => {
          writes += 1;
          // The process ends here: what became of the request is not recorded any more.
          if (writes >= stopAt) session.halt.abort();
          else await world.ledger.settled(record);
        },
      });
      await world.provision(world.session(), wantedRows);
      expect(truth(world, 'OLD')).toEqual(all('own'));
      expect(await verdicts(world)).toEqual(all('assigned'));
      const effects = world.emulator.truth().log.filter(({ write, effect }) => write && effect);
      expect(effects).toHaveLength(COUNT * 4);
    });
  });
});

describe('a token that was deleted and cannot be created again', () => {
  it('is reported as what it is, and the next run brings it back', async () => {
    const devices = [stockToken('OLD0', { assignedTo: idOf(0) })];
    const wantedRows = [{ ...wanted(0, 'OLD0', USERS[0]?.userPrincipalName), action: 'recreate' as const }];
    const between = (transport: Parameters<NonNullable<Parameters<typeof inWorld>[0]['between']>>[0]) => ({
      close: () => transport.close(),
      send: async (request: Parameters<typeof transport.send>[0]) =>
        request.method === 'POST' && request.url.endsWith('/hardwareOathDevices')
          ? ({ kind: 'answer', status: 400, headers: {}, body: '{"error":{"code":"badRequest"}}' } as const)
          : transport.send(request),
    });
    await inWorld({ users: USERS, devices, rows: wantedRows, between }, async (world) => {
      await world.provision(world.session(), wantedRows);
      const [verdict] = await world.verdicts(world.session());
      expect(verdict).toMatchObject({ verdict: 'rejected', reason: 'recreate-incomplete' });
      expect(verdict?.next).toContain('Run the job again');
    });
  });
});
