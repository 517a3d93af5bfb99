// Looking again until lists show what was done, within a deadline.

import { describe, expect, it } from 'vitest';
import { gatherEvidence } from '../../src/cli/verify.js';
import { MappedRows } from '../../src/compact/rows.js';
import { Stopped } from '../../src/graph/limiter.js';
import type { HttpRequest, HttpResult } from '../../src/graph/transport.js';
import type { PlannedRow } from '../../src/plan/plan.js';
import type { Evidence, RowProgress } from '../../src/reconcile/reconcile.js';
import { DeviceTable } from '../../src/tenant/device-table.js';
import type { Devices } from '../../src/tenant/observed.js';
import { answer, type Scripted, scripted } from '../graph/scripted.js';
import { device, planned, progress } from '../reconcile/rows.js';
import { inVirtualTime } from '../virtual-run.js';

const ROW = planned();
const STOCK_ROW = planned({ expect: 'in-inventory', user: '', userId: '', actions: ['create'] });

/** A tenant that shows the token in its inventory and with its user from these moments on. */
function tenant(nowMs: () => number, heldFromMs: number, methodFromMs = heldFromMs, listedFromMs = 0) {
  return ({ url }: HttpRequest): HttpResult => {
    const holder = nowMs() >= heldFromMs ? { assignedTo: { id: 'u-ada' } } : {};
    const listed = nowMs() >= listedFromMs ? [{ id: 'd1', serialNumber: 'S1', ...holder }] : [];
    if (!url.endsWith('$batch')) return answer(200, { value: [{ id: 'd0', serialNumber: 'S0' }, ...listed] });
    const value = nowMs() >= methodFromMs ? [{ id: 'd1' }] : [];
    return answer(200, { responses: [{ id: '0', status: 200, body: { value } }] });
  };
}

interface Looked {
  readonly evidence: Evidence;
  readonly requests: readonly string[];
  readonly tookMs: number;
}

function look(
  shows: { readonly held?: number; readonly method?: number; readonly listed?: number },
  {
    row = ROW,
    known = progress('done'),
    deadlineMs = 60_000,
  }: { row?: PlannedRow; known?: RowProgress; deadlineMs?: number } = {},
  before: (world: Scripted) => Promise<unknown> = async () => undefined,
): Promise<Looked> {
  return inVirtualTime(async (clock) => {
    const never = Number.POSITIVE_INFINITY;
    const { held = never, method = held, listed = 0 } = shows;
    const world = scripted(
      clock,
      tenant(() => clock.monotonicMs(), held, method, listed),
    );
    await before(world);
    const evidence = await gatherEvidence(world.client, clock, [row], new Map([[0, known]]), { deadlineMs });
    const requests = world.transport.requests.map(({ url }) =>
      url.endsWith('$batch') ? 'methods' : 'inventory',
    );
    return { evidence, requests, tookMs: clock.monotonicMs() };
  });
}

function holderIn({ evidence }: Looked): string | undefined {
  return evidence.devices.get('S1')?.[0]?.assignedToId;
}

describe('the shorter way', () => {
  /** What was planned: the token is there, and is to be given to its user. */
  const GIVEN = planned({ deviceId: 'd1', actions: ['assign'] });

  /** An inventory that took so many requests to list, with token `d1` and another one. */
  function inventory(pages: number): Devices {
    const table = new DeviceTable();
    for (const [id, serialNumber] of [
      ['d0', 'S0'],
      ['d1', 'S1'],
    ] as const) {
      table.add(device(id, serialNumber));
    }
    for (let page = 0; page < pages; page += 1) table.endPage();
    return table;
  }

  /** A tenant whose lists show token `d1` with its user; the user's own list as `method` says. */
  function shows(method: unknown) {
    return ({ url }: HttpRequest): HttpResult => {
      if (url.endsWith('$batch'))
        return answer(200, { responses: [{ id: '0', status: 200, body: { value: [method] } }] });
      return answer(200, { value: [{ id: 'd1', serialNumber: 'S1', assignedTo: { id: 'u-ada' } }] });
    };
  }

  const HELD = { id: 'd1', device: { id: 'd1', serialNumber: 'S1', status: 'assigned', manufacturer: 'C' } };

  async function lookFrom(
    before: Devices,
    method: unknown,
    row = GIVEN,
    known = progress('done'),
  ): Promise<{ readonly evidence: Evidence; readonly requests: readonly string[]; readonly said: string[] }> {
    return inVirtualTime(async (clock) => {
      const world = scripted(clock, shows(method));
      const said: string[] = [];
      const say = (text: string): number => said.push(text);
      const options = { deadlineMs: 60_000, before, say };
      const evidence = await gatherEvidence(world.client, clock, [row], new Map([[0, known]]), options);
      const requests = world.transport.requests.map(({ url }) =>
        url.endsWith('$batch') ? 'methods' : 'inventory',
      );
      return { evidence, requests, said };
    });
  }

  it('asks the users who were given tokens, when the inventory takes more requests, and says so', async () => {
    const { evidence, requests, said } = await lookFrom(inventory(3), HELD);
    expect(requests).toEqual(['methods']);
    expect(said).toEqual(["Verifying by users' own lists (1 request); the inventory would take 3."]);
    expect(evidence.devices.get('S1')).toMatchObject([
      { id: 'd1', status: 'assigned', assignedToId: 'u-ada' },
    ]);
    expect(evidence.devices.get('S0')).toMatchObject([{ id: 'd0', assignedToId: undefined }]);
    expect(evidence.devices.size).toBe(2);
  });

  it('holds a token that was created, too', async () => {
    const created = { id: 'd9', device: { id: 'd9', serialNumber: 'S9', status: 'assigned' } };
    const row = planned({ serialNumber: 'S9' });
    const known = progress('done', { deviceId: 'd9' });
    const { evidence, requests } = await lookFrom(inventory(3), created, row, known);
    expect(requests).toEqual(['methods']);
    expect(evidence.devices.get('S9')).toMatchObject([{ id: 'd9', assignedToId: 'u-ada' }]);
  });

  it('is the inventory, when that takes no more requests', async () => {
    const { requests, said } = await lookFrom(inventory(1), HELD);
    expect(requests).toEqual(['inventory']);
    expect(said).toEqual(["Verifying by the inventory (1 request); users' own lists would take no fewer."]);
  });

  it('is given up for the inventory as soon as that takes no more requests, whatever comes behind', async () => {
    await inVirtualTime(async (clock) => {
      let looked = 0;
      const rows = new MappedRows([...Array(1_000).keys()], (n): PlannedRow => {
        looked += 1;
        return planned({ n, userId: `u${n}`, deviceId: `d${n}`, actions: ['assign'] });
      });
      const given = new Map(rows.map(({ n }) => [n, progress('done')]));
      looked = 0;
      let told = '';
      const say = (text: string): never => {
        told = text;
        throw new Stopped('enough was seen');
      };
      const options = { deadlineMs: 0, before: inventory(3), say };
      const { client } = scripted(clock, shows(HELD));
      await expect(gatherEvidence(client, clock, rows, given, options)).rejects.toThrow(Stopped);
      expect(told).toBe("Verifying by the inventory (3 requests); users' own lists would take no fewer.");
      // The forty-first user needs a third batch.
      expect(looked).toBe(41);
    });
  });

  it.each([
    ['a user does not show the token', { id: 'd7', device: { id: 'd7', serialNumber: 'S1' } }],
    ['a user shows its id alone', { id: 'd1' }],
    ['a user does not show its status', { id: 'd1', device: { id: 'd1', serialNumber: 'S1' } }],
  ])('is followed by the inventory when %s', async (_what, method) => {
    const { evidence, requests, said } = await lookFrom(inventory(3), method);
    expect(requests).toEqual(['methods', 'inventory']);
    expect(said.at(-1)).toBe("Users' own lists do not show all of it; listing the inventory.");
    expect(evidence.devices.get('S1')?.[0]?.assignedToId).toBe('u-ada');
  });

  it.each([
    ['a token went to stock', planned({ expect: 'in-inventory', userId: '' }), progress('done')],
    ['something was taken back', planned({ targets: [null] }), progress('done')],
    ['a row was refused', GIVEN, progress('refused')],
    ['an answer was lost', GIVEN, progress('sent')],
  ])('is not taken when %s', async (_what, row, known) => {
    const { requests, said } = await lookFrom(inventory(3), HELD, row, known);
    expect(requests[0]).toBe('inventory');
    expect(said[0]).toMatch(/^Verifying by the inventory \(3 requests\): users' own lists do not show /);
  });
});

describe('the evidence', () => {
  it('is one list when it shows everything', async () => {
    const looked = await look({ held: 0 });
    expect(looked).toMatchObject({ requests: ['inventory'], tookMs: 0 });
    expect(holderIn(looked)).toBe('u-ada');
  });

  it('asks the user when the inventory disagrees', async () => {
    const looked = await look({ method: 0 });
    expect(looked).toMatchObject({ requests: ['inventory', 'methods'], tookMs: 0 });
    expect(looked.evidence.methods.get('u-ada')).toEqual([{ deviceId: 'd1' }]);
  });

  it('waits for what lags behind, longer each time', async () => {
    const looked = await look({ method: 6_000 });
    expect(looked.evidence.methods.get('u-ada')).toHaveLength(1);
    expect(looked.tookMs).toBe(7_000);
  });

  it('lists again for a token that was created: no user shows it', async () => {
    const looked = await look({ listed: 2_500 }, { row: STOCK_ROW });
    expect(looked.evidence.devices.get('S1')).toHaveLength(1);
    expect(looked.requests).toEqual(['inventory', 'inventory', 'inventory']);
  });

  it('ends at its deadline with what it has', async () => {
    const looked = await look({}, { deadlineMs: 45_000 });
    expect(holderIn(looked)).toBeUndefined();
    expect(looked.tookMs).toBe(45_000);
  });

  it.each<RowProgress['state']>(['refused', 'given-up', 'pending'])(
    'does not wait for a row that is %s',
    async (state) => {
      expect(await look({}, { known: progress(state) })).toMatchObject({
        requests: ['inventory'],
        tookMs: 0,
      });
    },
  );

  it('waits for a row whose answer was lost', async () => {
    const looked = await look({ method: 3_000 }, { known: progress('sent') });
    expect(looked.evidence.methods.get('u-ada')).toHaveLength(1);
  });

  it('is let go by a stop', async () => {
    const looking = look({}, {}, async ({ halt }) => {
      halt.abort();
    });
    await expect(looking).rejects.toBeInstanceOf(Stopped);
  });
});
