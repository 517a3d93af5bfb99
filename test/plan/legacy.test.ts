// Registrations of an older upload go only when the new token is the user's own, activated and seen in both lists.

import { describe, expect, it } from 'vitest';
import type { DesiredRow } from '../../src/manifest/row.js';
import { makePlan, type PlannedRow } from '../../src/plan/plan.js';
import type { PlanRules } from '../../src/plan/rules.js';
import type { HeldToken } from '../../src/tenant/methods.js';
import type { Device } from '../../src/tenant/observed.js';
import { device, line, TOKEN, tenant } from './tenant.js';

const NEW = device('d-new', 'S1', 'u-ada', 'activated');
const held = (deviceId: string, serialNumber = 'S1'): HeldToken => ({
  deviceId,
  device: device(deviceId, serialNumber, 'u-ada', 'activated'),
});

function planned(
  devices: readonly Device[],
  own: readonly HeldToken[] | undefined,
  row: DesiredRow,
  mode: PlanRules['mode'] = 'additive',
): PlannedRow | undefined {
  const observed = tenant(devices, own === undefined ? undefined : { 'u-ada': own });
  const [first] = makePlan([row], observed, { activation: 'user', removesLegacy: true, mode }).rows;
  return first;
}

const NOTHING: readonly PlannedRow['actions'][number][] = [];

describe('older registrations of a token', () => {
  it('are taken from the user and then deleted, each by its id', () => {
    const own = [held('d-new'), held('older'), held('oldest', ' s1'), held('another', 'S7')];
    expect(planned([NEW], own, line('S1', 'ada'))).toMatchObject({
      expect: 'activated',
      actions: ['unassign', 'delete', 'unassign', 'delete'],
      targets: ['older', 'older', 'oldest', 'oldest'].map((deviceId) => ({ deviceId, userId: 'u-ada' })),
    });
  });

  it('are none when the user has only the new one', () => {
    const row = planned([NEW], [held('d-new')], line('S1', 'ada'));
    expect(row).toMatchObject({ expect: 'activated', actions: NOTHING, already: 'activated' });
  });

  it.each<readonly [string, readonly Device[], readonly HeldToken[] | undefined, PlannedRow['already']]>([
    [
      'the new token is not activated yet',
      [device('d-new', 'S1', 'u-ada')],
      [held('d-new'), held('older')],
      'assigned',
    ],
    ["the user's own list does not show the new token", [NEW], [held('older')], 'activated'],
    ['nobody asked for the list of the user', [NEW], undefined, 'activated'],
  ])('stay while %s', (_what, devices, own, already) => {
    expect(planned(devices, own, line('S1', 'ada'))).toMatchObject({
      ...{ actions: NOTHING, already, expect: already },
    });
  });

  it.each<readonly [string, readonly Device[], PlanRules['mode']]>([
    ['nobody holds the new token', [device('d-new', 'S1')], 'additive'],
    ['the new token is not there', [], 'additive'],
    ['another user holds the new token', [device('d-new', 'S1', 'u-bob', 'activated')], 'exact'],
  ])('stay when %s, and the row says so', (_what, devices, mode) => {
    const own = [held('d-new'), held('older')];
    expect(planned(devices, own, line('S1', 'ada', { token: TOKEN }), mode)).toMatchObject({
      actions: NOTHING,
      decided: {
        verdict: 'invalid',
        reason: 'token-not-given',
        detail: 'The user does not hold the new token, so that older registrations were left alone.',
        next: 'Run the wave again; when the user holds the token, its second step removes what is older.',
      },
    });
  });

  it.each<readonly [string, DesiredRow, PlannedRow['already'], PlannedRow['expect']]>([
    ['puts a token into stock', line('S1'), 'in-inventory', 'in-inventory'],
    ['takes a token back', line('S1', 'ada', { action: 'unassign' }), 'in-inventory', 'returned'],
    ['deletes a token', line('S1', 'ada', { action: 'delete' }), 'deleted', 'absent'],
  ])('are not looked for by a row that %s', (_what, row, already, expectation) => {
    expect(planned([NEW], [held('d-new'), held('older')], row)).toMatchObject({
      ...{ actions: NOTHING, already, expect: expectation },
    });
  });
});
