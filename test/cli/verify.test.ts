// Looking again until lists show what was done, within a deadline.

import { describe, expect, it } from 'vitest';
import { gatherEvidence } from '../../src/cli/verify.js';
import { Stopped } from '../../src/graph/limiter.js';
import type { HttpRequest, HttpResult } from '../../src/graph/transport.js';
import type { PlannedRow } from '../../src/plan/plan.js';
import type { Evidence, RowProgress } from '../../src/reconcile/reconcile.js';
import { answer, type Scripted, scripted } from '../graph/scripted.js';
import { planned, progress } from '../reconcile/rows.js';
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
    const evidence = await gatherEvidence(world.client, clock, [row], new Map([[0, known]]), deadlineMs);
    const requests = world.transport.requests.map(({ url }) =>
      url.endsWith('$batch') ? 'methods' : 'inventory',
    );
    return { evidence, requests, tookMs: clock.monotonicMs() };
  });
}

function holderIn({ evidence }: Looked): string | undefined {
  return evidence.devices.get('S1')?.[0]?.assignedToId;
}

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
