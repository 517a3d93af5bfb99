// By what one sees that a write is so already, and need not be sent again: the rule of each operation.

import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/graph/device.js';
import { OPERATIONS, WRITES } from '../../src/graph/endpoints/all.js';

const WANTED = { deviceId: 'd1', userId: 'ada', replacedId: '' };

function device(more: Partial<Device> = {}): Device {
  return {
    ...{ id: 'd1', serialNumber: 'S1', manufacturer: 'Contoso', model: 'C100', timeIntervalInSeconds: 30 },
    ...{
      hashFunction: 'hmacsha1',
      status: 'available',
      assignedToId: undefined,
      lastUsedDateTime: undefined,
    },
    ...more,
  };
}

const so = (deviceId = 'd1') => ({ kind: 'so', deviceId });
const notSo = { kind: 'not-so' };
const ofBob = { kind: 'held-by-other', holderId: 'bob' };

describe('it is so already', () => {
  it.each([
    ['create', 'nothing is shown', [], WANTED, notSo],
    ['create', 'there is one', [device()], WANTED, so()],
    ['create', 'there is only the one that is replaced', [device()], { ...WANTED, replacedId: 'd1' }, notSo],
    [
      'create',
      'there is one beside that',
      [device(), device({ id: 'd2' })],
      { ...WANTED, replacedId: 'd1' },
      so('d2'),
    ],
    ['assign', 'the token is not shown', [], WANTED, notSo],
    ['assign', 'nobody holds it, whatever the status', [device({ status: 'assigned' })], WANTED, notSo],
    ['assign', 'she holds it, whatever the status', [device({ assignedToId: 'ada' })], WANTED, so()],
    ['assign', 'somebody else holds it', [device({ assignedToId: 'bob' })], WANTED, ofBob],
    ['activate', 'it is only assigned', [device({ assignedToId: 'ada', status: 'assigned' })], WANTED, notSo],
    ['activate', 'it is', [device({ assignedToId: 'ada', status: 'activated' })], WANTED, so()],
    [
      'activate',
      'it is, of somebody else',
      [device({ assignedToId: 'bob', status: 'activated' })],
      WANTED,
      ofBob,
    ],
    ['unassign', 'it is among her methods', [device({ id: 'd2' }), device()], WANTED, notSo],
    ['unassign', 'it is not among her methods', [device({ id: 'd2' })], WANTED, so()],
    ['delete', 'it is shown', [device()], WANTED, notSo],
    ['delete', 'another with its serial number is shown', [device({ id: 'd2' })], WANTED, so()],
    ['delete', 'nothing is shown', [], WANTED, so()],
  ] as const)('for "%s" when %s', (kind, _what, shown, wanted, standing) => {
    expect(WRITES[kind].alreadySo.judge(shown, wanted)).toEqual(standing);
  });

  it('is a rule of each write of one token, and of nothing else', () => {
    const ruled = OPERATIONS.filter(({ alreadySo }) => alreadySo !== undefined).map(({ name }) => name);
    expect(ruled.toSorted()).toEqual(
      Object.values(WRITES)
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('is asked of two before a token is taken for gone', () => {
    expect(WRITES.delete.alreadySo.witnesses).toEqual(['device', 'serial-number']);
  });
});
